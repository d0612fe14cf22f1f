"""Shares of ways of treatment, checked: known names, none negative, one in sum."""

import math
from collections.abc import Iterable

from citybraid.core.errors import InputError
from citybraid.core.var import Factors

ROUNDING = 1e-6


def treatment_shares(shares: Factors, *, factor: str, known: Iterable[str]) -> dict[str, float]:
    """Return the share of each way of treatment.

    Raises InputError where a way is unknown, a share negative, or their sum not 1.
    """
    names = sorted(known)
    for way, share in shares.items():
        if way not in names:
            raise InputError("waste.unknown_treatment", factor=factor, key=way, known=names)
        not_negative(share, factor=factor, key=way)
    total = math.fsum(shares.values())
    if abs(total - 1.0) > ROUNDING:
        raise InputError("waste.share_sum", factor=factor, got=round(total, 6), keys=sorted(shares))
    return dict(shares)


def not_negative(value: float, *, factor: str, key: str) -> float:
    """Return a value; raises InputError where it is below 0."""
    if value < 0.0:
        raise InputError("waste.negative", factor=factor, key=key, got=value)
    return value


def share(factors: Factors, key: str, *, factor: str) -> float:
    """Return a share; raises InputError where there is no such row or it lies outside 0 to 1."""
    if key not in factors:
        raise InputError("factor.key_missing", factor=factor, key=key)
    if not 0.0 <= factors[key] <= 1.0:
        raise InputError("waste.no_share", factor=factor, key=key, got=factors[key])
    return factors[key]
