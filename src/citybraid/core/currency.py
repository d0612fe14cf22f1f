"""Currency: units of money hold a place for the currency of the study, which its region has or the study states."""

import re
from collections.abc import Mapping

from citybraid.core.rows.plan import RegionCurrency
from citybraid.core.tables import read_table, remembered

PLACE = "{currency}"
"""What stands in a unit for the currency: no unit in code names one."""
CODE = re.compile(r"\b[A-Z]{3}\b")
"""A currency's code as ISO 4217 writes it; no other part of a unit is three capitals."""


@remembered
def _rows() -> Mapping[str, str]:
    return {row.region: row.currency for row in read_table(RegionCurrency)}


def currencies() -> frozenset[str]:
    """Return the currencies of all regions that rows are for."""
    return frozenset(_rows().values())


def currency_of(region: str) -> str:
    """Return the currency of a region, that of the closest region around it; '' where no row tells."""
    rows, parts = _rows(), region.split("-")
    candidates = ("-".join(parts[:count]) for count in range(len(parts), 0, -1))
    return next((rows[name] for name in candidates if name in rows), "")


def in_currency(unit: str, currency: str) -> str:
    """Return a unit with the currency in its place; the word itself where it is not known ('')."""
    return unit.replace(PLACE, currency or "currency")


def without_currency(unit: str) -> tuple[str, str]:
    """Return a unit with the place of its currency, and the currency, '' where it names none."""
    code = CODE.search(unit)
    return (unit, "") if code is None else (CODE.sub(PLACE, unit), code[0])


def exchanged(unit: str) -> str:
    """Return the currency that a rate of exchange ("CNY EUR-1") leads to, '' for any other unit."""
    into = re.search(r"\b([A-Z]{3})(?!-)\b", unit)
    return into[1] if into and re.search(r"\b[A-Z]{3}-1\b", unit) else ""
