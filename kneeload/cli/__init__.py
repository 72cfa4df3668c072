"""The command line: parses, calls, prints; alone reads the clock, prints and exits."""
