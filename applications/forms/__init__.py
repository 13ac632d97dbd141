"""What is typed in the filing room, not what is permitted."""
