"""What the portal costs, measured: `make bench`."""
