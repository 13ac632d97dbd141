"""Who is written to when money moves, and in which words; one module per part of the way."""
