"""What every page must keep to, for the tests of each."""

import re

BANNED = (
    r"\bsafe\b|safely|all clear|\bno pain\b|pain[- ]free|probabilit|\brisk\b|damag|\bwear\b|"
    r"sweet spot|you can run|\bcauses?\b|\bcaused\b|predict|ibuprofen|paracetamol"
)
OWN = r"https://doi\.org/10\.|data:,$|#[\w-]+$|(?:\.\./)?(?:[\w-]+/)?[\w-]+\.html$"
PYTHON = r"\bNone\b|\bnan\b|\bNaT\b|\bTrue\b|Timestamp"


def seen(page: str) -> str:
    """Return what a reader of the page sees, and hears of its charts."""
    page = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    return re.sub(r"<[^>]*>", " ", page)


def faults(page: str) -> list[str]:
    """Return every word that no page may hold, and everything that asks for something outside."""
    text = seen(page)
    outside = re.findall(r'(?:src|href)="(?!#)([^"]+)"', page)
    foreign = [link for link in outside if not re.match(OWN, link)]
    active = re.findall(r"<script|<img|<iframe|<object|javascript:|@import|url\((?!#)", page)
    banned = re.findall(BANNED, text, re.IGNORECASE)
    return [*banned, *re.findall(PYTHON, text), *foreign, *active]
