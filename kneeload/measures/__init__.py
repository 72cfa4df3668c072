"""One activity to numbers: movement, intensity, knee load."""
