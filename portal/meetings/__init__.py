"""Meetings and socials: people are invited and answer, the time is theirs, and it is not hours."""
