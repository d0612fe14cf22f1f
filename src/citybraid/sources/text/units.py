"""Unit names in files and conversion factors to the units of Vars."""

import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

from citybraid.core.rows.intake import UnitName
from citybraid.core.tables import cached_with_tables, read_table


def normalize_unit(text: str) -> str:
    """Return a normalized unit name: half-width (㎡ is m2), lower case, stripped."""
    return unicodedata.normalize("NFKC", text.replace("°C", "degC")).strip().casefold().replace("²", "2")


@cached_with_tables
def _known() -> Mapping[str, tuple[str, float]]:
    return MappingProxyType({normalize_unit(row.text): (row.unit, row.factor) for row in read_table(UnitName)})


def is_known_unit(text: str) -> bool:
    """Tell whether a text is a known unit."""
    return normalize_unit(text) in _known()


def dimension(text: str) -> str:
    """Return the canonical unit of a unit's dimension; '' where it is unknown."""
    return _known().get(normalize_unit(text), ("", 1.0))[0]


def conversion_factor(text: str, unit: str) -> float | None:
    """Return the conversion factor from a unit to a Var's unit; None where they are incompatible."""
    entry = _known().get(normalize_unit(text))
    return entry[1] if entry is not None and entry[0] == unit else None


def compatible_unit_names(unit: str) -> tuple[str, ...]:
    """Return the names of units that can be converted to a Var's unit."""
    return tuple(row.text for row in read_table(UnitName) if row.unit == unit)
