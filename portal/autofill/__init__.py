"""Proposing people for unfilled shifts: rules, a solver in a process of its own, and what becomes of it."""
