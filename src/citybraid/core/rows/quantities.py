"""Tables about quantities of the vocabulary."""

from typing import ClassVar

from citybraid.core.tables import NonEmpty, Positive, Row, Status


class Ceiling(Row):
    """The most that a quantity can plausibly be where its declaration gives no upper end."""

    TABLE: ClassVar[str] = "codes/ceilings"
    KEY: ClassVar[tuple[str, ...]] = ("quantity", "unit", "on")

    quantity: str
    """The quantity; empty for all of the unit."""
    unit: NonEmpty
    """Its unit."""
    on: str
    """Its domain: a table, grid, time, or empty for a single number; * for every domain."""
    most: Positive
    """The ceiling, in the unit."""
    status: Status
    """Verification status."""
    source: NonEmpty
    """What makes it implausible to be more."""
