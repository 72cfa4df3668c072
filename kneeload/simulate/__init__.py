"""Simulated runners, their activity files and their pain diaries.

One generator for samples, tests and benchmarks: the same seed gives the same runner, run by run
and byte by byte. Nobody's data went into it, and it stands outside the layers of the program.
"""
