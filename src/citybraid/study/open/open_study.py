"""An opened study: its file, folder, factor rows, models and parameters, all validated before anything runs."""

import contextlib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from affine import Affine
from odc.geo.geobox import GeoBox
from pydantic import ValidationError

from citybraid.core import catalogue, factor
from citybraid.core.currency import currency_of, exchange_target
from citybraid.core.errors import InputError, InputErrors, PlanError, StudyError
from citybraid.core.evaluate import Portfolio, Use
from citybraid.core.factor import FactorBook
from citybraid.core.finding import Finding
from citybraid.core.model import MeasureParams, Model, var_of
from citybraid.core.var import Fact, Table
from citybraid.integrate.choose.prices import prices_by_name, refuse_unusable
from citybraid.integrate.choose.programme import COST
from citybraid.integrate.learn.designs import MOST_MEASURES
from citybraid.planning.plausibility import range_problems
from citybraid.planning.rows import controls, indicators
from citybraid.sources.placement.crs import parse_crs
from citybraid.sources.protocol.filespec import FileSpec
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.protocol.target import Target, is_metric
from citybraid.study.open import climate, forcing, own_factors, shared_parameters
from citybraid.study.open.budget import Budget, Phases
from citybraid.study.open.land_file import land_of
from citybraid.study.open.plan_figures import figure_problems
from citybraid.study.open.question import question_problems
from citybraid.study.open.schema import MeasureUse, StudyFile, read
from citybraid.study.open.unit_profiles import cascade_problems, profile_problems
from citybraid.study.open.validation_errors import parameter_error
from citybraid.study.plan.foreign_factors import region_findings, zone_findings
from citybraid.study.plan.planner import Settings
from citybraid.study.plan.tiles import with_folders_opened

MEASURES = "integrate.measures"
AnyModel = Model[Any, Any]


