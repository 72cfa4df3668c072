"""kneeload: training load beside knee pain, from the files a runner's watch already writes."""

__version__ = "0.1.0"
