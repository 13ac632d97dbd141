"""Rows for tests, made as the portal makes them; one module per room."""
