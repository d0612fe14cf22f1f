"""Errors for unknown names, with similar known names."""

from collections.abc import Iterable
from difflib import get_close_matches

from citybraid.core.errors import InputError

MOST = 12
"""Number of names listed where none is similar."""


class UnknownModelError(InputError, AttributeError):
    """No model has this name: an attribute that is missing, for Python as well."""


def near(name: str, known: Iterable[str]) -> list[str]:
    """Return known names similar to one; the first few where none is."""
    names = [str(each) for each in known]
    inside = [each for each in names if name and (name in each or each in name)]
    return get_close_matches(name, names, n=5) or inside[:MOST] or names[:MOST] or ["-"]
