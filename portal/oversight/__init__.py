"""Overseeing: reading who did what."""
