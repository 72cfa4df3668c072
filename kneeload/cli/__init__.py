"""The command line: parses, calls, prints; alone reads the clock, prints and exits."""

from kneeload.cli.program import main, program

__all__ = ["main", "program"]
