"""Paths to rows: files found, decoded and measured in workers, counted once."""
