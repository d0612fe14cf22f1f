"""Tables of the report and of pre-flight: maps, legends, units shown, measured errors and costs."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from citybraid.core.tables import EMPTY, Amount, Flag, NonEmpty, OptionalNumber, Positive, Row

Share = Annotated[float, Field(ge=0, le=1)]


class Legend(Row):
    """How a quantity is drawn."""

    TABLE: ClassVar[str] = "codes/legend"
    KEY: ClassVar[tuple[str, ...]] = ("var",)

    var: NonEmpty
    """The quantity."""
    palette: NonEmpty
    """The colour ramp."""
    bounds: Annotated[str, Field(pattern=r"^(-?\d+(\.\d+)?( -?\d+(\.\d+)?)*)?$")]
    """Class breaks in the canonical unit, ascending; empty for round numbers of the data."""
    classes: Literal["", "even"]
    """`even`: where equal steps would put most of the values into one class, classes of about equal counts."""
    floor: OptionalNumber
    """Values below it are left white; empty for none."""
    street_pixel: Annotated[Positive | None, EMPTY]
    """Coarsest pixel of files at which the map is valid at street level [m]."""
    better: Literal["", "less", "more"]
    """Which change is a gain: blue on maps of changes, its opposite red; empty where neither is."""
    least_span: Annotated[Positive | None, EMPTY]
    """Range below which values do not take the whole ramp and the map says how little they differ."""
    words: str
    """Texts that name the classes, numbered from the lowest, 1; empty where the range says all."""
    source: NonEmpty
    """Source of the class breaks."""


class ReportMap(Row):
    """A quantity that a chapter of the report maps."""

    TABLE: ClassVar[str] = "codes/report_maps"
    KEY: ClassVar[tuple[str, ...]] = ("chapter", "var")

    chapter: NonEmpty
    """The chapter."""
    var: NonEmpty
    """The quantity."""
    shape: Literal["buildings", "parcels", "raster", "streets"]
    """Geometry that it is drawn on."""
    compare: Flag
    """1 where the difference of alternatives is mapped too."""
    body: Flag
    """1 where the map stands in the body of the report, not in an appendix."""


class DisasterPhase(Row):
    """An indicator or a measure of one phase of a disaster."""

    TABLE: ClassVar[str] = "codes/disaster_phases"
    KEY: ClassVar[tuple[str, ...]] = ("phase", "kind", "name")

    phase: Literal["prevention", "preparedness", "response", "recovery"]
    """The phase."""
    kind: Literal["indicator", "measure"]
    """What the row names."""
    name: NonEmpty
    """Id of the indicator, or name of the measure."""


class DisplayUnit(Row):
    """How a canonical unit is shown in a system of units."""

    TABLE: ClassVar[str] = "codes/display_units"
    KEY: ClassVar[tuple[str, ...]] = ("unit", "system")

    unit: NonEmpty
    """The canonical unit."""
    system: Literal["hectare", "planning", "si"]
    """The system of units."""
    shown: NonEmpty
    """The unit shown."""
    factor: Positive
    """Displayed value = canonical value × factor + offset."""
    offset: float
    """Added after the factor."""
    digits: Annotated[int, Field(ge=0, le=6)]
    """Decimals."""


class SubgridError(Row):
    """Measured errors of coarse flood cells with subgrid terrain."""

    TABLE: ClassVar[str] = "codes/subgrid_errors"
    KEY: ClassVar[tuple[str, ...]] = ("terrain", "step")

    terrain: NonEmpty
    """The terrain."""
    cell: Positive
    """Fine cell [m]."""
    step: Annotated[int, Field(ge=2, le=4)]
    """Fine cells per side of a coarse cell."""
    rmse: Amount
    """Root mean square error of the maximum depth [m]."""
    bias: float
    """Mean error of the maximum depth [m]."""
    common: Share
    """Flooded area in both over flooded area in either [-]."""
    source: NonEmpty
    """Benchmark that measured it."""


class ModelCost(Row):
    """Measured cost of a model."""

    TABLE: ClassVar[str] = "codes/costs"
    KEY: ClassVar[tuple[str, ...]] = ("model",)

    model: NonEmpty
    """Id of the model."""
    seconds_per_cell: Amount
    """CPU time per cell of the grid [s]."""
    seconds_per_row: Amount
    """CPU time per row of its tables [s]."""
    bytes_per_cell: Amount
    """Memory per cell of the grid [B]."""
    bytes_per_input: Annotated[Amount | None, EMPTY]
    """Memory per cell and raster that it reads [B], which comes on top; empty for none."""
    mib: Annotated[Amount | None, EMPTY]
    """Memory whatever the grid, mostly of compiled kernels [MiB]; empty for none."""


class ExtraCost(Row):
    """Measured cost of a model that follows neither from cells nor from rows."""

    TABLE: ClassVar[str] = "codes/extra_costs"
    KEY: ClassVar[tuple[str, ...]] = ("model",)

    model: NonEmpty
    """Id of the model."""
    kernels: NonEmpty
    """Module of the kernels that it compiles, as flood.solver."""
    compile_seconds: Amount
    """CPU time to compile them, once on a machine [s]."""
    bytes_per_kept: Amount
    """Memory per cell and raster of a moment that it keeps [B]."""
    seconds_per_update: Amount
    """CPU time per cell and sweep over the grid [s]; 0 for a model that goes over it once."""
    bytes_per_row: Amount
    """Memory per row of its tables [B], as of hours of a year."""
