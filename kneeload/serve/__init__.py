"""The log as interactive pages: pages and forms over functions that live elsewhere.

Nothing here computes: it opens the log, calls what the command line and the reports call, and shows
it. What keeps it to its runner is in `security`, `sessions`, `pairing` and `listening`.
"""
