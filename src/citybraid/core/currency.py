"""Currency: monetary units have a placeholder for the study's currency, which follows from its region or is stated."""

import re
from collections.abc import Mapping

from citybraid.core.rows.plan import RegionCurrency
from citybraid.core.tables import cached_with_tables, read_table

PLACEHOLDER = "{currency}"
"""Placeholder of the currency in a unit: no unit in code names one."""
CODE = re.compile(r"\b[A-Z]{3}\b")
"""A currency code of ISO 4217; no other part of a unit is three capital letters."""


@cached_with_tables
def _rows() -> Mapping[str, str]:
    return {row.region: row.currency for row in read_table(RegionCurrency)}


def currencies() -> frozenset[str]:
    """Return the currencies of all known regions."""
    return frozenset(_rows().values())


def currency_of(region: str) -> str:
    """Return the currency of a region or of its closest parent region; '' where unknown."""
    rows, parts = _rows(), region.split("-")
    candidates = ("-".join(parts[:count]) for count in range(len(parts), 0, -1))
    return next((rows[name] for name in candidates if name in rows), "")


def in_currency(unit: str, currency: str) -> str:
    """Return a unit with the currency filled in; the word 'currency' where it is unknown ('')."""
    return unit.replace(PLACEHOLDER, currency or "currency")


def without_currency(unit: str) -> tuple[str, str]:
    """Return a unit with a currency placeholder, and its currency, '' where it has none."""
    code = CODE.search(unit)
    return (unit, "") if code is None else (CODE.sub(PLACEHOLDER, unit), code[0])


def exchange_target(unit: str) -> str:
    """Return the target currency of an exchange rate unit ("CNY EUR-1"), '' for any other unit."""
    into = re.search(r"\b([A-Z]{3})(?!-)\b", unit)
    return into[1] if into and re.search(r"\b[A-Z]{3}-1\b", unit) else ""
