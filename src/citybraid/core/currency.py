"""Units as they are written, and currency: monetary units have a placeholder for the study's currency.

The currency follows from the study's region or is stated.
"""

import re
import unicodedata
from collections.abc import Mapping

from citybraid.core.rows.plan import RegionCurrency
from citybraid.core.tables import cached_with_tables, read_table

PLACEHOLDER = "{currency}"
"""Placeholder of the currency in a unit: no unit in code names one."""
CODE = re.compile(r"\b[A-Z]{3}\b")
"""A currency code of ISO 4217; no other part of a unit is three capital letters."""

POWER = re.compile(r"^([^\d\s^-]+)\^?(-?\d+(?:/\d+)?)?$")
"""A symbol with its exponent: m-2, h^-1, m1/2."""


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


def normal_unit(unit: str) -> tuple[str, ...]:
    """Return a unit as sorted powers of its symbols, whatever its spelling: kg/m² and kg m-2 agree.

    A currency counts as any other, since a study has its own.
    """
    text = (
        unicodedata.normalize("NFKC", without_currency(unit)[0].replace("⁻", "-")).replace("·", " ").replace("*", " ")
    )
    first, *divided = text.split("/") if not re.search(r"\d/\d", text) else [text]
    powers = [_power(part, 1) for part in first.split()]
    powers += [_power(part, -1) for each in divided for part in each.split()]
    return tuple(sorted(part for part in powers if part not in ("1", "-")))


def _power(symbol: str, sign: int) -> str:
    match = POWER.match(symbol)
    if match is None:
        return symbol
    exponent = match[2] or "1"
    if sign < 0:
        exponent = exponent[1:] if exponent.startswith("-") else f"-{exponent}"
    return f"{match[1]}{exponent}"
