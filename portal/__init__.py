"""Volunteer and outreach coordination for county social-services agencies."""

__version__ = "0.1.0"
