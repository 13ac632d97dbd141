"""The filing room under test."""
