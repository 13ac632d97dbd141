"""The pages of the money room, one module per part of the way."""
