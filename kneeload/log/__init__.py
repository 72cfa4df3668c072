"""The training log: one SQLite file that the runner owns; the only code that knows SQL."""
