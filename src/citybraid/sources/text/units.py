"""Unit names in files and conversion factors to the units of Vars, alone (公顷) or composed (m³/公顷, kWh·m⁻²)."""

import math
import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from citybraid.core.currency import PLACEHOLDER
from citybraid.core.rows.intake import UnitName
from citybraid.core.tables import cached_with_tables, read_table

MULTIPLES: Mapping[str, float] = MappingProxyType(
    {
        "百": 1e2, "千": 1e3, "万": 1e4, "百万": 1e6, "千万": 1e7, "亿": 1e8, "thousand": 1e3, "million": 1e6,
        "000": 1e3, "'000": 1e3, "10k": 1e4, "ten thousand": 1e4,
    }
)  # fmt: skip
"""Words that multiply a unit, or stand for one alone: 千平方米, 人口(万)."""
COMPOSED: Mapping[str, tuple[float, Mapping[str, int]]] = MappingProxyType({
    "m2": (1.0, {"m": 2}), "m3": (1.0, {"m": 3}), "kW": (1.0, {"kWh": 1, "h": -1}), "GJ": (1 / 0.0036, {"kWh": 1}),
    "1": (1.0, {}), "year": (1.0, {"year": 1}),
})  # fmt: skip
"""Canonical units that others are made of: 1 GJ is 1/0.0036 kWh."""
PARTS: Mapping[str, float] = MappingProxyType({
    "0.1": 0.1, "0.01": 0.01, "0.001": 0.001, "1/10": 0.1, "1/100": 0.01, "1/1000": 0.001, "十分之一": 0.1,
    "百分之一": 0.01, "千分之一": 0.001, "tenths of": 0.1, "hundredths of": 0.01,
})  # fmt: skip
"""Parts of a unit that numbers are counted in, as weather services do: 0.1mm, 1/10 mm, tenths of mm."""
THOUSANDS: Mapping[str, float] = MappingProxyType({"1000": 1e3, "10000": 1e4, "000": 1e3, "'000": 1e3})
"""Thousands that things are counted in: 1000 m2, 000 persons; 1000 m or 100 years are no unit but a remark."""
COUNTED = ({"m": 2}, {"m": 3}, {"person": 1}, {"kWh": 1}, {"t": 1})
BEFORE = re.compile(
    rf"^({'|'.join(map(re.escape, sorted({**PARTS, **THOUSANDS}, key=len, reverse=True)))})\s*(?=[^\d\s])"
)
POWER = re.compile(r"^(?P<symbol>.*?[^\d^-])\^?(?P<power>-?\d)$")
DIVIDERS = re.compile(r"[/每]")
PRODUCTS = re.compile(r"[\s·*×]+")
VAGUE = frozenset("abcdefgijklnopqrstuvwxyz1-")
"""Parts of a text that do not tell that it is a unit, though some are names of one: A/B, R/C."""
LONGEST = 30
"""Longest unit [character]."""


class Measure(NamedTuple):
    """A unit as a multiple of powers of canonical units; the year of a yearly figure is left out where unstated."""

    factor: float
    powers: Mapping[str, int]


def normalize_unit(text: str) -> str:
    """Return a normalized unit name: half-width (㎡ is m2), lower case, stripped."""
    plain = unicodedata.normalize("NFKC", text.replace("°C", "degC").replace("⋅", "·")).replace("−", "-")
    return plain.strip().casefold().replace("²", "2")


@cached_with_tables
def _known() -> Mapping[str, tuple[str, float]]:
    return MappingProxyType({normalize_unit(row.text): (row.unit, row.factor) for row in read_table(UnitName)})


def is_known_unit(text: str) -> bool:
    """Tell whether a text is a known unit."""
    return normalize_unit(text) in _known()


def seems_unit(text: str) -> bool:
    """Tell whether a text states a unit, understood or not: a known one, one with a multiple, or a ratio of units."""
    plain = normalize_unit(text)
    if plain in _known() or measure(plain) is not None:
        return True
    parts = [part.strip("() 0123456789") if len(part) > 1 else part for part in DIVIDERS.split(plain)]
    return len(parts) > 1 and any(part not in VAGUE and _alone(part) for part in parts if part)


def dimension(text: str) -> str:
    """Return the canonical unit of a unit's dimension; '' where it is unknown."""
    return _known().get(normalize_unit(text), ("", 1.0))[0]


def conversion_factor(text: str, unit: str) -> float | None:
    """Return the conversion factor from a unit to a Var's unit; None where they are incompatible or unknown.

    A yearly quantity may leave out its year: kWh/m² for kWh m-2 year-1.
    """
    entry = _known().get(normalize_unit(text))
    if entry is not None and entry[0] == unit:
        return entry[1]
    if normalize_unit(text) == normalize_unit(unit):
        return 1.0
    got, wanted = measure(text), measure("元" if unit == PLACEHOLDER else unit)
    if got is None or wanted is None:
        return None
    yearly = {name: power for name, power in wanted.powers.items() if name != "year"} if len(wanted.powers) > 1 else {}
    return got.factor / wanted.factor if got.powers in (wanted.powers, yearly or wanted.powers) else None


def compatible_unit_names(unit: str) -> tuple[str, ...]:
    """Return the names of units that can be converted to a Var's unit."""
    return tuple(row.text for row in read_table(UnitName) if row.unit == unit)


def measure(text: str) -> Measure | None:
    """Return a unit as a multiple of powers of canonical units; None where a part of it is unknown."""
    if len(text) > LONGEST:
        return None
    if before := BEFORE.match(normalize_unit(text)):
        return _multiple(before[1], normalize_unit(text)[before.end() :])
    first, *below = DIVIDERS.split(normalize_unit(text).replace("year-1", "a-1"))
    parts = [(word, 1) for word in PRODUCTS.split(first.strip("() "))]
    parts += [(word, -1) for each in below for word in PRODUCTS.split(each.strip("() "))]
    factor, powers = 1.0, dict[str, int]()
    for word, sign in parts:
        if (unit := _part(word)) is None:
            return None
        factor *= unit.factor**sign
        for name, power in unit.powers.items():
            powers[name] = powers.get(name, 0) + sign * power
    return Measure(factor, {name: power for name, power in powers.items() if power})


def _multiple(number: str, unit: str) -> Measure | None:
    """Return a unit with a number before it: a part of any unit, thousands of what is counted."""
    unit_found = measure(unit)
    if unit_found is None or (number in THOUSANDS and unit_found.powers not in COUNTED):
        return None
    return unit_found._replace(factor=unit_found.factor * {**PARTS, **THOUSANDS}[number])


def _part(word: str) -> Measure | None:
    """Return one symbol with its power: m-2, ha, 万m2."""
    if unit := _alone(word):
        return unit
    match = POWER.match(word)
    base = _alone(match["symbol"]) if match else None
    if match is None or base is None:
        return None
    power = int(match["power"])
    return Measure(base.factor**power, {name: power * each for name, each in base.powers.items()})


def _alone(word: str) -> Measure | None:
    """Return a symbol as it stands, with a multiple before it or not."""
    entry = _known().get(word)
    for before, times in MULTIPLES.items():
        if entry is None and word.startswith(before) and (rest := _known().get(word.removeprefix(before).strip())):
            entry = rest[0], rest[1] * times
    if entry is None or not math.isfinite(entry[1]):
        return None
    unit, factor = entry
    if unit in COMPOSED:
        times, powers = COMPOSED[unit]
        return Measure(times * factor, powers)
    if " " in unit:
        made = measure(unit)
        return None if made is None else Measure(made.factor * factor, made.powers)
    return Measure(factor, {unit: 1})
