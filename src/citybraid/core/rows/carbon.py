"""Tables of greenhouse-gas accounts."""

from typing import ClassVar, Literal

from citybraid.core.tables import NonEmpty, Row, Status


class EmissionSector(Row):
    """A sub-sector of the inventory; its name is text sector.<id>."""

    TABLE: ClassVar[str] = "codes/emission_sectors"
    KEY: ClassVar[tuple[str, ...]] = ("id",)

    id: NonEmpty
    """The sub-sector."""
    group: Literal["stationary", "transport", "waste", "processes", "land"]
    """The sector that it belongs to: stationary energy, transport, waste, processes and products, agriculture and land.
    """
    gpc: NonEmpty
    """Its number in the Global Protocol for Community-Scale Inventories."""
    building_uses: str
    """Building uses whose energy is counted here, separated by spaces."""
    status: Status
    """Verification status of the row."""
    source: NonEmpty
    """Source."""
