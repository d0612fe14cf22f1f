"""Tables of the report and of pre-flight: maps, legends, units shown, measured errors and costs."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from citybraid.core.tables import EMPTY, Amount, Filled, Flag, Maybe, Positive, Row

Share = Annotated[float, Field(ge=0, le=1)]


class Legend(Row):
    """How a quantity is drawn."""

    TABLE: ClassVar[str] = "codes/legend"
    KEY: ClassVar[tuple[str, ...]] = ("var",)

    var: Filled
    """The quantity."""
    palette: Filled
    """The ramp of colours."""
    bounds: Annotated[str, Field(pattern=r"^(\d+(\.\d+)?( \d+(\.\d+)?)*)?$")]
    """Bounds between classes in the canonical unit, rising; empty for round numbers of the data."""
    floor: Maybe
    """Values below it are left white; empty for none."""
    street_pixel: Annotated[Positive | None, EMPTY]
    """Coarsest pixel of files at which the map can be read street by street [m]."""
    source: Filled
    """Where the bounds come from."""


class ReportMap(Row):
    """A quantity that a chapter of the report maps."""

    TABLE: ClassVar[str] = "codes/report_maps"
    KEY: ClassVar[tuple[str, ...]] = ("chapter", "var")

    chapter: Filled
    """The chapter."""
    var: Filled
    """The quantity."""
    shape: Literal["buildings", "parcels", "raster"]
    """On what it is drawn."""
    compare: Flag
    """1 where the alternatives' difference is drawn too."""


class DisplayUnit(Row):
    """How a canonical unit is shown in a system of units."""

    TABLE: ClassVar[str] = "codes/display_units"
    KEY: ClassVar[tuple[str, ...]] = ("unit", "system")

    unit: Filled
    """The canonical unit."""
    system: Literal["hectare", "planning", "si"]
    """The system of units."""
    shown: Filled
    """The unit shown."""
    factor: Positive
    """Shown is canonical times this, plus the offset."""
    offset: float
    """Added after the factor."""
    digits: Annotated[int, Field(ge=0, le=6)]
    """Decimals."""


class SubgridError(Row):
    """What coarse flood cells that know the fine ground were measured to miss."""

    TABLE: ClassVar[str] = "codes/subgrid_errors"
    KEY: ClassVar[tuple[str, ...]] = ("terrain", "step")

    terrain: Filled
    """The terrain."""
    cell: Positive
    """Fine cell [m]."""
    step: Annotated[int, Field(ge=2, le=4)]
    """Fine cells along the side of a coarse one."""
    rmse: Amount
    """Root mean square error of the greatest depth [m]."""
    bias: float
    """Mean error of the greatest depth [m]."""
    common: Share
    """Flooded area in both over flooded area in either [-]."""
    source: Filled
    """What measured it."""


class ModelCost(Row):
    """What a model was measured to take."""

    TABLE: ClassVar[str] = "codes/costs"
    KEY: ClassVar[tuple[str, ...]] = ("model",)

    model: Filled
    """Id of the model."""
    seconds_per_cell: Amount
    """CPU time per cell of the grid [s]."""
    seconds_per_row: Amount
    """CPU time per row of its tables [s]."""
    bytes_per_cell: Amount
    """Memory per cell of the grid [B]."""
