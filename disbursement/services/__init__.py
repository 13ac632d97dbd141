"""What the money room does: one verb a function; given the actor and the time."""
