"""The runner's diary: what scores and notes mean beside the runs of the log."""
