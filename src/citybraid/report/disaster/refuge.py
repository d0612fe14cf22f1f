"""Preparedness: shelters that stand dry, places for whom, and what there is to fall back on."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from citybraid.report.chapter import Block, Column, Paragraph, Quantity, Table, Text, cells, words
from citybraid.report.disaster.phase import Phase, Span
from citybraid.report.drawing.units import number
from citybraid.report.indicators import whole
from citybraid.report.strand import strand_maps
from citybraid.report.view import View, named

PHASE: Phase = "preparedness"
PLACES, REFUSAL, HERE = "shelter_places", "shelter_refusal", "sheltered_here"
LISTED = ("facility_places", "facility_refusal", "facility_sheltered")
SHOWN, PRINTED = 12, 20
PERCENT = 100.0


def blocks(view: View) -> Iterator[Block]:
    """Yield what shelters hold in the largest event, on a map and in a table, and who depends on one way or station."""
    places = view.column(view.base, PLACES)
    if places is not None:
        for alternative in view.ends:
            yield from _sentences(view, alternative)
    yield from strand_maps(view, "preparedness")
    if places is not None:
        yield from _sites(view, view.ends[-1])
    yield from _redundancy(view)


def spans(view: View, alternative: str) -> Iterator[Span]:
    """Yield nothing: shelters have no hours of their own."""
    del view, alternative
    yield from ()


def _total(view: View, alternative: str, name: str) -> float | None:
    column = view.column(alternative, name)
    return None if column is None else float(column.sum())


def _sentences(view: View, alternative: str) -> Iterator[Block]:
    """Yield a sentence on places and need of one alternative; a warning where no site qualifies or water takes some."""
    layer = view.layer(alternative, PLACES)
    if layer is None:
        return
    listed = view.column(alternative, LISTED[0])
    both = [view.run.value(layer), *([] if listed is None else [listed])]
    places = float(sum(column.sum() for column in both))
    sites = int(sum((column > 0.0).sum() for column in both))
    event = view.event_name(alternative, layer.label)
    name = view.name(alternative)
    need, left = (_total(view, alternative, var) or 0.0 for var in ("shelter_need", "people_unsheltered"))
    near, residents = (_total(view, alternative, var) or 0.0 for var in ("people_near_shelter", "residents"))
    if not sites:
        yield Paragraph(words("preparedness.no_site", alternative=name, event=event), "warning")
        return
    values: dict[str, object] = {
        "sites": sites, "places": Quantity(places, "person", 0), "need": Quantity(need, "person", 0),
        "left": Quantity(left, "person", 0), "near": round(PERCENT * near / residents) if residents else 0,
        "share": number(PERCENT * need / residents if residents else 0.0, digits=0),
        "area": Quantity(view.number(alternative, "shelter_area_per_head") or 0.0, "m2 person-1", 2),
    }  # fmt: skip
    yield Paragraph(words("preparedness.shelters", alternative=name, event=event, **values))
    exposed = whole(view, alternative, "people_exposed") or 0.0
    if round(exposed) > round(need):
        parts: dict[str, object] = {"exposed": Quantity(exposed, "person", 0), "need": values["need"]}
        yield Paragraph(words("preparedness.more_flooded", alternative=name, event=event, **parts), "warning")
    flooded = view.number(alternative, "shelters_flooded") or 0.0
    if flooded:
        yield Paragraph(words("preparedness.flooded", alternative=name, event=event, count=round(flooded)), "warning")


def _sites(view: View, alternative: str) -> Iterator[Block]:
    """Yield the candidates: listed shelters, then parcels; those that water takes first, then by people sheltered."""
    parts = []
    for kind, (places, refusal, people) in (("facility", LISTED), ("parcel", (PLACES, REFUSAL, HERE))):
        site_columns = {name: view.column(alternative, var) for name, var in
                   (("places", places), ("refusal", refusal), ("people", people))}  # fmt: skip
        if any(column is None for column in site_columns.values()):
            continue
        frame = pd.DataFrame(site_columns)
        frame = frame[frame["places"].notna()]
        frame["site"] = cells(view.parcel_link(row) if kind == "parcel" else row for row in frame.index)
        frame["kind"] = cells(words(f"preparedness.{kind}") for _ in frame.index)
        parts.append(frame)
    frame = pd.concat(parts)
    if frame.empty:
        return
    frame["wet"] = frame["refusal"] == "flooded"
    frame = frame.sort_values(["wet", "people", "places"], ascending=False, kind="stable")
    frame["refusal"] = cells(_reason(word) for word in frame["refusal"])
    columns = [
        Column("site", words("preparedness.site")), Column("kind", words("preparedness.kind")),
        Column("places", words("preparedness.places"), "person", 0),
        Column("people", words("preparedness.people"), "person", 0),
        Column("refusal", words("preparedness.refusal")),
    ]  # fmt: skip
    title = words("preparedness.sites", alternative=view.name(alternative))
    yield Table(
        "shelter_sites", title, frame.drop(columns="wet").reset_index(drop=True), columns,
        words("preparedness.sites_note"), most=SHOWN, printed=PRINTED, appendix=True,
    )  # fmt: skip


def _reason(word: object) -> Text:
    return named("shelter_refusal", word) if isinstance(word, str) and word else "–"


def _worst_home(view: View, alternative: str) -> int:
    """Return the ways out of the home that has fewest: sheds and halls that nobody lives in do not count."""
    routes, residents = view.column(alternative, "routes_out"), view.column(alternative, "residents")
    if routes is None:
        return 0
    lived = routes if residents is None else routes[residents.reindex(routes.index).fillna(0.0) > 0.0]
    return int(np.nanmin(lived)) if len(lived) else 0


def _redundancy(view: View) -> Iterator[Block]:
    """Yield a sentence on people whose way out, fire station or hospital has no second."""
    alternative = view.ends[-1]
    one = _total(view, alternative, "people_one_way_out")
    if one is None:
        return
    values: dict[str, object] = {"least": _worst_home(view, alternative)}
    few = {"one": Quantity(one, "person", 0)} if one > 0.0 else {}
    text = "preparedness.few_routes" if few else "preparedness.routes"
    yield Paragraph(words(text, alternative=view.name(alternative), **values, **few))
    station = _total(view, alternative, "people_without_second_station")
    hospital = _total(view, alternative, "people_without_second_hospital")
    if station is not None and hospital is not None:
        values_of = {"station": Quantity(station, "person", 0), "hospital": Quantity(hospital, "person", 0)}
        yield Paragraph(words("preparedness.second", **values_of))
