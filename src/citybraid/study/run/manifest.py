"""The manifest of a run: its request, inputs, Steps and choice; frozen, closed, with a format number.

A run is read through these records; migration.py brings earlier formats to this one.
"""

from collections.abc import Mapping
from typing import Any, Literal

from odc.geo.geobox import GeoBox

from citybraid.core.finding import Finding
from citybraid.core.step import Gap
from citybraid.core.wording.documented import Documented
from citybraid.sources.protocol.code_mapping import CodeMapping
from citybraid.sources.protocol.problem import Contradiction
from citybraid.sources.quality.trust import LayerQuality
from citybraid.study.open.budget import Budget
from citybraid.study.open.schema import StudyFile, StudyInfo
from citybraid.study.plan.homes import grid_of, grid_record


class Record(Documented):
    """A frozen, closed part of a manifest."""


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
    """A state of the plan area: its layers, its Steps in topological order, and models that could not run."""

    title: Mapping[str, str]
    layers: tuple[LayerRecord, ...]
    steps: tuple[str, ...]
    gaps: tuple[Gap, ...]


class StepRecord(Record):
    """A Step: inputs and outputs by key, factor rows by digest, time and residuals."""

    model: str
    version: int
    name: str
    reads: tuple[str, ...]
    makes: tuple[str, ...]
    params: Mapping[str, Any]
    factors: Mapping[str, tuple[str, ...]]
    seconds: float
    residuals: Mapping[str, float]
    facts: Mapping[str, float]
    """What the computation reports of itself, such as accepted time steps and threads; empty in earlier runs."""


class FactorRow(Record):
    """A row of a factor table as it was resolved; `carried` where it is valid for another year than the study's."""

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
    price_year: int | None = None
    """Year of the money of the source; None where no row tells it."""
    indexed_to: int | None = None
    """Year of the money that the price was brought to."""


class MemberRecord(Record):
    """A measure of the chosen portfolio with its parameters."""

    measure: str
    params: Mapping[str, Any]


class RoundRecord(Record):
    """A portfolio that was chosen and run on the full grid: present cost [CNY], measures, how far it was as predicted.

    `tried`: portfolios tried on the screening grid before. `within`, `indicators`: effects on the whole area that lay
    in the predicted band, and all that have one and changed. `kept`: whether it is the chosen portfolio.
    """

    cost: float
    members: tuple[MemberRecord, ...]
    tried: int
    within: int
    indicators: int
    kept: bool


class ChoiceRecord(Record):
    """The portfolio within the budget, its cost [CNY] and embodied carbon [kg], and measures left out."""

    budget: Budget
    cost: float
    build_cost: float
    carbon: float | None
    candidates: tuple[str, ...]
    left_out: Mapping[str, Mapping[str, str]]
    unpriced: Mapping[str, tuple[str, ...]]
    prices: Mapping[str, PriceRecord]
    members: tuple[MemberRecord, ...]
    rounds: tuple[RoundRecord, ...] = ()
    """Portfolios that were run on the full grid, in turn; none in earlier runs."""
    end: str = ""
    """Why no further portfolio was run; '' in earlier runs."""


class FilledRecord(Record):
    """How the rows of a quantity were imputed: count and total, rules, and keys of the row-by-row columns."""

    rows: int
    of: int
    rules: Mapping[str, int]
    columns: Mapping[str, str]


class ImputationRecord(Record):
    """Imputation: number of draws, seed, imputed quantities, drawn quantities, and the keys of their columns."""

    draws: int
    seed: int
    filled: Mapping[str, FilledRecord]
    drawn: tuple[str, ...]
    keys: tuple[str, ...]


class UncertaintyRecord(Record):
    """The ensemble: its settings, factors that it did not vary, and missing inputs where it could not be run."""

    runs: int = 0
    draws: int | None = None
    seed: int | None = None
    cell: float | None = None
    """Cell size that it was run on [m]."""
    not_varied: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    given: bool = False
    """Whether the quantity came from the files, so that no run could vary it."""
    alternatives: tuple[str, ...] = ()


class BreakRecord(Record):
    """A missing link in the chain from an objective to its planning instrument."""

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
    """The complete record of a run."""

    format: Literal[3] = 3
    """Raised when a field is added, renamed or retyped; migration.py then gets a step for it."""
    basis: str | None
    """Digest of everything that determines the run: study, files, factors, program; None in earlier runs."""
    study: StudyInfo
    asked: StudyFile
    store: str
    """Path of the store, relative to the run's folder."""
    grid: GridRecord
    screening_grid: GridRecord
    files: Mapping[str, str]
    """Leaf key of each file."""
    findings: tuple[Finding, ...]
    problems: tuple[ProblemRecord, ...]
    contradictions: tuple[Contradiction, ...]
    mappings: tuple[CodeMapping, ...]
    trust: tuple[LayerQuality, ...]
    homes: tuple[LayerRecord, ...]
    """Input layers from files and the study, before any alternative."""
    completeness: Mapping[str, float]
    """Share that files state, by quantity [-]."""
    origin: Mapping[str, tuple[str, ...]]
    """File entries of the study behind a quantity."""
    native: Mapping[str, float]
    """Coarsest pixel of the raster files behind a value [m], by key."""
    alternatives: Mapping[str, AlternativeRecord]
    steps: Mapping[str, StepRecord]
    factors: Mapping[str, FactorRow]
    executed: int
    """Number of Steps computed; the others were in the store."""
    versions: Mapping[str, str]
    partial: Mapping[str, Mapping[str, tuple[str, ...]]]
    """Missing parts of combined indicators, by alternative."""
    lacking: Mapping[str, Mapping[str, str]]
    """Missing quantities of indicators that were not computed, by alternative."""
    imputation: ImputationRecord
    uncertainty: UncertaintyRecord | None
    choice: ChoiceRecord | None
    chain: tuple[BreakRecord, ...]
    failing_in: str | None
    """The alternative whose failing parcels are listed."""
    tables: tuple[str, ...] = ()
    """Names of the run's tables."""
