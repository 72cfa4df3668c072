"""The SQLite file: the only code that knows SQL."""
