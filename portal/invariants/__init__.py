"""Things that hold, always: one small function an invariant, each yields a sentence for every breach it finds."""
