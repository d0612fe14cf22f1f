"""Parameters and protocol of the repairs, by which intake fills gaps in files."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Protocol

from pydantic import Field

from citybraid.core.factor import FactorBook, shipped
from citybraid.core.finding import Finding
from citybraid.core.model import Params
from citybraid.sources.protocol.imputation import Draw
from citybraid.sources.protocol.layers import Layers
from citybraid.sources.protocol.problem import Contradiction, Problem
from citybraid.sources.protocol.target import Target

Stage = Literal["geometry", "join", "area", "units", "use", "age", "form", "residents", "streets", "ground", "checks"]
STAGES: tuple[Stage, ...] = (
    "geometry", "join", "area", "units", "use", "age", "form", "residents", "streets", "ground", "checks",
)  # fmt: skip


UnknownCover = Literal["", "paved", "gap"]
"""How ground is read whose land cover no file tells: not stated, paved, or not at all."""


class Neighbourhood(NamedTuple):
    """Neighbourhood: radius [m] and maximum number of neighbours."""

    radius: float
    most: int


class Choices(Params):
    """Numerical choices of the rules; a study may change each."""

    unit_side: float = Field(500.0, gt=0)
    """Side of a planning unit where no file provides units [m]."""
    most_units: int = Field(100, ge=1)
    """Maximum number of planning units created by rule [-]."""
    unit_count: int | None = Field(None, ge=1, le=1000)
    """Number of planning units of equal area to cut instead of squares, where no file provides units."""
    use_stands_out: float = Field(1.1, ge=1.0, le=10.0)
    """Share of a use in a planning unit over its share of all units from which it gives the unit its profile [-]."""
    neighbourhood: float = Field(300.0, gt=0)
    """Radius within which buildings count as neighbours [m]."""
    neighbours: int = Field(15, ge=3)
    """Maximum number of donors per row, the nearest first [-]."""
    hole_cells: int = Field(25, ge=0)
    """Largest hole in the terrain that is filled from its rim [cell]."""
    cover_known: float = Field(0.5, gt=0, le=1)
    """Least share of the plan area that files must cover for a land cover composed of them [-]."""
    unknown_cover: UnknownCover = ""
    """How models read the rest: "paved", the conservative reading of floods, or "gap": none is composed where some
    ground is unknown. Not stated: as paved, and told as not chosen."""
    overlap: float = Field(1.0, ge=0)
    """Minimum footprint on a parcel that counts as built [m2]."""
    area_change: float = Field(1e-3, gt=0, lt=1)
    """Maximum relative area change of an unambiguous repair [-]."""
    least_area: float = Field(1e-2, ge=0)
    """Areas below this count as empty; overlaps below it as coordinate rounding [m2]."""
    needle_width: float = Field(0.05, gt=0)
    """A spike narrower than this at its base is a drawing error [m]."""
    needle_length: float = Field(0.5, gt=0)
    """A spike shorter than this is kept [m]."""
    sliver_width: float = Field(0.3, gt=0)
    """A shape whose mean width (twice the area over the perimeter) is less is a sliver [m]."""
    gap_width: float = Field(1.0, gt=0)
    """Ground between parcels narrower than this is a drawing gap, not a street [m]."""
    gap_area: float = Field(10.0, gt=0)
    """Ground enclosed by parcels and smaller than this is a drawing gap [m2]."""
    same_within: float = Field(0.05, gt=0)
    """Maximum distance between the edges of two versions of the same shape [m]."""
    footprint_overlap: float = Field(0.05, gt=0, le=1)
    """Minimum overlap of two buildings relative to the smaller footprint [-]."""
    across: float = Field(0.05, gt=0, lt=0.5)
    """Minimum share of a footprint on a second parcel for a building to cross the border [-]."""
    floor_area_off: float = Field(0.2, gt=0)
    """Relative tolerance of floor areas and ratios: footprint times floors ignores setbacks and voids [-]."""
    ratio_off: float = Field(0.1, ge=0)
    """Minimum absolute tolerance of floor-area ratios [-]."""
    built_short: float = Field(0.5, gt=0, lt=1)
    """Share of the stated floor area below which a built parcel lacks buildings or floors [-]."""
    density_off: float = Field(0.05, ge=0, lt=1)
    """Tolerance of building density above the stated one: roof overhangs, rounded outlines [-]."""
    other_use: float = Field(0.5, gt=0, lt=1)
    """Share of floor area in another use from which a parcel contradicts its land use [-]."""
    storeys_most: float = Field(170.0, gt=0)
    """Floor-area ratio over building density that no plan means: the highest building has 163 floors [storeys]."""
    height_off: float = Field(1.0, ge=0)
    """Tolerance of heights above a limit: parapets, rounding [m]."""
    shares_off: float = Field(0.005, ge=0, lt=1)
    """Rounding tolerance of green ratio plus density above 1 [-]."""
    area_off: float = Field(0.02, gt=0, lt=1)
    """Relative tolerance of stated areas: projections and rounding [-]."""
    population_off: float = Field(0.1, gt=0, lt=1)
    """Relative tolerance between population counts of different sources [-]."""
    plant_power_most: float = Field(20000.0, gt=0)
    """Electricity of a plant by the area of its plot that no industry reaches: 2.3 kW all year, twice the full sun
    [kWh m-2 year-1]."""
    footprint_most: float = Field(1e6, gt=0)
    """Ground that no building covers: twice the halls of the largest flower auction, half a square kilometre [m2]."""
    one_year: float = Field(0.9, gt=0.5, le=1)
    """Share of buildings with one and the same year from which the year is no year of completion [-]."""
    total_off: float = Field(0.001, ge=0, lt=1)
    """Relative tolerance of a sheet's total against the sum of its rows: rounding of each row [-]."""

    @property
    def near(self) -> Neighbourhood:
        """Neighbourhood for donor selection."""
        return Neighbourhood(self.neighbourhood, self.neighbours)


@dataclass(frozen=True)
class Rules:
    """The choices, and the factors with the region and year they are resolved for.

    `draws` is the number of random draws of imputed values; `draw` is the current one:
    the rules' own values where its number is 0.
    """

    target: Target
    choices: Choices = field(default_factory=Choices)
    book: FactorBook = field(default_factory=shipped)
    region: str = ""
    currency: str = ""
    year: int = 2025
    draws: int = 0
    draw: Draw = field(default_factory=Draw)

    def factor(self, name: str) -> Mapping[str, float]:
        """Return a factor's values by key."""
        return self.book.resolve(name, region=self.region, year=self.year)


class RepairResult(NamedTuple):
    """Result of a repair: layers, findings, located problems, and contradictions between statements."""

    layers: Layers
    findings: tuple[Finding, ...] = ()
    problems: tuple[Problem, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()


class Repair(Protocol):
    """Protocol of a repair module: its stage, the tables and rasters it reads, and its function.

    One that works on tables alone, without factors, may say FENCED = True: it then runs under the limits of readers.
    """

    STAGE: Stage
    READS: tuple[str, ...]

    @staticmethod
    def repair(layers: Layers, rules: Rules) -> RepairResult:
        """Return the repaired layers."""
