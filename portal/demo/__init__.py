"""The demonstration: people, enterprises, calls and projects, brought to every state through the real services."""
