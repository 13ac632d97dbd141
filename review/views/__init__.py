"""Pages of the review room, one module per audience."""
