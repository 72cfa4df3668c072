"""Notices that stand on every page, written once."""

from __future__ import annotations

ASSOCIATION = "It shows load next to pain; association is not causation."
