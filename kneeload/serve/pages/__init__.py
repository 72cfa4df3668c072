"""The pages, a module for each topic."""

from __future__ import annotations

from kneeload.serve.pages import diary, doors, importing, pain, report_pages, review, setting_forms

BLUEPRINTS = (
    report_pages.pages,
    pain.pages,
    diary.pages,
    review.pages,
    setting_forms.pages,
    importing.pages,
    doors.pages,
)
