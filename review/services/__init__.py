"""The deeds of the review room, by the desk that does them."""
