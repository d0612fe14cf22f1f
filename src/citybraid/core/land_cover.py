"""Water land covers: codes marked as water in the land cover table, for all models, maps and rules."""

from citybraid.core.rows.land import LandCover
from citybraid.core.tables import cached_with_tables, read_table

OPEN = "open"


@cached_with_tables
def water_covers() -> tuple[int, ...]:
    """Return the codes of permanent water covers, open or vegetated: no flood is reported there."""
    return tuple(int(row.code) for row in read_table(LandCover) if row.water)


@cached_with_tables
def open_water() -> tuple[int, ...]:
    """Return the codes of covers that are open water."""
    return tuple(int(row.code) for row in read_table(LandCover) if row.water == OPEN)
