"""What is renewed first and when, who lives where works go on, and what the whole changes."""

import pandas as pd

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.report.chapter import Column, Quantity, Table, Text, TextList, Unrepeated, Words, cells, words
from citybraid.report.indicators import unit_tables, whole
from citybraid.report.levels.answer_map import sheet_map
from citybraid.report.levels.names import unit_names
from citybraid.report.levels.years_map import years_map
from citybraid.report.verdict.question import Answer, Lacking, joined
from citybraid.report.view import View, measure_title, named

CHANGES = (
    "flooded_buildings", "elderly_exposed", "canopy_cover", "elderly_heat_person_hours", "overheated_hours",
    "blackout_elderly", "emissions_per_resident",
)  # fmt: skip
"""Indicators of drainage, shade, homes and old people that sentences tell."""


def answer(view: View) -> Answer | Lacking:
    """Return the works by year with the residents who live there meanwhile; needs a portfolio with phases."""
    works, people = view.run.table("phases"), _residents(view)
    if works is None or works["start"].notna().sum() == 0:
        return Lacking([words("phased_renewal.no_phases")])
    if people is None:
        return Lacking.of("residents")
    started = works[works["start"].notna()].assign(start=lambda table: table["start"].astype(int))
    years = [_year(view, year, rows, people) for year, rows in started.groupby("start")]
    frame = pd.DataFrame(years)
    later = works[works["start"].isna()]
    rest = [_year(view, words("phased_renewal.undated"), later, people)] if len(later) else []
    undated = [
        words("phased_renewal.rest", works=each["works"], cost=Quantity(float(str(each["cost"])), view.money()))
        for each in rest
    ]
    sentences = [_order(view, frame, float(people.sum())), *_later(view, started), *undated]
    table = _table(view, pd.DataFrame([*years, *rest]))
    living = {int(str(each["year"])): float(str(each["living"])) for each in years}
    pictures = [years_map(view, started, living), sheet_map(view, "phased_renewal", "max_depth")]
    return Answer([joined(sentences), joined(_changes(view))], table, pictures)


def _residents(view: View) -> pd.Series | None:
    """Return the residents of each planning unit today, None where they are not known."""
    table = unit_tables(view).get(view.base)
    if table is None or "residents" not in table:
        return None
    return table["residents"].drop(WHOLE_AREA).fillna(0.0)


def _year(view: View, year: object, rows: pd.DataFrame, people: pd.Series) -> dict[str, object]:
    """Return a year's works by place, their cost, and the residents of the places where they go on."""
    names = unit_names(view)
    parts = [
        words("phased_renewal.work", measure=measure_title(str(measure)), places=TextList(
            tuple(names.get(str(unit), str(unit)) for unit in places["unit"]), ", "))
        for measure, places in rows.groupby("measure", sort=False)
    ]  # fmt: skip
    touched = set(rows["unit"].astype(str))
    living = float(people[[str(unit) in touched for unit in people.index]].sum())
    named_year = year if isinstance(year, Words) else str(year)
    return {"year": named_year, "works": TextList(tuple(parts)), "cost": float(rows["cost"].sum()), "living": living}


def _order(view: View, frame: pd.DataFrame, people: float) -> Text:
    most = float(frame["living"].max())
    return words(
        "phased_renewal.order", first=frame["year"].iloc[0], last=frame["year"].iloc[-1],
        cost=Quantity(float(frame["cost"].sum()), view.money()), works=frame["works"].iloc[0],
        most=Quantity(most, "person", 0), share=Quantity(100.0 * most / people if people > 0 else 0.0, "%", 0),
    )  # fmt: skip


def _later(view: View, started: pd.DataFrame) -> list[Text]:
    """Return what the measures cost whose year follows from the money left, where there are any."""
    if "later" not in started or not started["later"].any():
        return []
    rows = started[started["later"].astype(bool)]
    parts = tuple(measure_title(str(name)) for name in dict.fromkeys(rows["measure"].astype(str)))
    cost = Quantity(float(rows["cost"].sum()), view.money())
    return [words("phased_renewal.later", measures=TextList(parts, ", "), cost=cost)]


def _changes(view: View) -> list[Text]:
    """Return what becomes of each indicator from the first alternative to the last, where it was computed."""
    parts: list[Text] = []
    for name in CHANGES:
        before, after = (whole(view, end, name) for end in (view.ends[0], view.ends[-1]))
        if before is not None and after is not None:
            unit = view.unit_of(name)
            then = Quantity(after, unit)
            values = {"before": Unrepeated(Quantity(before, unit), then), "after": then}
            parts.append(words("phased_renewal.change", indicator=named("indicator", name), **values))
    return parts or [words("phased_renewal.no_change")]


def _table(view: View, frame: pd.DataFrame) -> Table:
    shown = frame.assign(year=cells(frame["year"]), works=cells(frame["works"]))
    return Table("phased_renewal", words("phased_renewal.table"), shown, [
        Column("year", words("why.year")), Column("works", words("phased_renewal.works")),
        Column("cost", words("measures.cost"), view.money()),
        Column("living", words("phased_renewal.living"), "person", 0),
    ], words("phased_renewal.note"))  # fmt: skip
