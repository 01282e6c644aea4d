"""Outreach: from a request for a talk to a speaker, a calendar entry, and a count of people reached."""
