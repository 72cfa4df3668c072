"""What the runner says: how lines come in, and which run a score is of."""
