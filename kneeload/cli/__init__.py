"""The command line: parses and calls; besides `serve`, only it reads the clock, prints, exits."""

from kneeload.cli.program import main, program

__all__ = ["main", "program"]