@dataclass(frozen=True)
class OpenStudy:
    """A validated study, ready to plan. File paths are relative to `data`, by default the study's folder."""

    path: Path
    asked: StudyFile
    book: FactorBook
    models: tuple[AnyModel, ...]
    measures: Mapping[str, AnyModel]
    data: Path
    offered: Path | None = None
    """The folder that the user named for the files, whether or not it is `data`."""

    @property
    def folder(self) -> Path:
        """The study's folder."""
        return self.path.parent

    def root(self, spec: FileSpec) -> Path:
        """The folder that the paths of a file's entry count from."""
        return self.folder if spec.made else self.data

    @property
    def roots(self) -> tuple[Path, ...]:
        """Every folder that files are read from: the data, and the study's where its generator made some."""
        made = any(spec.made for spec in self.asked.files.values())
        return tuple(dict.fromkeys((self.data, self.folder))) if made else (self.data,)

    @property
    def currency(self) -> str:
        """The currency of prices, budget and damage: as the study states it, else that of its region."""
        return self.asked.study.currency or currency_of(self.asked.study.region)

    @cached_property
    def target(self) -> Target:
        """CRS and cell size of the study; the extent follows from the files."""
        about = self.asked.study
        screening = about.screening_resolution or about.resolution
        return Target(crs=about.crs, cell=about.resolution, buffer=about.buffer, whole=screening)

    @cached_property
    def control_targets(self) -> Mapping[str, float]:
        """Values that the study's parameters set for controls of parcels, by control, as the parameters have them."""
        targets = {}
        for control in controls().values():
            model, _, name = control.target.rpartition(".")
            if (value := self.asked.parameters.get(model, {}).get(name)) is not None:
                targets[control.id] = float(value)
        return targets

    @property
    def _blocks(self) -> int:
        about = self.asked.study
        return round((about.screening_resolution or about.resolution) / about.resolution)

    def settings(self, grid: GeoBox) -> Settings:
        """Return the planner's settings for a grid: the same ones each time, which know what was planned with them."""
        about = self.asked.study
        if grid not in self._settings:
            self._settings[grid] = Settings(
                grid=grid, book=self.book, region=about.region, year=about.year,
                params=self.asked.parameters, makers=self.asked.makers,
            )  # fmt: skip
        return self._settings[grid]

    @cached_property
    def _settings(self) -> dict[GeoBox, Settings]:
        return {}

    def screening(self, base: GeoBox) -> GeoBox:
        """Return the screening grid: whole blocks of base cells from the same origin."""
        rows, columns = (-(-size // self._blocks) for size in base.shape)
        cell = self.asked.study.resolution * self._blocks
        affine = Affine(cell, 0.0, base.affine.c, 0.0, -cell, base.affine.f)
        return GeoBox((rows, columns), affine, base.crs)

    def portfolio(self, alternative: str) -> Portfolio:
        """Return the measures that an alternative names."""
        return tuple(self.placed(entry) for entry in self.asked.alternatives[alternative].measures)

    def placed(self, entry: MeasureUse) -> Use:
        """Return a measure as an alternative places it: everywhere, or on the land of a file.

        Raises InputError where there is no such file, or the measure is not placed on the land of planning units.
        """
        if not entry.land:
            return self.use(entry.measure, entry.params)
        use = self.use(entry.measure, {**entry.params, "land": land_of(self.folder, entry.land, self.asked.study.crs)})
        if not is_placed_on_land(use.model):
            raise InputError("land.not_by_land", measure=entry.measure)
        return use

    def use(self, measure: str, params: Mapping[str, Any]) -> Use:
        """Return a measure with its parameters; raises InputError for an unknown one or wrong parameters."""
        if measure not in self.measures:
            raise InputError("study.unknown_measure", measure=measure, known=sorted(self.measures))
        model = self.measures[measure]
        kind = model.params or MeasureParams
        try:
            parameters = kind(**{**self.asked.parameters.get(model.id, {}), **params})
        except ValidationError as fault:
            raise InputErrors(parameter_error(model.id, each) for each in fault.errors()) from fault
        return Use(model, parameters)  # type: ignore[arg-type]  # every measure's parameters derive from MeasureParams

    def price_keys(self, measures: Iterable[str]) -> dict[str, str]:
        """Return the keys of measures' price rows, with the parameters that the study states for each, by name.

        A measure that lacks parameters has its name: what is wrong with it is told where it is used.
        """
        keys = {name: name for name in measures}
        for name in keys:
            with contextlib.suppress(PlanError):
                keys[name] = self.use(name, {}).price_key
        return keys


def is_placed_on_land(measure: AnyModel) -> bool:
    """Tell whether a measure can be kept to some land: it is placed in planning units, of which it reads no numbers."""
    need = measure.needs.get("units")
    if need is None or not isinstance(need.what, Table) or measure.quantity is None or measure.stage == "build":
        return False
    return {var_of(column).name for column in need.what.columns} <= {measure.quantity.name}


def asked_by(path: Path) -> StudyFile:
    """Return what a study file asks, with what it states once for all models."""
    return shared_parameters.with_shared(climate.with_climate(read(path)), catalogue.discover())


def open_study(path: Path, *, data: Path | None = None) -> OpenStudy:
    """Open and validate a study file; all problems are reported together.

    Raises:
        InputErrors: all problems of the file, its parameters and its names.
    """
    discovered = catalogue.discover()
    study_file = asked_by(path)
    measures = {model.name: model for model in discovered if model.id.startswith(f"{MEASURES}.")}
    in_studies = [model for model in discovered if model.stage is None and not model.alone]
    models = tuple(model for model in in_studies if model.id not in study_file.models.skip)
    book = factor.shipped()
    problems: list[PlanError] = []
    if study_file.factors:
        try:
            book = book.with_rows(factor.read(path.parent / study_file.factors))
        except InputErrors as faults:
            problems += faults.problems
        except PlanError as fault:
            problems.append(fault)
    folder = data_folder(path.resolve(), study_file, data)
    study = OpenStudy(path.resolve(), study_file, book, models, measures, folder, data)
    opened = with_folders_opened(study_file.files, study.root)
    study = replace(study, asked=study_file.model_copy(update={"files": opened}))
    problems += [*_problems(study, {model.id: model for model in discovered}), *_template_problems(study)]
    if problems:
        raise InputErrors(problems)
    return study


def study_findings(study: OpenStudy) -> tuple[Finding, ...]:
    """Return findings on the study file itself: its region, and factor rows that no model reads."""
    models = (*study.models, *study.measures.values())
    return (
        *region_findings(study.asked.study.region, study.book),
        *zone_findings(study.asked.study.climate_zone, study.book),
        *own_factors.own_findings(study.book, models, study.asked.parameters.values()), *_unread_folder(study),
    )  # fmt: skip


def _unread_folder(study: OpenStudy) -> tuple[Finding, ...]:
    """Return the finding that the folder which the user named for the files is not read, by this study, at all."""
    folder = study.offered
    if folder is None or (study.data == folder.resolve() and _holds_any(study.asked, folder)):
        return ()
    return (Finding("warning", "study.data_unread", "study", 1, {"folder": folder.name}),)


def data_folder(path: Path, study_file: StudyFile, override: Path | None) -> Path:
    """Return the base folder of file paths: the override, else the configured one if it exists, else the study's.

    An override is for files that a study does not bring. Where a generator makes all of a study's files beside it, as
    for pilots of synthetic places, one that holds none of them is passed over: the variable CITYBRAID_DATA is set for
    every study.
    """
    if override is not None and not (_all_made(study_file) and not _holds_any(study_file, override)):
        return override.resolve()
    configured = (path.parent / study_file.study.data).resolve()
    return configured if configured.is_dir() else path.parent


def _all_made(study_file: StudyFile) -> bool:
    """Tell whether a generator makes all files of a study: it has one, and marks none of its files as made."""
    return bool(study_file.generator) and not any(spec.made for spec in study_file.files.values())


def _holds_any(study_file: StudyFile, folder: Path) -> bool:
    paths = [(spec.path,) if isinstance(spec.path, str) else spec.path for spec in study_file.files.values()]
    return any((folder / path).exists() for each in paths for path in each if not Path(path).is_absolute())


def _alone_problems(study_file: StudyFile, known: Mapping[str, AnyModel]) -> list[PlanError]:
    """Return errors of numbers and parameters that only a model reads which is part of no study."""
    given = {f"numbers.{name}": name for name in study_file.numbers}
    given |= {f"parameters.{name}": name for name in study_file.parameters}
    return [
        InputError("study.model_alone", name=entry, model=model.id)
        for model in known.values()
        if model.alone
        for entry, name in given.items()
        if name in model.needs or name == model.id
    ]


def _template_problems(study: OpenStudy) -> list[PlanError]:
    """Return the templates of the annex that the study names and that are not beside it."""
    return [
        InputError("annex.no_template", setting=f"annex.{kind}", file=name)
        for kind, name in study.asked.annex
        if name and not (study.folder / name).is_file()
    ]


def _problems(study: OpenStudy, known: Mapping[str, AnyModel]) -> list[PlanError]:
    study_file, problems = study.asked, _crs_problems(study.asked.study.crs)
    model_ids = [*study_file.models.skip, *study_file.parameters]
    problems += [InputError("study.unknown_model", name=name) for name in model_ids if name not in known]
    for model_id, params in study_file.parameters.items():
        if model_id in known:
            problems += _parameter_problems(known[model_id], params)
    numbers = {name for name, var in vocabulary().items() if not var.on}
    problems += [InputError("study.unknown_number", name=name) for name in study_file.numbers if name not in numbers]
    problems += _alone_problems(study_file, known)
    grids = {name for name, var in vocabulary().items() if var.on == "grid"}
    problems += [InputError("study.unknown_raster", name=name) for name in study_file.uniform if name not in grids]
    for name in study_file.alternatives:
        try:
            study.portfolio(name)
        except InputErrors as fault:
            problems += fault.problems
        except PlanError as fault:
            problems.append(fault)
    problems += [
        InputError("study.unknown_indicator", objective=objective.id, name=objective.indicator)
        for objective in study_file.objectives
        if objective.indicator not in indicators()
    ]
    problems += cascade_problems(study_file)
    ratio = (study_file.study.screening_resolution or study_file.study.resolution) / study_file.study.resolution
    if abs(ratio - round(ratio)) > 1e-9 or ratio < 1:  # noqa: PLR2004  (a whole multiple)
        problems.append(
            InputError("study.screening", got=study_file.study.screening_resolution, needs=study_file.study.resolution)
        )
    drawn = [name for name in study_file.uncertainty.alternatives if name not in study_file.alternatives]
    problems += [
        InputError("study.unknown_drawn", name=name, known=sorted(study_file.alternatives) or "-") for name in drawn
    ]
    problems += climate.climate_problems(study_file, study.book)
    problems += forcing.climate_errors(study_file, study.book) + _currency_problems(study)
    problems += range_problems(study.book, study.currency) + _synergy_problems(study) + _interaction_problems(study)
    problems += profile_problems(study_file) + question_problems(study_file)
    problems += figure_problems(study_file.plan_figures)
    return problems + _makers_problems(study, known) + _duplicate_problems(study_file) + _budget_problems(study)


def _crs_problems(crs: str) -> list[PlanError]:
    try:
        return [] if is_metric(parse_crs(crs, name="study.crs")) else [InputError("intake.crs_not_metric", got=crs)]
    except PlanError as fault:
        return [fault]


def _currency_problems(study: OpenStudy) -> list[PlanError]:
    """Return currency errors: none known for the region, or an exchange rate to another currency."""
    about, currency = study.asked.study, study.currency
    if not currency and not about.region:
        return [InputError("study.no_region")]
    if not currency:
        return [InputError("study.no_currency", region=about.region)]
    names = {need.what.name for model in study.models for need in model.needs.values() if isinstance(need.what, Fact)}
    known = [name for name in sorted(names) if any(row.holds(about.region) for row in study.book.by_name.get(name, ()))]
    rows = [
        row for name in known for row in study.book.resolve(name, region=about.region, year=about.year).rows.values()
    ]
    return [
        InputError("study.other_currency", factor=row.factor, key=row.key, got=row.unit, needs=currency)
        for row in rows
        if exchange_target(row.unit) not in ("", currency)
    ]


def _makers_problems(study: OpenStudy, known: Mapping[str, AnyModel]) -> list[PlanError]:
    return [
        InputError("study.maker", var=name, model=model)
        for name, model in study.asked.makers.items()
        if model not in known or name not in known[model].makes
    ]


def _duplicate_problems(study_file: StudyFile) -> list[PlanError]:
    """Return errors for duplicate names of storms, events and objectives."""
    events = [storm.label for storm in study_file.storms]
    objectives = [objective.id for objective in study_file.objectives]
    problems: list[PlanError] = [
        InputError("study.twice", part="[[storms]]", name=name) for name in _duplicates(events)
    ]
    together = [event.label for event in study_file.events]
    problems += [InputError("study.twice", part="[[events]]", name=name) for name in _duplicates(together)]
    problems += [InputError("study.twice", part="[[objectives]]", name=name) for name in _duplicates(objectives)]
    names = Counter(map(_on_disk, study_file.alternatives))
    alike = [name for name in study_file.alternatives if names[_on_disk(name)] > 1]
    if alike:
        problems.append(InputError("study.alike", names=alike))
    if COST in objectives:
        problems.append(InputError("study.reserved", name=COST))
    return problems


def _on_disk(name: str) -> str:
    """Return a name as file systems and GeoPackage compare it: without case, in one Unicode form."""
    return unicodedata.normalize("NFKC", name).casefold()


def _duplicates(names: Sequence[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


def _parameter_problems(model: AnyModel, params: Mapping[str, Any]) -> list[PlanError]:
    kind = model.params or (MeasureParams if model.stage is not None else None)
    if kind is None:
        return [InputError("study.no_parameters", model=model.id)]
    try:
        kind(**params)
    except ValidationError as fault:
        return [parameter_error(model.id, each) for each in fault.errors() if each["type"] != "missing"]
    return []


def _budget_problems(study: OpenStudy) -> list[PlanError]:
    budget = study.asked.budget
    chosen = [name for name, alternative in study.asked.alternatives.items() if alternative.portfolio]
    if budget is None:
        return [InputError("study.no_budget", name=name) for name in chosen]
    if len(chosen) != 1:
        return [InputError("study.one_portfolio", got=chosen or "-")]
    known = {objective.id for objective in study.asked.objectives}
    axes = budget.trade_off or ()
    others = (*budget.meet, *_of_floors(budget), *(name for name in axes if name != COST))
    goal_ids = dict.fromkeys([budget.maximise, *others])
    problems: list[PlanError] = [
        InputError("study.unknown_objective", name=name) for name in goal_ids if name not in known
    ]
    problems += [InputError("study.twice", part="budget.trade_off", name=name) for name in _duplicates(axes)]
    problems += [
        InputError("study.twice", part=f"budget.{part}", name=name)
        for part, names in (("candidates", budget.candidates), ("full", budget.full))
        for name in _duplicates(names)
    ]
    undirected = {each.id for each in study.asked.objectives if each.indicator in _undirected()}
    problems += [InputError("study.no_direction", name=name) for name in goal_ids if name in undirected]
    problems += [
        InputError("study.unknown_measure", measure=name, known=sorted(study.measures))
        for name in (*budget.candidates, *_phased(budget))
        if name not in study.measures
    ]
    if budget.phases is not None:
        unbuilt = [name for name in budget.candidates if name not in budget.phases.build_years]
        problems += [StudyError("choose.phase_build", measure=name) for name in unbuilt]
        problems += _milestone_problems(study, budget.phases)
    candidates = budget.candidates or tuple(study.measures)
    problems += [
        InputError("study.unknown_measure", measure=name, known=sorted(candidates))
        for name in budget.full
        if name not in candidates
    ]
    return problems + _price_problems(study, budget.candidates or tuple(study.measures))


def _phased(budget: Budget) -> list[str]:
    return [] if budget.phases is None else [*{**budget.phases.build_years, **budget.phases.growing_years}]


def _milestone_problems(study: OpenStudy, phases: Phases) -> list[PlanError]:
    """Return an error for each objective whose milestones lie outside the years of the budget."""
    last = phases.first + len(phases.budgets) - 1
    outside = {
        each.id: sorted(year for year in each.milestones if not phases.first <= year <= last)
        for each in study.asked.objectives
    }
    return [
        InputError("study.milestone_years", objective=name, years=years, first=phases.first, last=last)
        for name, years in outside.items()
        if years
    ]


def _of_floors(budget: Budget) -> list[str]:
    return [floor.objective for floor in budget.floors if floor.objective]


def _synergy_problems(study: OpenStudy) -> list[PlanError]:
    settings = study.asked.synergy
    problems: list[PlanError] = [
        InputError("study.unknown_measure", measure=name, known=sorted(study.measures))
        for name in settings.measures
        if name not in study.measures
    ]
    problems += [
        InputError("study.twice", part="synergy.measures", name=name) for name in _duplicates(settings.measures)
    ]
    problems += [
        InputError("synergy.unknown_indicator", name=name)
        for name in settings.indicators
        if name not in indicators() or name in _undirected()
    ]
    return problems


def _interaction_problems(study: OpenStudy) -> list[PlanError]:
    names = study.asked.interactions.measures
    problems: list[PlanError] = [
        InputError("study.unknown_measure", measure=name, known=sorted(study.measures))
        for name in names
        if name not in study.measures
    ]
    problems += [InputError("study.twice", part="interactions.measures", name=name) for name in _duplicates(names)]
    if len(names) == 1:
        problems.append(InputError("interactions.measures", got=1, most=MOST_MEASURES))
    return problems


def _price_problems(study: OpenStudy, names: Sequence[str]) -> list[PlanError]:
    """Return errors in the price of a candidate measure: its number or its unit."""
    bought = {name: study.measures[name].quantity for name in names if name in study.measures}
    units = {name: quantity.unit for name, quantity in bought.items() if quantity is not None}
    about = study.asked.study
    if not study.currency:
        return []
    try:
        known = prices_by_name(study.price_keys(units), study.book, region=about.region, year=about.year)
        refuse_unusable(known.known, units, currency=study.currency)
    except PlanError as fault:
        return [fault]
    return []


def _undirected() -> set[str]:
    return {row.id for row in indicators().values() if row.direction == "none"}
