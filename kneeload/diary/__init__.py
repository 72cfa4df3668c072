"""What the runner says: how entries come in, and what they mean beside the runs of the log."""
