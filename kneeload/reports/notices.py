"""Notices that stand on every page, written once."""

from __future__ import annotations

ASSOCIATION = (
    "It sets load beside pain; that two things went together does not show that one made the other."
)
