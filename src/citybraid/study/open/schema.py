"""Schema of the study file: frozen, closed pydantic models; all problems are reported together."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError

from citybraid.core.errors import InputError, InputErrors, PlanError, StudyError
from citybraid.core.spread import FEWEST
from citybraid.core.text import LANGUAGES, WRITTEN, Phrase
from citybraid.sources.protocol.filespec import FileSpec, file_name
from citybraid.sources.protocol.limits import Limits
from citybraid.study.open.refusals import why


def _language(language: str) -> str:
    if language not in LANGUAGES:
        raise PydanticCustomError("language", "it must be one of {known}", {"known": ", ".join(LANGUAGES)})
    return language


def _both(words: Mapping[str, str]) -> Mapping[str, str]:
    """Refuse texts that are missing or blank in one language."""
    if any(not words.get(language, "").strip() for language in WRITTEN):
        raise PydanticCustomError("languages", "it must say the same in both zh and en")
    return words


Words = Annotated[Mapping[Annotated[str, AfterValidator(_language)], str], AfterValidator(_both)]
Seed = Annotated[int, Field(ge=0)]
Name = Annotated[str, Field(pattern=r"^\w[\w-]{0,39}$")]


class Asked(BaseModel):
    """A closed, frozen part of the study file."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)


class About(Asked):
    """What the study is, where, when, and on which grid."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")
    """Short name: small letters, digits, - and _."""
    title: Words
    """Title in both languages."""
    crs: str
    """The projected CRS of the study, as EPSG code."""
    region: str
    """Where factors hold: CN-ZJ-JX finds rows of CN-ZJ-JX, CN-ZJ, CN and everywhere."""
    year: int = Field(ge=1990, le=2100)
    """Year that factors and emissions hold for."""
    resolution: float = Field(gt=0, le=1000)
    """Cell of the base grid [m]."""
    currency: str = Field("", pattern=r"^([A-Z]{3})?$")
    """Currency of prices, budget and damage, as ISO 4217 code; that of the region where not given."""
    screening_resolution: float | None = Field(None, gt=0, le=1000)
    """Cell of the grid on which measures are screened [m]: a whole multiple of the base."""
    buffer: float = Field(0.0, ge=0, le=20000)
    """Margin around the files that models see and indicators do not [m]."""
    synthetic: bool = False
    """True where the data are made, not observed; every page then says so."""
    data: str = ""
    """Folder that the paths of files count from, relative to the study file; --data wins."""
    note: Words | None = None
    """What every reader of a map must know, in both languages."""


class Storm(Asked):
    """A design storm, by return period and duration."""

    label: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,19}$")
    """Name of the event."""
    return_period: float = Field(ge=1, le=10000)
    """Return period [year]."""
    duration: float = Field(120, ge=5, le=1440)
    """Duration [min]."""
    climate: str = ""
    """Climate whose factor multiplies the rain: a key of the study's own rows rain_change, as ssp245."""
    horizon: int | None = Field(None, ge=1950, le=2200)
    """Year of that climate."""
    climate_factor: float | None = Field(None, ge=0.5, le=3)
    """The factor itself instead, as the study's own [-]."""


class Event(Asked):
    """Rain, inflow and levels that come together."""

    label: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,29}$")
    """Name of the event."""
    return_period: float | None = Field(None, ge=1, le=10000)
    """How often all of it comes together (joint return period) [year]; without it the event is in no average year."""
    rain: str
    """Storm, or event of a file of rain, that falls."""
    inflow: str = ""
    """Event of a file of inflow_discharge that enters with it."""
    level: str = ""
    """Event of a file of edge_level (of all sides that it holds for) that stands outside."""
    tide_lag: float | None = Field(None, ge=-72, le=72)
    """Time from the rain's peak to high water, where the study makes the level of a tide [h]."""
    surge_height: float | None = Field(None, ge=-20, le=20)
    """Surge on that tide [m]."""
    sea_level_rise: float | None = Field(None, ge=-5, le=10)
    """Rise of the sea under it [m]; a row sea_level_rise of the climate stands for it where not given."""
    climate: str = ""
    """Climate whose factor multiplies the rain of a design storm: a key of the study's own rows rain_change."""
    horizon: int | None = Field(None, ge=1950, le=2200)
    """Year of that climate."""
    climate_factor: float | None = Field(None, ge=0.5, le=3)
    """The factor itself instead, as the study's own [-]."""


class MeasureUse(Asked):
    """A measure in an alternative."""

    measure: str
    """Name of the measure."""
    params: Mapping[str, Any] = Field(default_factory=dict)
    """Its parameters; where and share among them."""


