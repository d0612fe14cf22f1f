"""Water land covers: codes marked as water in the land cover table, for all models, maps and rules."""

from citybraid.core.rows.land import LandCover
from citybraid.core.tables import read_table, remembered

OPEN = "open"


@remembered
def water_covers() -> tuple[int, ...]:
    """Return the codes of permanent water covers, open or vegetated: no flood is reported there."""
    return tuple(int(row.code) for row in read_table(LandCover) if row.water)


@remembered
def open_water() -> tuple[int, ...]:
    """Return the codes of covers that are open water."""
    return tuple(int(row.code) for row in read_table(LandCover) if row.water == OPEN)
