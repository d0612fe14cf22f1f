"""Schema of the study file: frozen, closed pydantic models; all problems are reported together."""

import shlex
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError
from pydantic_core import PydanticCustomError

from citybraid.core.errors import InputError, InputErrors, PlanError, StudyError
from citybraid.core.spread import MIN_FACTOR_RUNS, MIN_RUNS
from citybraid.core.text import Phrase
from citybraid.core.vocabulary.water import LONGEST_RETURN_PERIOD
from citybraid.integrate.learn.designs import MOST_MEASURES
from citybraid.integrate.synergy.joint_parcels import INDICATORS
from citybraid.sources.protocol.filespec import FileSpec, file_name
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.rules import UnknownCover
from citybraid.study.open.budget import Budget
from citybraid.study.open.plan_figures import FigureEntry
from citybraid.study.open.study_part import Seed, StudyPart, Titles
from citybraid.study.open.validation_errors import error_phrase

MOST_ALTERNATIVES = 200
"""Alternatives of a study: each is planned, run and written side by side with the others."""
LARGEST_BYTES = 2 * 2**20
"""Largest study file [byte]."""
Year = Annotated[int, Field(ge=1900, le=2200)]
Name = Annotated[str, Field(pattern=r"^\w[\w-]{0,39}$")]


def _few(alternatives: Any) -> Any:
    """Refuse too many alternatives before any of them is read."""
    if isinstance(alternatives, Mapping) and len(alternatives) > MOST_ALTERNATIVES:
        numbers = {"actual_length": len(alternatives), "max_length": MOST_ALTERNATIVES}
        raise PydanticCustomError("too_long", "it has {actual_length} entries but may have {max_length}", numbers)
    return alternatives


class Climate(StudyPart):
    """A climate of the future, of which factor rows tell the changes."""

    scenario: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,19}$")
    """Scenario, as ssp245: the key of rows rain_change, and the first part of those of weather_change."""
    horizon: int = Field(ge=1950, le=2200)
    """Year that the rows must hold for."""


class StudyInfo(StudyPart):
    """What the study is, where, when, and on which grid."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")
    """Short name: small letters, digits, - and _."""
    title: Titles
    """Title in both languages."""
    crs: str
    """The projected CRS of the study, as EPSG code."""
    region: str
    """Region of factors: CN-ZJ-JX uses rows of CN-ZJ-JX, CN-ZJ, CN and everywhere."""
    year: int = Field(ge=1990, le=2100)
    """Year of factors and emissions."""
    climate_zone: str = Field("", max_length=20)
    """Climate zone of buildings, for every model with a parameter climate_zone that is not given its own: 3A."""
    climate: Climate | None = None
    """Climate of weather files and design storms: {scenario = "ssp245", horizon = 2050}; default: that of the files."""
    resolution: float = Field(gt=0, le=1000)
    """Cell size of the base grid [m]."""
    currency: str = Field("", pattern=r"^([A-Z]{3})?$")
    """Currency of prices, budget and damage, as ISO 4217 code; default: that of the region."""
    screening_resolution: float | None = Field(None, gt=0, le=1000)
    """Cell size of the screening grid of measures [m]: an integer multiple of the base."""
    unknown_cover: UnknownCover = ""
    """How ground is read whose land cover no file tells: "paved", which overstates runoff and floods, or "gap":
    what needs a cover everywhere is not computed. Not stated: paved, and page one says that it was not chosen."""
    unit_count: int | None = Field(None, ge=1, le=1000)
    """Planning units of equal area to cut where no file gives any: 11. Not stated: squares of 500 m."""
    buffer: float = Field(0.0, ge=0, le=20000)
    """Margin around the files that models use and indicators exclude [m]."""
    synthetic: bool = False
    """True where the data are synthetic, not observed; every page then says so."""
    data: str = ""
    """Base folder of file paths, relative to the study file; --data takes precedence."""
    note: Titles | None = None
    """Note on every map, in both languages."""


class Storm(StudyPart):
    """A design storm, by return period and duration."""

    label: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,19}$")
    """Name of the event."""
    return_period: float = Field(ge=1, le=LONGEST_RETURN_PERIOD)
    """Return period [year]."""
    duration: float = Field(120, ge=5, le=1440)
    """Duration [min]."""
    climate: str = ""
    """Climate whose factor multiplies the rain: a key of the study's own rows rain_change, as ssp245."""
    horizon: int | None = Field(None, ge=1950, le=2200)
    """Year of that climate."""
    climate_factor: float | None = Field(None, ge=0.5, le=3)
    """The factor itself instead of a climate [-]."""


