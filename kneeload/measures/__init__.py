"""One activity to numbers: movement, intensity, knee load."""

from kneeload.measures.loads import with_loads
from kneeload.measures.references import References, references
from kneeload.measures.summary import Summary, summarise

__all__ = ["References", "Summary", "references", "summarise", "with_loads"]
