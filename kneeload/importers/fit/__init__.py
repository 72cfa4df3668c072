"""FIT files: a columnar reader, and fitparse as its reference and fallback."""
