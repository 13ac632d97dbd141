"""Template tags: the portal's components and formats, built into every template."""
