"""Home: what waits, and what is next."""
