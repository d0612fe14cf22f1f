"""A study opened: its file, folder, factor rows, models and parameters, all checked before anything runs."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from affine import Affine
from odc.geo.geobox import GeoBox
from pydantic import ValidationError

from citybraid.core import catalogue, factor
from citybraid.core.errors import InputError, InputErrors, PlanError
from citybraid.core.evaluate import Portfolio, Use
from citybraid.core.factor import FactorBook
from citybraid.core.model import MeasureParams, Model
from citybraid.planning.rows import indicators
from citybraid.sources.quantities import vocabulary
from citybraid.sources.target import Target
from citybraid.study.planner import Settings
from citybraid.study.schema import StudyFile, read

MEASURES = "integrate.measures"
AnyModel = Model[Any, Any]


@dataclass(frozen=True)
class OpenStudy:
    """What is asked, ready to plan. Paths of files count from `data`, the study's folder unless told otherwise."""

    path: Path
    asked: StudyFile
    book: FactorBook
    models: tuple[AnyModel, ...]
    measures: Mapping[str, AnyModel]
    data: Path

    @property
    def folder(self) -> Path:
        """The study's folder."""
        return self.path.parent

    @cached_property
    def target(self) -> Target:
        """CRS and cell of the study; the files decide the extent."""
        about = self.asked.study
        whole = about.screening_resolution or about.resolution
        return Target(crs=about.crs, cell=about.resolution, buffer=about.buffer, whole=whole)

    @property
    def _blocks(self) -> int:
        about = self.asked.study
        return round((about.screening_resolution or about.resolution) / about.resolution)

    def settings(self, grid: GeoBox) -> Settings:
        """Return what plans are made under on a grid."""
        about = self.asked.study
        return Settings(
            grid=grid, book=self.book, region=about.region, year=about.year,
            params=self.asked.parameters, makers=self.asked.makers,
        )  # fmt: skip

    def screening(self, base: GeoBox) -> GeoBox:
        """Return the screening grid: whole blocks of base cells from the same corner."""
        rows, columns = (-(-size // self._blocks) for size in base.shape)
        cell = self.asked.study.resolution * self._blocks
        affine = Affine(cell, 0.0, base.affine.c, 0.0, -cell, base.affine.f)
        return GeoBox((rows, columns), affine, base.crs)

    def portfolio(self, alternative: str) -> Portfolio:
        """Return the measures that an alternative names."""
        return tuple(self.use(told.measure, told.params) for told in self.asked.alternatives[alternative].measures)

    def use(self, measure: str, params: Mapping[str, Any]) -> Use:
        """Return a measure with its parameters; raises InputError for an unknown one or wrong parameters."""
        if measure not in self.measures:
            raise InputError("study.unknown_measure", measure=measure, known=sorted(self.measures))
        found = self.measures[measure]
        kind = found.params or MeasureParams
        try:
            made = kind(**{**self.asked.parameters.get(found.id, {}), **params})
        except ValidationError as fault:
            first = fault.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            raise InputError("study.parameter", model=found.id, name=where, why=first["msg"]) from fault
        return Use(found, made)  # type: ignore[arg-type]  # every measure's parameters derive from MeasureParams


def open_study(path: Path, *, data: Path | None = None) -> OpenStudy:
    """Open a study file; every problem is told at once.

    Raises:
        InputErrors: all that is wrong with the file, its parameters and its names.
    """
    asked = read(path)
    found = catalogue.discover()
    measures = {model.name: model for model in found if model.id.startswith(f"{MEASURES}.")}
    models = tuple(model for model in found if model.stage is None and model.id not in asked.models.skip)
    book = factor.shipped()
    problems: list[PlanError] = []
    if asked.factors:
        try:
            book = book.with_rows(factor.read(path.parent / asked.factors))
        except PlanError as fault:
            problems.append(fault)
    study = OpenStudy(path.resolve(), asked, book, models, measures, _data_folder(path.resolve(), asked, data))
    problems += _problems(study, {model.id: model for model in found})
    if problems:
        raise InputErrors(problems)
    return study


def _data_folder(path: Path, asked: StudyFile, told: Path | None) -> Path:
    """Return the folder that files count from: the one told, the study's own where it is there, the study's folder."""
    if told is not None:
        return told.resolve()
    named = (path.parent / asked.study.data).resolve()
    return named if named.is_dir() else path.parent


def _problems(study: OpenStudy, known: Mapping[str, AnyModel]) -> list[PlanError]:
    asked, problems = study.asked, list[PlanError]()
    named = [*asked.models.skip, *asked.parameters]
    problems += [InputError("study.unknown_model", name=name) for name in named if name not in known]
    for model_id, params in asked.parameters.items():
        if model_id in known and known[model_id].stage is None:
            problems += _parameter_problems(known[model_id], params)
    numbers = {name for name, var in vocabulary().items() if not var.on}
    problems += [InputError("study.unknown_number", name=name) for name in asked.numbers if name not in numbers]
    grids = {name for name, var in vocabulary().items() if var.on == "grid"}
    problems += [InputError("study.unknown_raster", name=name) for name in asked.uniform if name not in grids]
    for name in asked.alternatives:
        try:
            study.portfolio(name)
        except PlanError as fault:
            problems.append(fault)
    problems += [
        InputError("study.unknown_indicator", objective=objective.id, name=objective.indicator)
        for objective in asked.objectives
        if objective.indicator not in indicators()
    ]
    ratio = (asked.study.screening_resolution or asked.study.resolution) / asked.study.resolution
    if abs(ratio - round(ratio)) > 1e-9 or ratio < 1:  # noqa: PLR2004  (a whole multiple)
        problems.append(
            InputError("study.screening", got=asked.study.screening_resolution, needs=asked.study.resolution)
        )
    return problems + _budget_problems(study)


def _parameter_problems(model: AnyModel, params: Mapping[str, Any]) -> list[PlanError]:
    if model.params is None:
        return [InputError("study.no_parameters", model=model.id)]
    required = {name for name, field in model.params.model_fields.items() if field.is_required()}
    if required - set(params):
        return []
    try:
        model.params(**params)
    except ValidationError as fault:
        return [
            InputError("study.parameter", model=model.id, name=".".join(map(str, each["loc"])), why=each["msg"])
            for each in fault.errors()
        ]
    return []


def _budget_problems(study: OpenStudy) -> list[PlanError]:
    budget = study.asked.budget
    if budget is None:
        return []
    known = {objective.id for objective in study.asked.objectives}
    named = [budget.maximise, *(name for name in budget.trade_off or () if name != "cost")]
    problems: list[PlanError] = [
        InputError("study.unknown_objective", name=name) for name in named if name not in known
    ]
    problems += [
        InputError("study.unknown_measure", measure=name, known=sorted(study.measures))
        for name in budget.candidates
        if name not in study.measures
    ]
    return problems
