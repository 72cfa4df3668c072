"""How the documentation is built: sphinx-build -c docs . site, from the repository's top."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parent))

import generated

import kneeload

if TYPE_CHECKING:
    from sphinx.application import Sphinx

project = "kneeload"
author = "The kneeload developers"
version = release = kneeload.__version__
project_copyright = author

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
root_doc = "docs/index"
include_patterns = ["docs/**", "notebooks/*.ipynb", "CONTRIBUTING.md", "CHANGELOG.md"]
exclude_patterns = [".*", "build", "dist", "site"]

myst_heading_anchors = 3
myst_enable_extensions = ["attrs_inline"]
nb_execution_mode = "force"
nb_execution_in_temp = True
nb_execution_raise_on_error = True
nb_execution_timeout = 120
# A page can only name the chart that answers back: what draws it comes with Jupyter.
suppress_warnings = ["mystnb.unknown_mime_type"]

highlight_language = "none"
default_role = "literal"
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
python_use_unqualified_type_names = True
# Types are linked by `nearby` where a page tells them; other packages' need a network.
nitpick_ignore_regex = [("py:.*", ".*")]

html_theme = "furo"
html_static_path = ["site.css"]
html_css_files = ["site.css"]
html_title = f"kneeload {version}"
html_copy_source = False
html_show_copyright = False
html_show_sourcelink = False

FRONT = '<!doctype html><title>kneeload</title><meta http-equiv="refresh" content="0; url={}">\n'


def front(app: Sphinx, failed: Exception | None) -> None:
    """Let the folder itself lead to the first page."""
    if not failed and app.builder.format == "html":
        first = app.builder.get_target_uri(root_doc)
        Path(app.outdir, "index.html").write_text(FRONT.format(first), encoding="utf-8")


def nearby(app: Sphinx, env: Any, node: Any, inner: Any) -> Any:
    """Link a type named without its module, as annotations name it, where there is but one."""
    told = env.domains["py"]
    names = [name for name in told.objects if name.rpartition(".")[2] == node["reftarget"]]
    if node["refdomain"] != "py" or len(names) != 1:
        return None
    known = (app.builder, node["reftype"], names[0], node, inner)
    return told.resolve_xref(env, node["refdoc"], *known)


def setup(app: Sphinx) -> dict[str, Any]:
    """Fill what is generated into the pages as they are read."""
    app.connect("source-read", lambda _app, _page, text: generated.fill(text))
    app.connect("missing-reference", nearby)
    app.connect("build-finished", front)
    return {"parallel_read_safe": True}