class Event(StudyPart):
    """A compound event: rain, inflow and water levels that occur together."""

    label: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,29}$")
    """Name of the event."""
    return_period: float | None = Field(None, ge=1, le=LONGEST_RETURN_PERIOD)
    """Joint return period [year]; without it the event is not part of annual averages."""
    rain: str
    """Storm, or event of a rain file."""
    inflow: str = ""
    """Event of a file of inflow_discharge."""
    level: str = ""
    """Event of a file of edge_level, the water level outside (for all sides in the file)."""
    tide_lag: float | None = Field(None, ge=-72, le=72)
    """Time from the rain's peak to high water, where the level is a computed tide [h]."""
    surge_height: float | None = Field(None, ge=-20, le=20)
    """Surge on that tide [m]."""
    sea_level_rise: float | None = Field(None, ge=-5, le=10)
    """Sea level rise [m]; default: the climate's row sea_level_rise."""
    climate: str = ""
    """Climate whose factor multiplies the rain of a design storm: a key of the study's own rows rain_change."""
    horizon: int | None = Field(None, ge=1950, le=2200)
    """Year of that climate."""
    climate_factor: float | None = Field(None, ge=0.5, le=3)
    """The factor itself instead of a climate [-]."""


class MeasureUse(StudyPart):
    """A measure in an alternative."""

    measure: str
    """Name of the measure."""
    params: Mapping[str, Any] = Field(default_factory=dict)
    """Its parameters; where and share among them."""
    land: Annotated[str, AfterValidator(file_name)] = ""
    """Outlines of the land that alone takes the measure: a GeoJSON file beside the study file; all land without it."""


class Alternative(StudyPart):
    """One state of the plan area: measures applied to the existing state."""

    title: Titles
    """Title in both languages."""
    measures: tuple[MeasureUse, ...] = ()
    """Measures that make this alternative."""
    portfolio: bool = False
    """True where the chosen portfolio is applied as well."""


class Objective(StudyPart):
    """An objective: an indicator with a target, and the strategy and measures that serve it."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")
    """Short name."""
    title: Titles
    """The objective in both languages."""
    strategy: Titles
    """The strategy in both languages."""
    indicator: str
    """Indicator that measures it."""
    target: float
    """Target in the indicator's unit."""
    year: int | None = None
    """Target year."""
    source: str = ""
    """Source of the target; empty: set by the user of the study."""
    status: str = "user"
    """Status of the target, as for factors."""
    measures: tuple[str, ...] = ()
    """Measures that serve it."""
    milestones: Mapping[Year, float] = Field(default_factory=dict)
    """Values to be reached on the way, by year: {"2028" = 5.0}. Works are ordered so that they are, where
    `[budget.phases]` says how much money each year has."""
    cascade: str = Field("equal", max_length=60)
    """Rule by which planning units share the target: equal (each the same part of its way), capacity (by what the
    alternatives can change there), portfolio (as the chosen one changes it), or a sum, such as residents."""


class Synergy(StudyPart):
    """Measures tried on single parcels, to find those whose change helps wildlife, air and water at once."""

    measures: tuple[str, ...] = ()
    """Measures that are tried together on one parcel at a time; none: no runs."""
    parcels: int = Field(5, ge=1, le=50)
    """Parcels that are tried, those with the most joint corridors first."""
    indicators: Annotated[tuple[str, ...], Field(min_length=2, max_length=6)] = INDICATORS
    """Indicators of the whole area that shall gain, one for each strand."""


class Interactions(StudyPart):
    """Joint effects of measures from a replicated design of runs, with how sure they are."""

    measures: Annotated[tuple[str, ...], Field(max_length=MOST_MEASURES)] = ()
    """Measures whose joint effects are wanted, two or more; none: no runs."""
    replicates: int = Field(8, ge=8, le=64)
    """Repetitions of the design, each on another half of the planning units and with other values of factors."""
    resolution: Literal[4, 5, 6] = 6
    """Resolution of the design: at 6 pairs are told apart from each other and from triples, at 5 from each other. At 4
    there are fewer runs, and pairs stand for each other."""
    triples: int = Field(2, ge=0, le=20)
    """Groups of three that are followed up, with eight runs a repetition, where two of their pairs matter."""
    vary: bool = True
    """Whether factors with a range, and the rain, vary between repetitions; false: only the placement does."""
    grid: Literal["screening", "full"] = "screening"
    """Grid of the runs."""
    spill_over: bool = True
    """Whether effects on units without the measure are found by runs on the two halves of a checkerboard."""
    seed: Seed = 1
    """Seed of placements and values: the same seed, the same result."""


class Couplings(StudyPart):
    """Loops between strands that a study closes."""

    heat_loop: bool = False
    """Whether buildings cool in the air that waste heat, ground and trees make: each state takes several rounds."""

    @property
    def closed(self) -> tuple[str, ...]:
        """Names of the loops that are closed."""
        return tuple(name for name, value in self if value)


