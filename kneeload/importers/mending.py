"""Characters that XML forbids, mended: they cost a name, never the run."""

from __future__ import annotations

import html
import re

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DOUBTFUL = re.compile(
    r"<!\[CDATA\[.*?\]\]>|<!--.*?-->"  # as they are: nothing in them is markup
    r"|&(?P<entity>#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|\w{1,32});"
    r"|&|<(?![\w:/!?])|<(?=\d)",
    re.DOTALL | re.ASCII,
)
_PREDEFINED = frozenset({"amp", "lt", "gt", "quot", "apos"})


def mended(content: bytes) -> bytes:
    """Return a document with its forbidden characters mended, in UTF-8.

    What is not UTF-8 is read as Windows-1252. Control characters and references to characters that
    XML forbids fall away, HTML's entities become their characters, and a bare ``&`` or ``<`` in a
    text is escaped. A document that is well-formed stays as it is.
    """
    text = content.decode() if is_utf8(content) else content.decode("cp1252", "replace")
    return _DOUBTFUL.sub(_escaped, _FORBIDDEN.sub("", text)).encode()


def is_utf8(content: bytes) -> bool:
    """Return whether a document is in UTF-8 throughout."""
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _escaped(match: re.Match[str]) -> str:
    name = match["entity"]
    if name is None:
        return {"&": "&amp;", "<": "&lt;"}.get(match[0], match[0])
    if name in _PREDEFINED:
        return match[0]
    # `unescape` gives U+FFFD, or nothing, for what no text may hold, and leaves unknown names
    character = _FORBIDDEN.sub("", html.unescape(match[0])).replace("\ufffd", "")
    return html.escape(character, quote=True)
