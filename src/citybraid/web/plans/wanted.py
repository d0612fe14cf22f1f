"""What a study asks beside the existing state: the plan as its parcels state it, and a portfolio within a budget."""

from pathlib import Path
from typing import Any

import tomlkit
from pydantic import BaseModel

from citybraid.core.errors import InputError
from citybraid.core.text import CATALOGUE_LANGUAGES, LANGUAGES, say
from citybraid.planning.rows import indicators
from citybraid.report.drawing.units import label
from citybraid.study.open.open_study import open_study
from citybraid.study.run.choosing import is_purchasable
from citybraid.web.access.refusals import Conflict, Refused
from citybraid.web.plans.study_text import with_alternative
from citybraid.web.studies.listing import STUDY
from citybraid.web.studies.study_text import Change, changed, parsed

BUILT = "built_form"
PLANNED, CHOSEN = "as_planned", "chosen"
"""Names of the alternatives that are added."""
LONGEST = 40
"""Longest id of an objective."""
Said = dict[str, str]


class IndicatorName(BaseModel):
    """An indicator that a portfolio can be asked to improve."""

    indicator: str
    title: Said
    unit: Said
    strand: str


class MeasureName(BaseModel):
    """A measure that a budget can buy."""

    name: str
    title: Said


class WantedState(BaseModel):
    """Whether the study builds its plan and asks for a portfolio; its year and currency; what can be asked for."""

    planned: bool
    portfolio: bool
    year: int
    currency: str
    indicators: list[IndicatorName]
    measures: list[MeasureName]


def wanted(folder: Path) -> WantedState:
    """Return what a study asks; raises InputErrors where it does not open."""
    study = open_study(folder / STUDY)
    settings = study.asked
    return WantedState(
        planned=any(use.measure == BUILT for each in settings.alternatives.values() for use in each.measures),
        portfolio=settings.budget is not None, year=settings.study.year, currency=settings.study.currency,
        indicators=[
            IndicatorName(indicator=name, title=_words(f"indicator.{name}"), unit=_unit(row.unit), strand=row.strand)
            for name, row in indicators().items() if row.direction != "none"
        ],
        measures=[
            MeasureName(name=model.name, title=_words(f"model.{model.id}"))
            for _, model in sorted(study.measures.items()) if is_purchasable(model)
        ],
    )  # fmt: skip


def require_buyable(folder: Path, candidates: list[str]) -> None:
    """Raise InputError for a candidate that is no measure which a budget can buy."""
    known = [each.name for each in wanted(folder).measures]
    if unknown := [name for name in candidates if name not in known]:
        raise InputError("study.unknown_measure", measure=unknown[0], known=known)


def with_plan(text: str, *, year: int) -> str:
    """Return a study file with an alternative that builds what its parcels state, completed in a year.

    Raises Conflict where an alternative has that name already.
    """
    _require_free(text, PLANNED)
    built = {"title": _titles("web.wanted.planned_title"), "measures": [{"measure": BUILT, "params": {"year": year}}]}
    return with_alternative(text, PLANNED, built, file=STUDY)


def with_portfolio(
    text: str, *, indicator: str, target: float, total: float, currency: str, candidates: list[str], pairs: bool
) -> str:
    """Return a study file that asks for the portfolio which moves an indicator most within a budget.

    Raises Conflict where the study has a budget already, Refused for an unknown indicator.
    """
    content = parsed(text)
    if "budget" in content:
        raise Conflict("web.wanted.has_budget")
    if indicator not in indicators():
        raise Refused("web.wanted.no_indicator", name=indicator[:80])
    _require_free(text, CHOSEN)
    if content.get("study", {}).get("currency") != currency:
        text = changed(text, [Change(("study", "currency"), currency)])
    objective: dict[str, Any] = {
        "id": indicator[:LONGEST], "title": _titles(f"indicator.{indicator}"),
        "strategy": _titles("web.wanted.strategy"), "indicator": indicator, "target": target,
    }  # fmt: skip
    budget: dict[str, Any] = {"total": total, "maximise": objective["id"], "pairs": pairs}
    if candidates:
        budget["candidates"] = candidates
    known = {str(each.get("id")) for each in content.get("objectives", ())}
    added = _rendered(budget, None if objective["id"] in known else objective)
    end = "" if text.endswith("\n") else "\n"
    text = f"{text}{end}\n{added}"
    return with_alternative(
        text, CHOSEN, {"title": _titles("web.wanted.chosen_title"), "portfolio": True}, file=STUDY
    )  # fmt: skip


def _rendered(budget: dict[str, Any], objective: dict[str, Any] | None) -> str:
    document = tomlkit.document()
    if objective is not None:
        rows = tomlkit.aot()
        row = tomlkit.table()
        for name, value in objective.items():
            row[name] = _inline(value) if isinstance(value, dict) else value
        rows.append(row)
        document["objectives"] = rows
    document["budget"] = budget
    return tomlkit.dumps(document)


def _inline(values: dict[str, str]) -> Any:
    table = tomlkit.inline_table()
    table.update(values)
    return table


def _require_free(text: str, name: str) -> None:
    if name in parsed(text).get("alternatives", {}):
        raise Conflict("web.plan.alternative_taken", name=name)


def _titles(text: str) -> dict[str, str]:
    return {language: say(text, language) for language in sorted(CATALOGUE_LANGUAGES, reverse=True)}


def _unit(unit: str) -> Said:
    return {language: "" if unit == "1" else label(unit, language) for language in LANGUAGES}


def _words(text: str) -> Said:
    return {language: say(text, language) for language in LANGUAGES}
