"""Rules: weeks and runs to flags; one pure function per rule, each with its source."""