class ModelChoices(StudyPart):
    """Choices among models."""

    skip: tuple[str, ...] = ()
    """Models to leave out."""


class Profile(StudyPart):
    """What planning units of one profile are judged by, where the study says more than citybraid's own rows."""

    title: Titles | None = None
    """Title in both languages; needed for a profile that citybraid does not have."""
    words: tuple[str, ...] = ()
    """Words of the units file for it, beside those that citybraid knows."""
    indicators: tuple[str, ...] = ()
    """Indicators that units are judged by; default: those of citybraid's rows, and those with a threshold."""
    thresholds: Mapping[str, float] = Field(default_factory=dict)
    """Value to reach, by indicator, in its unit."""
    weights: Mapping[str, Annotated[float, Field(gt=0, le=1000)]] = Field(default_factory=dict)
    """Weight by indicator; default: equal."""
    source: str = ""
    """Source of the thresholds; empty: set by the user of the study."""


class Imputation(StudyPart):
    """Uncertainty of imputed values in results."""

    draws: int = Field(5, ge=0, le=100)
    """Number of extra runs of the state as it is with other, equally likely imputed values; 0: none."""
    seed: Seed = 1
    """Seed of the draws: the same seed, the same draws."""


def _testable(runs: int) -> int:
    """Refuse too few runs for cross-validation of the fit."""
    if 0 < runs < MIN_RUNS:
        raise PydanticCustomError("few_runs", "it must be 0 or at least {needs}", {"needs": MIN_RUNS})
    return runs


def _rankable(runs: int) -> int:
    """Refuse too few runs to rank inputs by."""
    if 0 < runs < MIN_FACTOR_RUNS:
        raise PydanticCustomError("few_band_runs", "it must be 0 or at least {needs}", {"needs": MIN_FACTOR_RUNS})
    return runs


class Uncertainty(StudyPart):
    """Uncertainty of results: an ensemble of runs on the screening grid, and draws from it."""

    runs: Annotated[int, Field(ge=0, le=500), AfterValidator(_testable)] = 0
    """Runs of each event over the varied sources: 8 or more; 0: no ensemble."""
    factor_runs: Annotated[int, Field(ge=0, le=1000), AfterValidator(_rankable)] = 0
    """Runs of the emission models over the ranges of all factors: 30 or more, and more than there are factors with a
    range; 0: no band of emissions."""
    alternatives: tuple[str, ...] = ()
    """Alternatives with an ensemble; default: all. Shared runs are computed once."""
    draws: Literal[64, 128, 256, 512, 1024, 2048] = 256
    """Base sample of the draws: 256 gives bands from 512 draws."""
    seed: Seed = 1
    """Seed of the ensemble and the draws: the same seed, the same result."""


class Annex(StudyPart):
    """Word templates of the climate annex, beside the study file; those of the package where none is named."""

    text: Annotated[str, AfterValidator(file_name)] = ""
    """Template of the text with its clauses."""
    memorandum: Annotated[str, AfterValidator(file_name)] = ""
    """Template of the explanatory memorandum."""
    statement: Annotated[str, AfterValidator(file_name)] = ""
    """Template of the statement for the review meeting."""


class PlanInfo(StudyPart):
    """What the plan states of itself and no file holds: nothing is computed from it, the annex tells what is absent."""

    period: str = Field("", pattern=r"^(\d{4}-\d{4})?$")
    """Term of the plan, as 2021-2035."""
    elevation: Titles | None = None
    """Vertical datum of the plan and its terrain: {zh = "1985 国家高程基准", en = "National Height Datum 1985"}."""
    basis: Annotated[tuple[Titles, ...], Field(max_length=100)] = ()
    """Laws, plans above, approvals and surveys that the plan rests on, in both languages, as the annex lists them."""


class Question(StudyPart):
    """The question that the study is made to answer: page one opens with it and its answers."""

    ask: Titles
    """The question in both languages."""
    answers: Annotated[tuple[str, ...], Field(min_length=1, max_length=4)]
    """Answers that page one gives, by name, in order: as station_area. docs/reference/answers.md lists them."""