class Alternative(Asked):
    """One state of the plan area: measures applied to what is there."""

    title: Words
    """Title in both languages."""
    measures: tuple[MeasureUse, ...] = ()
    """Measures that make this alternative."""
    portfolio: bool = False
    """True where the chosen portfolio is applied as well."""


class Objective(Asked):
    """What is wanted: an indicator with a target, and the strategy and measures that serve it."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")
    """Short name."""
    title: Words
    """The objective in both languages."""
    strategy: Words
    """The strategy in both languages."""
    indicator: str
    """Indicator that tells whether it is reached."""
    target: float
    """Target in the indicator's unit."""
    year: int | None = None
    """Target year."""
    source: str = ""
    """Where the target comes from; empty: set by the user of the study."""
    status: str = "user"
    """Status of the target, as for factors."""
    measures: tuple[str, ...] = ()
    """Measures that serve it."""


class Budget(Asked):
    """What may be spent, and between which objectives to trade."""

    total: float = Field(gt=0)
    """Capital that may be spent [the study's currency]."""
    maximise: str
    """Objective whose indicator the portfolio improves most."""
    trade_off: tuple[str, str, str] | None = None
    """Three objectives of the Pareto front; costs may stand for one: "cost"."""
    candidates: tuple[str, ...] = ()
    """Measures to choose from; where not given, all that have a price here and can be built on this place."""
    pairs: bool = True
    """False leaves out the runs of pairs."""


class Choices(Asked):
    """Choices among models."""

    skip: tuple[str, ...] = ()
    """Models that are not to run."""


class Imputation(Asked):
    """How values that no file states are carried into results."""

    draws: int = Field(5, ge=0, le=100)
    """How often the state as it is runs again with other values as likely as the filled ones; 0: never."""
    seed: Seed = 1
    """Seed of the draws: the same seed, the same draws."""


def _testable(runs: int) -> int:
    """Refuse so few runs that the fit over them could not be tested at runs left out."""
    if 0 < runs < FEWEST:
        raise PydanticCustomError("few_runs", "it must be 0 or at least {needs}", {"needs": FEWEST})
    return runs


class Uncertainty(Asked):
    """How sure a result is: an ensemble of runs on the screening grid, and draws over it."""

    runs: Annotated[int, Field(ge=0, le=500), AfterValidator(_testable)] = 0
    """Runs of each event, spread over what the ensemble varies: 8 or more; 0: the question is not asked."""
    alternatives: tuple[str, ...] = ()
    """Alternatives that are drawn; all where not given. What they share is run once."""
    draws: Literal[64, 128, 256, 512, 1024, 2048] = 256
    """Base sample of the draws: 256 give bands of 512 draws."""
    seed: Seed = 1
    """Seed of the ensemble and the draws: the same seed, the same result."""


class StudyFile(Asked):
    """The whole study file."""

    study: About
    files: Mapping[str, FileSpec] = Field(default_factory=dict)
    limits: Limits = Limits()
    """How much a file may ask of this machine, where it should be other than usual."""
    generator: Mapping[Name, Mapping[str, Seed]] = Field(default_factory=dict)
    """Makers of synthetic files, with their seeds."""
    storms: tuple[Storm, ...] = ()
    events: tuple[Event, ...] = ()
    """Rain, inflow and levels that come together; a storm named here no longer comes alone."""
    numbers: Mapping[str, float] = Field(default_factory=dict)
    """Single numbers by Var name."""
    uniform: Mapping[str, float] = Field(default_factory=dict)
    """Rasters of one value over the whole grid, by Var name: what holds everywhere for want of a map."""
    models: Choices = Choices()
    imputation: Imputation = Imputation()
    uncertainty: Uncertainty = Uncertainty()
    parameters: Mapping[str, Mapping[str, Any]] = Field(default_factory=dict)
    """Parameters by model id."""
    makers: Mapping[str, str] = Field(default_factory=dict)
    """Which model makes a Var, where several could."""
    alternatives: Mapping[Name, Alternative] = Field(default_factory=dict)
    objectives: tuple[Objective, ...] = ()
    budget: Budget | None = None
    factors: Annotated[str, AfterValidator(file_name)] = ""
    """The study's own factor rows: a CSV beside the study file."""


def read(path: Path) -> StudyFile:
    """Read a study file; raises InputErrors with the location of every problem."""
    content = _extended(_loaded(path), path)
    try:
        return StudyFile(**content)
    except ValidationError as fault:
        raise InputErrors(_problem(problem, path.name) for problem in fault.errors()) from fault


def _loaded(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (FileNotFoundError, NotADirectoryError) as fault:
        raise InputError("study.no_file", file=path.name) from fault
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
    return InputError("study.value", file=file, where=where, got=got, why=why(problem))
