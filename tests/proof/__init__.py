"""Long campaigns, one module each: script/proof NAME. A small seeded part of each runs in script/test."""
