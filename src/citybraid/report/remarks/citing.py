"""Sources and notes in reports: in the reader's language, sources with their status."""

from citybraid.core.text import cited_as
from citybraid.report.chapter import Text, words
from citybraid.report.view import named

ASSUMED = "assumed"
UNCONFIRMED = "to be confirmed"
"""Part of a source that names what of it was not verified."""


def cited(source: str) -> Text:
    """Return a source or a note in both languages; a reference, which is the same in both, as it is."""
    text = cited_as(source)
    return source if text is None else words(text)


def with_status(source: str, status: str) -> Text:
    """Return a source with its status, told once: not beside a source that says itself what is to be confirmed."""
    if UNCONFIRMED in source or (status == ASSUMED and ASSUMED in source):
        return cited(source)
    return words("annex.source_status", source=cited(source), status=named("status", status))
