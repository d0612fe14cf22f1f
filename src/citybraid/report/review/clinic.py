"""What the plan clinic found: a sentence with the counts, and a row per contradiction with what resolves it."""

from collections.abc import Iterator, Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from citybraid.core.text import Phrase, known, say
from citybraid.planning.failing import change_needed
from citybraid.planning.review.standards import standards
from citybraid.report.chapter import (
    Block,
    Column,
    Paragraph,
    Quantity,
    Table,
    Text,
    TextList,
    TranslatedText,
    cells,
    words,
)
from citybraid.report.review.adopted import adopted
from citybraid.report.review.clinic_sources import clinic_source
from citybraid.report.view import LANGUAGES, View, measure_title, named
from citybraid.study.open.plan_conflicts import change_of, form_control

PARCEL_KINDS = frozenset({"conflict", "control", "standard", "hazard", "capacity"})
OF_FIGURES = frozenset({"handed_down", "layers"})
IN_DOCUMENTS, MOST_PLACES = 20, 12
"""Rows of the list in documents, and parcels that a row names before it counts the others."""
GROUPS: Mapping[str, str] = {
    "control": "control", "standard": "standard", "hazard": "clinic_hazard", "capacity": "clinic_capacity",
    "handed_down": "master_indicator", "layers": "master_indicator",
}  # fmt: skip
"""Names of what a contradiction is about, by its kind; indicators where none is told."""


def clinic_sentence(view: View) -> Iterator[Block]:
    """Yield what was found in the alternative whose controls are checked: how many of each kind, and in which plots."""
    table = _table(view)
    if table is None:
        return
    if table.empty:
        yield Paragraph(words("clinic.clean", alternative=view.name(adopted(view))))
        return
    counts = table["kind"].value_counts()
    parts = [
        words("clinic.count", kind=words(f"clinic_kind.{kind}"), count=int(count)) for kind, count in counts.items()
    ]
    hard = int(table["hard"].sum())
    yield Paragraph(
        words("clinic.brief", alternative=view.name(adopted(view)), count=len(table), hard=hard,
              parts=TextList(tuple(parts), ", ")),
        "warning" if hard else "text",
    )  # fmt: skip


def clinic_table(view: View) -> Iterator[Block]:
    """Yield a row per contradiction, the hard ones first."""
    table = _table(view)
    if table is None or table.empty:
        return
    conflicts = view.run.table(f"feasibility/{adopted(view)}")
    by_conflict: dict[tuple[str, str], Mapping[Any, Any]] = {}
    for row in [] if conflicts is None else conflicts.to_dict("records"):
        by_conflict[str(row["parcel"]), str(row["conflict"])] = row
    rows, areas = table.to_dict("records"), view.shapes(adopted(view), "parcels")
    frame = pd.DataFrame(
        {
            "place": cells(_place(view, row) for row in rows),
            "kind": cells(words(f"clinic_kind.{row['kind']}") for row in rows),
            "what": cells(_what(row) for row in rows),
            "found": cells(_amount(view, row, "value") for row in rows),
            "asked": cells(_amount(view, row, "limit") for row in rows),
            "change": cells(
                _control_change(row, areas)
                if row["kind"] == "control"
                else _change(by_conflict.get((str(row["place"]), str(row["subject"]))))
                for row in rows
            ),
            "source": cells(clinic_source(view, row) for row in rows),
            "weight": cells(words("clinic.hard" if row["hard"] else "clinic.soft") for row in rows),
        }
    )
    columns = [
        Column("place", words("clinic.place")), Column("kind", words("clinic.kind")),
        Column("what", words("clinic.what")), Column("found", words("clinic.found")),
        Column("asked", words("clinic.asked")), Column("change", words("clinic.change")),
        Column("source", words("clinic.source")), Column("weight", words("clinic.weight")),
    ]  # fmt: skip
    title = words("clinic.table", alternative=view.name(adopted(view)))
    yield Table("clinic", title, frame, columns, words("clinic.note"), most=IN_DOCUMENTS, printed=IN_DOCUMENTS)


def _table(view: View) -> pd.DataFrame | None:
    """Return the contradictions, without clauses that runs of earlier versions checked and that stand no more."""
    table = view.run.table(f"clinic/{adopted(view)}")
    if table is None:
        return None
    return table[(table["kind"] != "standard") | table["subject"].isin(list(standards()))]


def _place(view: View, row: Mapping[Any, Any]) -> Text:
    place = str(row["place"])
    if not place:
        return words("clinic.figures" if row["kind"] in OF_FIGURES else "plan.whole")
    if row["kind"] in PARCEL_KINDS:
        places = place.split()
        first = TextList(tuple(view.parcel_link(name) for name in places[:MOST_PLACES]), ", ")
        more = len(places) - MOST_PLACES
        return words("clinic.places", first=first, more=more) if more > 0 else first
    objective = next((each for each in view.run.manifest.asked.objectives if each.id == place), None)
    if objective is not None:
        return TranslatedText.of(objective.title)
    if place in view.run.alternatives:
        return view.name(place)
    return named("control", place)


def _what(row: Mapping[Any, Any]) -> Text:
    kind, subject = str(row["kind"]), str(row["subject"])
    if kind == "conflict":
        name, _, form = subject.partition(".")
        what = named("intake_kind", f"conflict_{name}")
        return TextList((named("control", form_control(form)), what), ": ") if form else what
    if kind == "chain":
        return words(f"clinic_{row['detail']}", name=_linked(subject))
    if kind == "standard":
        return _clause(subject)
    return named(GROUPS.get(kind, "indicator"), subject)


def _clause(name: str) -> Text:
    """Return what a standard asks for, with its document and clause where they are known."""
    row, rule = standards()[name], named("standard", name)
    if not row.document:
        return rule
    document = named("standard_document", row.document)
    if not row.clause:
        return words("clinic.of_document", rule=rule, document=document)
    return words("clinic.of_clause", rule=rule, document=document, clause=named("standard_clause", row.clause))


def _linked(name: str) -> Text:
    return named("indicator", name) if known(f"indicator.{name}") else measure_title(name) if name else ""


def _amount(view: View, row: Mapping[Any, Any], part: str) -> Text:
    value, unit = float(row[part]), str(row["unit"])
    if not np.isfinite(value):
        return "–"
    digits = {"1": 2, "m": 2, "%": 1, "m2 person-1": 2}.get(unit)
    return Quantity(value, view.money(unit), digits)


def _control_change(row: Mapping[Any, Any], parcels: gpd.GeoSeries | None) -> Text:
    """What must be added or removed for a stated control to hold."""
    area = np.nan if parcels is None else float(parcels.area.get(row["place"], np.nan))
    change = change_needed(str(row["subject"]), computed=float(row["value"]), limit=float(row["limit"]), area=area)
    return "–" if change is None else words(f"change.{change.change}", amount=Quantity(change.amount, change.unit))


def _change(row: Mapping[Any, Any] | None) -> Text:
    if row is None:
        return "–"
    phrase: Phrase = change_of(row)
    return TranslatedText({language: say(phrase.text, language, **phrase.values) for language in LANGUAGES})
