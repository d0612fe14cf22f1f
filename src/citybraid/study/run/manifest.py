"""The manifest of a run: what was asked, what was read, run and chosen; frozen, closed, with the number of its format.

Whoever reads a run reads these records. What an earlier format wrote is brought to this one by migration.py.
"""

from collections.abc import Mapping
from typing import Any, Literal

from odc.geo.geobox import GeoBox
from pydantic import BaseModel, ConfigDict

from citybraid.core.finding import Finding
from citybraid.core.step import Gap
from citybraid.sources.protocol.code_mapping import CodeMapping
from citybraid.sources.protocol.problem import Contradiction
from citybraid.sources.quality.trust import Trust
from citybraid.study.open.schema import About, Budget, StudyFile
from citybraid.study.plan.homes import grid_of, grid_record


class Record(BaseModel):
    """A frozen, closed part of a manifest."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)


class GridRecord(Record):
    """A grid: its CRS, the six numbers of its affine transform, rows and columns."""

    crs: str
    affine: tuple[float, float, float, float, float, float]
    shape: tuple[int, int]

    @classmethod
    def of(cls, grid: GeoBox) -> "GridRecord":
        """Return the record of a grid."""
        return cls.model_validate(grid_record(grid))

    @property
    def box(self) -> GeoBox:
        """The grid."""
        return grid_of(dict(self))

    @property
    def cell(self) -> float:
        """Side of a cell [m]."""
        return abs(self.affine[0])


class LayerRecord(Record):
    """A handle to a value: quantity, key, grid, and the labels on its outer axes."""

    var: str
    key: str
    grid: GridRecord | None
    at: tuple[tuple[str, str], ...]


class AlternativeRecord(Record):
    """A state of the plan area: its layers, the Steps in an order that runs, and models that could not run."""

    title: Mapping[str, str]
    layers: tuple[LayerRecord, ...]
    steps: tuple[str, ...]
    gaps: tuple[Gap, ...]


class StepRecord(Record):
    """A Step: what it read and made, by key; the factor rows it resolved, by digest; how it went."""

    model: str
    version: int
    name: str
    reads: tuple[str, ...]
    makes: tuple[str, ...]
    params: Mapping[str, Any]
    factors: Mapping[str, tuple[str, ...]]
    seconds: float
    residuals: Mapping[str, float]


class FactorRow(Record):
    """A row of a factor table as it was resolved; `carried` where it holds for another year than the study's."""

    factor: str
    key: str
    value: float
    unit: str
    status: str
    low: float | None
    high: float | None
    distribution: str
    region: str
    year_from: int | None
    year_to: int | None
    source: str
    note: str
    origin: str
    carried: bool


class PriceRecord(Record):
    """What a unit of a measure costs [CNY], its lifetime [year] and embodied carbon [kg], and where that comes from."""

    build: float
    upkeep: float
    lifetime: float
    present: float
    status: str
    carbon: float | None
    unit: str
    low: float | None
    high: float | None
    source: str
    note: str


class MemberRecord(Record):
    """A measure of the chosen portfolio with its parameters."""

    measure: str
    params: Mapping[str, Any]


class ChoiceRecord(Record):
    """What was chosen within the budget, what it costs [CNY] and embodies [kg], and what was not offered and why."""

    budget: Budget
    cost: float
    build_cost: float
    carbon: float | None
    candidates: tuple[str, ...]
    left_out: Mapping[str, Mapping[str, str]]
    unpriced: Mapping[str, tuple[str, ...]]
    prices: Mapping[str, PriceRecord]
    members: tuple[MemberRecord, ...]


class FilledRecord(Record):
    """How the rows of a quantity were filled: how many of how many, by which rules, and the columns that tell it."""

    rows: int
    of: int
    rules: Mapping[str, int]
    columns: Mapping[str, str]


class ImputationRecord(Record):
    """Filled values: how many draws of which seed, what was filled, what was drawn, and the keys of all of it."""

    draws: int
    seed: int
    filled: Mapping[str, FilledRecord]
    drawn: tuple[str, ...]
    keys: tuple[str, ...]


class UncertaintyRecord(Record):
    """The ensemble: how it was drawn, what it did not vary, and what is lacking where it could not be run."""

    runs: int = 0
    draws: int | None = None
    seed: int | None = None
    cell: float | None = None
    """Side of a cell that it was run on [m]."""
    not_varied: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    given: bool = False
    """Whether what was to be varied came with the files, so that no run could move it."""
    alternatives: tuple[str, ...] = ()


class BreakRecord(Record):
    """A missing link of the chain from an objective to its instrument."""

    text: str
    objective: str
    name: str


class ProblemRecord(Record):
    """A fault of a shape; `shape` is WKB in hexadecimal."""

    text: str
    layer: str
    row: str
    shape: str
    mended: bool
    values: Mapping[str, Any]


class Manifest(Record):
    """The account of a run."""

    format: Literal[2] = 2
    """Raised when a part is added, renamed or typed anew; migration.py then learns the step."""
    basis: str | None
    """Digest of all that the run was made of: what is asked, files, factors, program; None in runs that do not tell."""
    study: About
    asked: StudyFile
    store: str
    """Where the store lies, from the run's folder."""
    grid: GridRecord
    screening_grid: GridRecord
    files: Mapping[str, str]
    """Leaf key of each file."""
    findings: tuple[Finding, ...]
    problems: tuple[ProblemRecord, ...]
    contradictions: tuple[Contradiction, ...]
    mappings: tuple[CodeMapping, ...]
    trust: tuple[Trust, ...]
    homes: tuple[LayerRecord, ...]
    """What files and the study brought, before any alternative."""
    completeness: Mapping[str, float]
    """Share that files state, by quantity [-]."""
    origin: Mapping[str, tuple[str, ...]]
    """Entries of the study's files that a quantity rests on."""
    native: Mapping[str, float]
    """Coarsest pixel of the raster files behind a value [m], by key."""
    alternatives: Mapping[str, AlternativeRecord]
    steps: Mapping[str, StepRecord]
    factors: Mapping[str, FactorRow]
    executed: int
    """How many Steps were computed; the others were in the store."""
    versions: Mapping[str, str]
    partial: Mapping[str, Mapping[str, tuple[str, ...]]]
    """Parts that combined indicators do without, by alternative."""
    lacking: Mapping[str, Mapping[str, str]]
    """What indicators that were not computed lack, by alternative."""
    imputation: ImputationRecord
    uncertainty: UncertaintyRecord | None
    choice: ChoiceRecord | None
    chain: tuple[BreakRecord, ...]
    failing_in: str | None
    """The alternative whose failing parcels are told."""
    tables: tuple[str, ...] = ()
    """Names of the tables written beside it."""
