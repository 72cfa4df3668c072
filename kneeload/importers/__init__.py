"""Bytes to activities: one module per format, one per account export, chosen by content."""
