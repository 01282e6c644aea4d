"""Volunteer and outreach coordination for county social-services agencies."""

import gc

gc.set_threshold(50_000, 20, 20)  # else starting looks through all that was just made, 200 times

__version__ = "0.1.0"
