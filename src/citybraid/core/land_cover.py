"""Land covers that are water: codes marked so in the table of land covers, for every model, map and rule alike."""

from citybraid.core.rows.land import LandCover
from citybraid.core.tables import read_table, remembered

OPEN = "open"


@remembered
def water_covers() -> tuple[int, ...]:
    """Return the codes of covers that water stands on all year, open or overgrown: no flood is told there."""
    return tuple(int(row.code) for row in read_table(LandCover) if row.water)


@remembered
def open_water() -> tuple[int, ...]:
    """Return the codes of covers that are open water."""
    return tuple(int(row.code) for row in read_table(LandCover) if row.water == OPEN)
