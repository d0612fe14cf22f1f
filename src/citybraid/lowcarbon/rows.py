"""Lookup of factor rows by the first match of several keys."""

from collections.abc import Iterable, Mapping

from citybraid.core.errors import InputError
from citybraid.core.var import Factors


def first_match(factors: Factors, keys: Iterable[str], *, factor: str) -> float:
    """Return the value of the first key that exists; raises InputError naming the first where none does."""
    candidates = tuple(keys)
    for key in candidates:
        if key in factors:
            return factors[key]
    raise InputError("factor.key_missing", factor=factor, key=candidates[0])


def value_or(factors: Factors, key: str, default: float) -> float:
    """Return the value of a key, or a default where there is no such row."""
    if key not in factors:
        return default
    return factors[key]


def zones(zone: str) -> tuple[str, ...]:
    """Return a climate zone and its parent zones: 3A, 3."""
    return tuple(zone[:length] for length in range(len(zone), 0, -1))


def rows_with_prefix(factors: Factors, prefix: str) -> Mapping[str, float]:
    """Return the rows whose key starts with a prefix, keyed by the rest of the key."""
    return {key.removeprefix(prefix): value for key, value in factors.items() if key.startswith(prefix)}
