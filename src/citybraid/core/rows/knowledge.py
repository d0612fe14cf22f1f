"""Tables of factors and texts. A study may have a factor table of its own with the same columns."""

from typing import ClassVar, Literal

from citybraid.core.tables import NonEmpty, OptionalNumber, Row, Status, Year


class FactorRow(Row):
    """A number with its source."""

    TABLE: ClassVar[str] = "factors/"
    KEY: ClassVar[tuple[str, ...]] = ("factor", "key", "region", "year_from", "year_to")

    factor: NonEmpty
    """Name of the factor in model signatures."""
    key: str
    """Key of the value, with / between parts; empty where the factor is a single number."""
    value: float
    """The value."""
    low: OptionalNumber
    """Lower bound; empty where unknown."""
    high: OptionalNumber
    """Upper bound; empty where unknown."""
    distribution: Literal["", "uniform", "triangular", "normal"]
    """Distribution between low and high; for a normal one they are one standard deviation away."""
    unit: NonEmpty
    """Its unit."""
    region: str
    """Region where it is valid (CN-ZJ before CN); empty for everywhere."""
    year_from: Year
    """First valid year; empty for unlimited."""
    year_to: Year
    """Last valid year; empty for unlimited."""
    status: Status
    """Verification status."""
    source: str
    """Source."""
    note: str
    """Remarks."""


class TextRow(Row):
    """A user-facing text."""

    TABLE: ClassVar[str] = "texts/"
    KEY: ClassVar[tuple[str, ...]] = ("id",)

    id: NonEmpty
    """Its id: group and name."""
    en: NonEmpty
    """In English, with {placeholders}."""
    zh: NonEmpty
    """In Chinese, with the same placeholders."""
