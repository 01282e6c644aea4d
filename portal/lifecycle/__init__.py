"""Staying and leaving: letters, and who has not been here for long."""
