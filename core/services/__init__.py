"""Deeds of the ground floor: corrections of issued papers."""
