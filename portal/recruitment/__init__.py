"""Recruitment: from a public opportunity to an application, its review, and a role."""