class StudyFile(StudyPart):
    """The whole study file."""

    study: StudyInfo
    question: Question | None = None
    files: Mapping[str, FileSpec] = Field(default_factory=dict)
    limits: Limits = Limits()
    """Resource limits of file reading, where they differ from the defaults."""
    generator: Mapping[Name, Mapping[str, Seed]] = Field(default_factory=dict)
    """Generators of synthetic files, with their seeds."""
    storms: tuple[Storm, ...] = ()
    events: tuple[Event, ...] = ()
    """Compound events of rain, inflow and water levels; a storm named here no longer occurs alone."""
    event_titles: Mapping[str, Titles] = Field(default_factory=dict)
    """What report and maps call a storm or an event, of this file or of a file's `event`, in both languages, by label:
    river = {zh = "大清河洪水", en = "flood of the Daqing"}. Default: its return period, else its label in quotes."""
    numbers: Mapping[str, float] = Field(default_factory=dict)
    """Single numbers by Var name."""
    uniform: Mapping[str, float] = Field(default_factory=dict)
    """Constant rasters over the whole grid, by Var name, where there is no map."""
    models: ModelChoices = ModelChoices()
    imputation: Imputation = Imputation()
    uncertainty: Uncertainty = Uncertainty()
    parameters: Mapping[str, Mapping[str, Any]] = Field(default_factory=dict)
    """Parameters by model id."""
    makers: Mapping[str, str] = Field(default_factory=dict)
    """The model that computes a Var, where several could."""
    alternatives: Annotated[Mapping[Name, Alternative], BeforeValidator(_few)] = Field(default_factory=dict)
    objectives: tuple[Objective, ...] = ()
    plan_figures: Annotated[tuple[FigureEntry, ...], Field(max_length=100)] = ()
    """Figures of the plan's own table of indicators, held against the plan above and the plan's layers."""
    budget: Budget | None = None
    profiles: Mapping[Name, Profile] = Field(default_factory=dict)
    """Profiles of planning units, by name: industrial, residential, renewal, ecological, mixed, or one's own."""
    synergy: Synergy = Synergy()
    annex: Annex = Annex()
    plan: PlanInfo = PlanInfo()
    interactions: Interactions = Interactions()
    couplings: Couplings = Couplings()
    factors: Annotated[str, AfterValidator(file_name)] = ""
    """The study's own factor rows: a CSV beside the study file."""
    edits: Annotated[str, AfterValidator(file_name)] = ""
    """Controls that a returned table changed: a CSV beside the study file, as `citybraid controls --write` makes it."""


def read(path: Path) -> StudyFile:
    """Read a study file; raises InputErrors with the location of every problem."""
    content = _extended(_loaded(path), path)
    try:
        return StudyFile(**content)
    except ValidationError as fault:
        raise InputErrors(_problem(problem, path.name) for problem in fault.errors()) from fault


def _loaded(path: Path) -> dict[str, Any]:
    try:
        if (size := path.stat().st_size) > LARGEST_BYTES:
            raise InputError("study.file_large", file=path.name, got=size / 2**20, limit=LARGEST_BYTES / 2**20)
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (FileNotFoundError, NotADirectoryError) as fault:
        raise InputError("study.no_file", file=path.name) from fault
    except IsADirectoryError as fault:
        near = sorted(str(each.relative_to(path)) for each in path.glob("*/study.toml"))
        words = {"folder": str(path), "near": near, "files": shlex.quote(str(path))}
        raise InputError("study.folder_near" if near else "study.folder", **words) from fault
    except OSError as fault:
        raise InputError("study.unreadable", file=path.name, why=fault.strerror) from fault
    except UnicodeDecodeError as fault:
        raise InputError("study.not_utf8", file=path.name, at=fault.start) from fault
    except (ValueError, RecursionError) as fault:
        raise InputError("study.not_toml", file=path.name, why=str(fault)) from fault


def _extended(content: dict[str, Any], path: Path) -> dict[str, Any]:
    """Return a study merged over the one it extends: tables merge, lists and values replace."""
    parent = content.pop("extends", None)
    if parent is None:
        return content
    try:
        parent_path = path.parent / file_name(str(parent))
    except PydanticCustomError as fault:
        where = {"file": path.name, "where": "extends", "got": str(parent)[:80]}
        raise InputError("study.value", **where, why=Phrase("value.path", {})) from fault
    base = _loaded(parent_path)
    if "extends" in base:
        raise StudyError("study.one_extends", file=path.name, parent=parent)
    return _merged(base, content)


def _merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for name, value in over.items():
        both = isinstance(value, dict) and isinstance(merged.get(name), dict)
        merged[name] = _merged(merged[name], value) if both else value
    return merged


def _problem(problem: Any, file: str) -> PlanError:
    where = ".".join(str(part) for part in problem["loc"]) or "-"
    got = str(problem.get("input", ""))[:80]
    if problem["type"] == "extra_forbidden":
        return InputError("study.unknown_word", file=file, where=where)
    if problem["type"] == "missing":
        return InputError("study.word_missing", file=file, where=where)
    return InputError("study.value", file=file, where=where, got=got, why=error_phrase(problem))
