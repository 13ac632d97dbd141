"""Rows of the filing room, and for whom."""
