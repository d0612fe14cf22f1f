"""Tables of numbers and sentences: factors and texts. A study may bring factors of its own with the same columns."""

from typing import ClassVar, Literal

from citybraid.core.tables import Filled, Maybe, Row, Status, Year


class FactorRow(Row):
    """A number with its parents."""

    TABLE: ClassVar[str] = "factors/"
    KEY: ClassVar[tuple[str, ...]] = ("factor", "key", "region", "year_from", "year_to")

    factor: Filled
    """The factor, as signatures of models name it."""
    key: str
    """What the value is for, with / between parts; empty where the factor is one number."""
    value: float
    """The value."""
    low: Maybe
    """The least that it may be; empty where not known."""
    high: Maybe
    """The most that it may be; empty where not known."""
    distribution: Literal["", "uniform", "triangular", "normal"]
    """How it is spread between low and high; of a normal one they are one standard deviation away."""
    unit: Filled
    """Its unit."""
    region: str
    """Where it holds (CN-ZJ before CN); empty for everywhere."""
    year_from: Year
    """First year that it holds in; empty for always."""
    year_to: Year
    """Last year that it holds in; empty for ever."""
    status: Status
    """How well it is known."""
    source: str
    """Where it comes from."""
    note: str
    """What else is to be said."""


class TextRow(Row):
    """A sentence that people read."""

    TABLE: ClassVar[str] = "texts/"
    KEY: ClassVar[tuple[str, ...]] = ("id",)

    id: Filled
    """Its id: group and name."""
    en: Filled
    """In English, with {placeholders}."""
    zh: Filled
    """In Chinese, with the same placeholders."""
