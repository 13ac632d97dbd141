"""What the money room's pages list; every list starts from visible_to."""
