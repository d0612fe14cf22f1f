"""What a call warns of in Python: a message in both languages, at the line of the user who called."""

import warnings
from collections.abc import Iterable

from citybraid.core.finding import Finding
from citybraid.core.text import CATALOGUE_LANGUAGES, Phrase, say

FROM_HERE = 2
"""Frames from the warning to the function that tells: this module's own, and the caller."""


def tell(phrases: Iterable[Phrase], *, above: int) -> None:
    """Warn of each phrase at the line that lies `above` functions over the one that tells."""
    for phrase in phrases:
        text = " ".join(say(phrase.text, language, **phrase.values) for language in CATALOGUE_LANGUAGES)
        warnings.warn(text, UserWarning, stacklevel=FROM_HERE + above)


def phrases_of(findings: Iterable[Finding]) -> Iterable[Phrase]:
    """Yield what each finding says, as a phrase."""
    for each in findings:
        yield Phrase(each.text, {"layer": each.layer, "count": each.count, **each.values})
