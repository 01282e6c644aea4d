"""Swapping shifts: a board per program, on which people offer a shift for another one."""
