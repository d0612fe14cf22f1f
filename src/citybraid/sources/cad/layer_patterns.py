"""Patterns of layer names in drawings."""

from collections.abc import Iterable
from fnmatch import fnmatchcase

SEPARATOR = ","
"""Between several patterns in one, as in the filters of drawing programs: names of layers cannot hold it."""


def matches_layer(name: str, patterns: Iterable[str]) -> bool:
    """Return whether a layer's name matches one of the patterns, ignoring case; one may list several, with commas."""
    sought = name.casefold()
    return any(fnmatchcase(sought, each.casefold()) for pattern in patterns for each in listed(pattern))


def listed(pattern: str) -> tuple[str, ...]:
    """Return the patterns that one lists."""
    return tuple(each.strip() for each in pattern.split(SEPARATOR))
