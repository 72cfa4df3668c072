"""Charts of load and pain: frames in, plain matplotlib figures out, no pyplot, no global state."""

from __future__ import annotations
