"""The pages, a module for each topic."""

from __future__ import annotations

from kneeload.serve.pages import diary, doors, importing, pain, review, settings, weeks

BLUEPRINTS = (
    weeks.pages,
    pain.pages,
    diary.pages,
    review.pages,
    settings.pages,
    importing.pages,
    doors.pages,
)
