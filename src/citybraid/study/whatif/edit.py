"""An edit: what changes on one parcel, read from words of the command line or of Python."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from citybraid.core.errors import InputError, InputErrors, PlanError
from citybraid.core.text import Phrase, known
from citybraid.integrate.measures.form.parcel_edit import CONTROLS, DENSITY, GREEN, RATIO, SHORT
from citybraid.planning.rows import controls as control_rows
from citybraid.sources.land_use.land_use import guide
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.study.open.open_study import OpenStudy
from citybraid.study.run.choosing import is_purchasable

LAND_USE = "land_use"
PERCENT = "%"


def named(name: str) -> Phrase | str:
    """Return the title of a stated control, by the name that a study gives its column; another name as it is."""
    names = [each.id for each in control_rows().values() if each.stated == name]
    return Phrase(f"control.{names[0]}", {}) if names else name


def amount(name: str, value: float) -> str:
    """Return a value of a stated control in the unit that a plan's tables have it in: shares in percent."""
    units = [each.unit for each in control_rows().values() if each.stated == name]
    if PERCENT in units:
        return f"{100.0 * value:.4g}{PERCENT}"
    return f"{value:.4g} {units[0]}" if units and units[0] not in ("", "1") else f"{value:.4g}"


def title_of(study: OpenStudy, measure: str) -> Phrase | str:
    """Return the title of a measure of the study, its name where the catalogue has none or it is not the study's."""
    text = f"model.{study.measures[measure].id}" if measure in study.measures else ""
    return Phrase(text, {}) if known(text) else measure


def missing_controls() -> list[Phrase | str]:
    """Return the titles of what must be stated for a parcel to be built."""
    return [named(RATIO), named(DENSITY)]


@dataclass(frozen=True)
class Edit:
    """What changes on a parcel: its land use ('' keeps it), controls, and the share of measures placed on it."""

    parcel: str
    land_use: str = ""
    controls: tuple[tuple[str, float], ...] = ()
    measures: tuple[tuple[str, float], ...] = ()

    @property
    def plans(self) -> bool:
        """Whether what is planned on the parcel changes, so that it is built anew."""
        return bool(self.land_use or self.controls)

    @property
    def empty(self) -> bool:
        """Whether nothing changes."""
        return not self.plans and not any(share for _, share in self.measures)

    def words(self) -> tuple[str, ...]:
        """Return the options of the command line that ask for this edit."""
        land_use = ("--set", f"{LAND_USE}={self.land_use}") if self.land_use else ()
        controls = (word for name, value in self.controls for word in ("--set", f"{name}={value:g}"))
        measures = (word for name, share in self.measures for word in ("--measure", f"{name}={share:g}"))
        return ("--parcel", self.parcel, *land_use, *controls, *measures)


def read_edit(study: OpenStudy, parcel: str, settings: Iterable[str], measures: Iterable[str]) -> Edit:
    """Return the edit that NAME=VALUE words ask for.

    Raises InputErrors with every problem: words of another form, unknown controls, codes and measures, values out of
    range, and two edits of one thing.
    """
    problems: list[PlanError] = []
    stated, placed = (
        _pairs(words, option, problems) for words, option in ((settings, "--set"), (measures, "--measure"))
    )
    return edit_of(study, parcel, stated, placed, problems)


def edit_of(
    study: OpenStudy, parcel: str, settings: Mapping[str, object], measures: Mapping[str, object],
    problems: Iterable[PlanError] = (),
) -> Edit:  # fmt: skip
    """Return the edit of controls and measures by name; raises InputErrors with every problem, those given first."""
    problems_found = list(problems)
    names = [SHORT.get(name, name) for name in settings]
    problems_found += [
        InputError("what_if.twice", name=named(name)) for name in sorted({n for n in names if names.count(n) > 1})
    ]
    controls, land_use = dict[str, float](), ""
    for name, value in zip(names, settings.values(), strict=True):
        if name == LAND_USE:
            land_use = str(value)
            problems_found += _code_problems(land_use)
        elif name not in CONTROLS:
            problems_found.append(InputError("what_if.unknown_control", name=name, known=[*SHORT, GREEN, LAND_USE]))
        else:
            controls[name] = _number(name, value, problems_found)
            problems_found += _range_problems(name, controls[name])
    shares = {name: _share(study, name, value, problems_found) for name, value in measures.items()}
    if problems_found:
        raise InputErrors(problems_found)
    return Edit(parcel, land_use, tuple(sorted(controls.items())), tuple(sorted(shares.items())))


def learned_measures(study: OpenStudy, names: Iterable[str]) -> tuple[str, ...]:
    """Return the measures that are to be learned: those named, else the budget's candidates that a parcel can have.

    Raises InputErrors for those that cannot be placed on a parcel.
    """
    problems: list[PlanError] = []
    listed = tuple(sorted(set(names))) or _candidates(study)
    for name in listed:
        _share(study, name, 1.0, problems)
    if problems:
        raise InputErrors(problems)
    return listed


def _candidates(study: OpenStudy) -> tuple[str, ...]:
    """Return the measures that the study's budget names and that are placed by planning unit, so on a parcel too."""
    budget = study.asked.budget
    named_ones = () if budget is None else budget.candidates
    models = study.measures
    return tuple(sorted(name for name in named_ones if is_purchasable(models[name]) and "units" in models[name].needs))


def _pairs(words: Iterable[str], option: str, problems: list[PlanError]) -> dict[str, object]:
    pairs: dict[str, object] = {}
    for word in words:
        name, sign, value = (part.strip() for part in word.partition("="))
        if not (name and sign and value):
            problems.append(InputError("what_if.form", option=option, got=word))
        elif name in pairs:
            problems.append(InputError("what_if.twice", name=name))
        else:
            pairs[name] = value
    return pairs


def _number(name: str, value: object, problems: list[PlanError]) -> float:
    try:
        number = float(str(value))
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        problems.append(InputError("what_if.no_number", name=named(name), got=value))
        return math.nan
    return number


def _range_problems(name: str, value: float) -> list[PlanError]:
    var = vocabulary()[name]
    if math.isnan(value) or var.ge <= value <= var.le:
        return []
    ends = {"least": amount(name, var.ge), "most": amount(name, var.le)}
    return [InputError("what_if.out_of_range", name=named(name), got=amount(name, value), **ends)]


def _code_problems(code: str) -> list[PlanError]:
    if code in guide():
        return []
    near = get_close_matches(code, guide(), n=5, cutoff=0.5) or [each for each in guide() if len(each) == 2]  # noqa: PLR2004  (the first level)
    return [InputError("what_if.unknown_code", got=code, near=near)]


def _share(study: OpenStudy, name: str, value: object, problems: list[PlanError]) -> float:
    listed = sorted(each for each, model in study.measures.items() if is_purchasable(model))
    if name not in listed:
        near = get_close_matches(name, listed, n=5, cutoff=0.5) or listed
        problems.append(InputError("what_if.unknown_measure", name=name, near=near))
        return math.nan
    share = _number(name, value, problems)
    if not math.isnan(share) and not 0.0 <= share <= 1.0:
        problems.append(InputError("what_if.out_of_range", name=title_of(study, name), got=share, least=0, most=1))
    return share
