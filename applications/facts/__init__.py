"""What is true of a filing: read and worked out, never written."""
