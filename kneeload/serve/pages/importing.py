"""Import by dropping files on the page, and see how far it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from flask import Blueprint, Response, make_response, request

from kneeload.errors import EntryError, KneeloadError
from kneeload.importers.discover import count
from kneeload.serve.pages.review import base_name
from kneeload.serve.rendering import show
from kneeload.serve.visits import act_once, only_editors, the_serving

if TYPE_CHECKING:
    from kneeload.ingest.measure import ImportSummary
    from kneeload.serve.serving import Serving
    from kneeload.serve.uploads import Job

pages = Blueprint("importing", __name__)
REFRESH_S = 2
SHOWN = 20


@pages.get("/import")
def importing() -> Response:
    """Show the form, or how far the import is; while it runs, the page asks again by itself."""
    only_editors()
    serving = the_serving()
    job = serving.uploads.job
    with serving.look() as log:
        page = show(
            "import.html",
            log,
            job=job,
            results=_results(job) if job and job.summary else [],
        )
    answer = make_response(page)
    if job and job.is_running:
        answer.headers["Refresh"] = str(REFRESH_S)
    return answer


@pages.post("/import")
def start() -> Response:
    """Import what was sent."""
    only_editors()
    return act_once(_start)


def _start() -> str:
    serving = the_serving()
    names = {}
    for sent in request.files.getlist("files"):
        if sent.filename:
            path = str(getattr(sent.stream, "name", ""))
            sent.close()
            names[path] = base_name(sent.filename)[:80]
    if not names:
        raise EntryError("choose at least one file")
    serving.uploads.start(names, lambda job: _work(serving, job))
    return "/import"


def _work(serving: Serving, job: Job) -> None:
    """Import the files of a job; what fails is told without a path."""
    paths = [Path(name) for name in job.names]
    try:
        job.total = count(paths)
        with serving.open() as log:
            job.summary = log.ingest(
                paths,
                now=serving.clock(),
                jobs=1,
                progress=lambda files: serving.uploads.advance(job, files),
            )
    except KneeloadError:
        job.problem = (
            "kneeload could not write to the log. Everything imported so far has been saved."
        )


def _results(job: Job) -> list[tuple[str, list[str]]]:
    """Return what became of the files, under the names that they came with."""
    summary = cast("ImportSummary", job.summary)
    groups = {
        "Duplicates": summary.duplicates,
        "Skipped": summary.skipped,
        "Failed": summary.failed,
        "Warnings": summary.warnings,
    }
    return [
        (
            title,
            [f"{_file_label(entry['path'], job)}: {entry['reason']}" for entry in entries[:SHOWN]],
        )
        for title, entries in groups.items()
        if entries
    ]


def _file_label(path: str, job: Job) -> str:
    """Return the name of a file as it came, and the name within it; no folder of this machine."""
    outer, _, inner = path.partition("!")
    name = job.names.get(outer, base_name(outer))
    return f"{name}, {base_name(inner)}" if inner else name
