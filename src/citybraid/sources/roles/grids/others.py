"""Every other raster: its range of values follows from its Var."""

from functools import partial

from citybraid.core.rows.intake import FileRole
from citybraid.core.tables import read_table
from citybraid.core.var import Var
from citybraid.sources.protocol.quantities import INTERMEDIATE, RASTER_AXES, raster_var, vocabulary
from citybraid.sources.protocol.role import Pixels, Role


def fits(var: Var, low: float, high: float, *, whole: bool) -> bool:
    """Return whether values are plausible for a quantity: integers up to its last class, or shares within 0 and 1."""
    if var.kind == "int":
        return whole and low >= 0 and 1 < high <= var.le
    return (low >= 0 and high <= 1) if (var.ge, var.le) == (0, 1) else True


def _roles() -> tuple[Role, ...]:
    listed = {row.role for row in read_table(FileRole)}
    names = dict.fromkeys([*(var.name for var in INTERMEDIATE), *vocabulary()])
    rasters = [var for name in names if (var := raster_var(name)) is not None]
    return tuple(
        Role(
            var.name,
            "raster",
            single=var.name not in RASTER_AXES,
            known=var.name in listed,
            pixels=Pixels(partial(fits, var)),
        )
        for var in rasters
    )


ROLES = _roles()
