"""Whose turn it is: slow work before a transaction, a little at a time."""

from anyio import CapacityLimiter

HASHING = CapacityLimiter(1)
"""Preparing runs one at a time in a process, so that password hashing cannot take every core."""


READING = CapacityLimiter(1)
"""The turn of files that the reader looks at: beside hashing, so that a photo keeps no one from signing in."""
