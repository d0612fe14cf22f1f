"""Names that are not there, told with those that come near."""

from collections.abc import Iterable
from difflib import get_close_matches

from citybraid.core.errors import InputError

MOST = 12
"""Names that are told where none comes near."""


class UnknownModelError(InputError, AttributeError):
    """No model has this name: an attribute that is missing, for Python as well."""


def near(name: str, known: Iterable[str]) -> list[str]:
    """Return the known names that come near one; the first few where none does."""
    names = [str(each) for each in known]
    inside = [each for each in names if name and (name in each or each in name)]
    return get_close_matches(name, names, n=5) or inside[:MOST] or names[:MOST] or ["-"]
