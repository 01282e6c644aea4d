"""Kiosks: a device at a location where people check in."""
