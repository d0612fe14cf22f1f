"""Patterns of layer names in drawings."""

from collections.abc import Iterable
from fnmatch import fnmatchcase


def matches_layer(name: str, patterns: Iterable[str]) -> bool:
    """Return whether a layer's name matches one of the patterns, ignoring case."""
    return any(fnmatchcase(name.casefold(), pattern.casefold()) for pattern in patterns)
