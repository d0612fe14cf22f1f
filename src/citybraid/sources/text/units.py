"""Units as files write them, and the factor that brings their numbers to a Var's unit."""

import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

from citybraid.core.rows.intake import UnitName
from citybraid.core.tables import read_table, remembered


def spelled(text: str) -> str:
    """Return a unit as compared: half-width (㎡ is m2), lower case, no spaces around."""
    return unicodedata.normalize("NFKC", text.replace("°C", "degC")).strip().casefold().replace("²", "2")


@remembered
def _known() -> Mapping[str, tuple[str, float]]:
    return MappingProxyType({spelled(row.text): (row.unit, row.factor) for row in read_table(UnitName)})


def known(text: str) -> bool:
    """Tell whether a text is the name of a unit."""
    return spelled(text) in _known()


def dimension(text: str) -> str:
    """Return the canonical unit that a unit is a multiple of; '' where it is unknown."""
    return _known().get(spelled(text), ("", 1.0))[0]


def factor(text: str, unit: str) -> float | None:
    """Return what numbers in a unit are multiplied by to be in a Var's unit; None where the two do not fit."""
    found = _known().get(spelled(text))
    return found[1] if found is not None and found[0] == unit else None


def names(unit: str) -> tuple[str, ...]:
    """Return the names of the units that can be brought to a Var's unit."""
    return tuple(row.text for row in read_table(UnitName) if row.unit == unit)
