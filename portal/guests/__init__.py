"""Open events: shifts to which anyone may come once, without an account."""
