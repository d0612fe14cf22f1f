"""Sources as each language says them: what is more than a reference is a text of its own."""

from collections.abc import Mapping
from functools import cache

from citybraid.core.text import catalogue
from citybraid.report.chapter import Text, words
from citybraid.report.view import named

ASSUMED = "assumed"
UNCONFIRMED = "to be confirmed"
"""Part of a source that names what of it was not verified."""
GROUP = "cited."
"""Beginning of the texts whose English is the source of an indicator or a control."""


def cited(source: str) -> Text:
    """Return a source in both languages; a reference, which is the same in both, as it is."""
    text = _texts().get(source)
    return source if text is None else words(text)


def with_status(source: str, status: str) -> Text:
    """Return a source with its status, told once: not beside a source that says itself what is to be confirmed."""
    if UNCONFIRMED in source or (status == ASSUMED and ASSUMED in source):
        return cited(source)
    return words("annex.source_status", source=cited(source), status=named("status", status))


@cache
def _texts() -> Mapping[str, str]:
    return {said["en"]: text for text, said in catalogue().items() if text.startswith(GROUP)}
