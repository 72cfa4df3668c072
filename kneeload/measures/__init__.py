"""One activity to numbers: movement, intensity, knee load."""

from kneeload.measures.summary import Summary, summarise

__all__ = ["Summary", "summarise"]
