"""The master plan: the national table of indicators, capacity and facilities by unit, and conflicts of zones."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import shapely

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.core.rows.levels import MasterIndicator
from citybraid.planning.conflicts import summed, zone_conflicts
from citybraid.planning.master import master_indicators
from citybraid.planning.regions import holds_in
from citybraid.report.chapter import (
    Block,
    Column,
    Figure,
    Paragraph,
    Quantity,
    Table,
    Text,
    TextList,
    cells,
    in_words,
    words,
)
from citybraid.report.drawing.cartography import Entry, Panel, Sheet, draw_panels
from citybraid.report.drawing.scene import Part, Scene, VectorPart
from citybraid.report.drawing.units import needed
from citybraid.report.indicators import unit_text
from citybraid.report.levels.names import unit_names
from citybraid.report.view import View, named
from citybraid.sources.protocol.quantities import geometry_of, vocabulary

PALETTE = ("#c0392b", "#e08a1e", "#8e44ad", "#2e86c1", "#7f8c1a", "#16a085", "#d16ba5", "#6e4b2a", "#34495e")
GROUND, EDGE = "#f3f1ec", "#8d8880"
ZONE_EDGE = "#2f6b4f"
LEAST_OUTSIDE = 0.01
"""Share of the area outside parcels from which the national table says that it is left out [-]."""


def conflict_blocks(view: View) -> Iterator[Block]:
    """Yield the areas of conflict by pair with their map, and the list of features in the appendix."""
    tables = _tables(view, "conflicts")
    if not tables:
        return
    last = next(reversed(tables))
    sums = {name: summed(table).set_index("conflict") for name, table in tables.items()}
    checked = [row.conflict for row in zone_conflicts() if row.conflict not in _missing(view, last, "conflict")]
    if not checked:
        return
    met = [name for name in checked if any(name in each.index for each in sums.values())]
    yield Paragraph(words("conflicts.lead" if met else "conflicts.none", count=len(met), of=len(checked)))
    if not met:
        return
    yield _pairs(view, sums, met)
    figure = _map(view, next(iter(tables)), tables)
    if figure is not None:
        yield replace(figure, appendix=True)
    for name in (each for each in view.ends if each in tables):
        yield _features(view, name, tables[name])


def _pairs(view: View, sums: Mapping[str, pd.DataFrame], met: list[str]) -> Table:
    rows = {row.conflict: row for row in zone_conflicts()}
    frame = pd.DataFrame(
        {
            "conflict": cells(named("conflict", name) for name in met),
            **{name: [float(table["area"].get(each, 0.0)) for each in met] for name, table in sums.items()},
            "features": [int(next(iter(sums.values()))["features"].get(each, 0)) for each in met],
            "status": cells(named("status", rows[name].status) for name in met),
        }
    )
    columns = [
        Column("conflict", words("conflicts.pair")),
        *(Column(name, view.name(name), "m2", 2) for name in sums),
        Column("features", words("conflicts.features"), printed=False), Column("status", words("method.status")),
    ]  # fmt: skip
    size = view.run.manifest.grid.cell
    cell = Quantity(size, "m", needed([size]))
    return Table("conflicts", words("conflicts.table"), frame, columns, words("conflicts.note", cell=cell))


def _map(view: View, alternative: str, tables: Mapping[str, pd.DataFrame]) -> Figure | None:
    table = tables[alternative]
    if table.empty:
        return None
    present = [row.conflict for row in zone_conflicts() if row.conflict in set(table["conflict"])]
    colours = {name: PALETTE[at % len(PALETTE)] for at, name in enumerate(present)}
    parts: list[Part] = []
    for name, edge, fill in (("parcels", EDGE, GROUND), ("control_zones", ZONE_EDGE, None)):
        shapes = view.shapes(alternative, name)
        if shapes is not None:
            parts.append(VectorPart(list(shapes), fill, edge, 0.3))
    for name in present:
        shapes = shapely.from_wkb(table.loc[table["conflict"] == name, "shape"].to_numpy())
        parts.append(VectorPart(list(shapes), colours[name], None, 0.2))
    scene = Scene(tuple(parts), view.bounds)  # drawn once for all languages

    def draw(language: str) -> Any:
        sheet = Sheet(
            title=words("conflicts.map").say(language), project=in_words(view.title, language), language=language,
            alternative=in_words(view.name(alternative), language), source=words("conflicts.source").say(language),
            legend=[Entry(in_words(named("conflict", name), language), colours[name]) for name in present],
            notes=[in_words(note, language) for note in view.notes], synthetic=view.run.synthetic,
        )  # fmt: skip
        return draw_panels(sheet, [Panel("", scene)], bounds=view.bounds)

    return Figure("conflicts", words("conflicts.caption", alternative=view.name(alternative)), draw)


def _features(view: View, alternative: str, table: pd.DataFrame) -> Table:
    rows = table.sort_values("area", ascending=False, kind="stable")
    frame = pd.DataFrame(
        {
            "conflict": cells(named("conflict", str(name)) for name in rows["conflict"]),
            "feature": cells(view.parcel_link(str(name)) for name in rows["feature"]),
            "area": rows["area"].to_numpy(float),
        }
    )
    columns = [
        Column("conflict", words("conflicts.pair")), Column("feature", words("conflicts.feature")),
        Column("area", words("levels.area"), "m2", 2),
    ]  # fmt: skip
    title = words("conflicts.list", alternative=view.name(alternative))
    return Table(f"conflicts_{alternative}", title, frame, columns, most=20, printed=0, appendix=True)


def national_table(view: View) -> Iterator[Block]:
    """Yield the national table of indicators: computed, nearest, or what is missing; in the appendix."""
    tables = _tables(view, "master")
    if not tables:
        return
    region = view.run.about.region
    rows = [row for row in master_indicators().values() if row.no is not None and holds_in(row.region, region)]
    if not rows:
        return
    last = next(reversed(tables))
    missing = _missing(view, last, "master")
    frame = pd.DataFrame(
        {
            "no": [str(row.no) for row in rows],
            "indicator": cells(named("master_indicator", row.id) for row in rows),
            "unit": cells(unit_text(row.unit) for row in rows),
            "attribute": cells(words(f"master.{row.attribute}") if row.attribute else "–" for row in rows),
            **{
                name: [_whole(table, row) for row in rows] for name, table in tables.items()
            },
            "remark": cells(_remark(view, row, missing.get(row.id, "")) for row in rows),
            "status": cells(named("status", row.status) for row in rows),
        }
    )  # fmt: skip
    columns = [
        Column("no", words("master.no")), Column("indicator", words("plan.indicator")),
        Column("unit", words("explorer.unit")), Column("attribute", words("master.attribute")),
        *(Column(name, view.name(name), told=True) for name in tables),
        Column("remark", words("master.remark")), Column("status", words("method.status")),
    ]  # fmt: skip
    count = sum(np.isfinite(_whole(tables[last], row)) for row in rows)
    yield Paragraph(words("master.counted", count=int(count)), appendix=True)
    yield Table("national_indicators", words("master.national"), frame, columns, _land_note(view),
                printed=0, appendix=True)  # fmt: skip
    hot, cool = (view.number(last, name) for name in ("thermal_load_area", "cooling_load_area"))
    if hot is not None and cool is not None:
        yield Paragraph(
            words("master.climate_map", alternative=view.name(last), hot=Quantity(hot, "ha"),
                  cool=Quantity(cool, "ha")), appendix=True
        )  # fmt: skip


def _land_note(view: View) -> Text:
    """Return the note of the national table, with the ground that no parcel covers, where there is some."""
    note = words("master.national_note")
    area, parcels = (view.shapes(view.base, table) for table in ("study_area", "parcels"))
    if area is None or parcels is None:
        return note
    whole = shapely.union_all(np.asarray(area.array))
    outside = whole.area - whole.intersection(shapely.union_all(np.asarray(parcels.array))).area
    if outside < LEAST_OUTSIDE * whole.area:
        return note
    share = Quantity(100.0 * outside / whole.area, "%", 0)
    return TextList((note, words("master.outside_parcels", area=Quantity(outside / 1e4, "ha", 1), share=share)), " ")


def capacity_table(view: View) -> Iterator[Block]:
    """Yield population, floor area and facilities by unit, present and as the plan permits; in the appendix."""
    tables = _tables(view, "master")
    if not tables:
        return
    table = tables[view.base] if view.base in tables else next(iter(tables.values()))
    rows = [row for row in master_indicators().values() if row.no is None and row.id in table and row.attribute == ""]
    rows = [row for row in rows if float(table[row.id].abs().max()) > 0.0]
    if not rows:
        return
    names = unit_names(view)
    frame = pd.DataFrame(
        {
            "unit": cells(words("plan.whole") if zone == WHOLE_AREA else names.get(zone, zone) for zone in table.index),
            **{row.id: table[row.id].to_numpy(float) for row in rows},
        }
    )
    columns = [
        Column("unit", words("plan.unit")),
        *(Column(row.id, named("master_indicator", row.id), row.unit, _digits(row)) for row in rows),
    ]
    room = _room(table)
    note = TextList((words("master.capacity_note"), *(() if room is None else (room,))), " ")
    yield Table("capacity", words("master.capacity"), frame, columns, note, printed=0, appendix=True, turned=True)


def _room(table: pd.DataFrame) -> Text | None:
    """Return the residents that permitted homes can house at the present floor area per resident, None without it."""
    if "permitted_homes" not in table or "homes_per_resident" not in table:
        return None
    homes, each = (float(table[name][WHOLE_AREA]) for name in ("permitted_homes", "homes_per_resident"))
    if not (homes > 0.0 and each > 0.0):
        return None
    people = Quantity(1e4 * homes / each, "person", 0)
    return words("master.room", people=people, each=Quantity(each, "m2 person-1", 1))


def _digits(row: MasterIndicator) -> int:
    return 0 if row.unit in ("count", "person") else 2


def _whole(table: pd.DataFrame, row: MasterIndicator) -> float:
    return float(table[row.id][WHOLE_AREA]) if row.id in table else np.nan


def _remark(view: View, row: MasterIndicator, lacks: str) -> Text:
    if row.needs:
        return words("master.needs", what=named("master_needs", row.needs))
    if lacks:
        return words("master.needs", what=_lacking(view, lacks))
    return words("master.near", what=named("master_near", row.id)) if row.near else "–"


def _lacking(view: View, name: str) -> Text:
    """Return what is missing in words: the table of a column that the run has no such table of, else the quantity."""
    if name in master_indicators():
        return named("master_indicator", name)
    table = vocabulary()[name].on
    whole_table = geometry_of(table) is not None and view.layer(view.base, table) is None
    return named("var", table if whole_table else name)


def _tables(view: View, name: str) -> dict[str, pd.DataFrame]:
    tables = {each: view.run.table(f"{name}/{each}") for each in view.run.alternatives}
    return {each: table for each, table in tables.items() if table is not None}


def _missing(view: View, alternative: str, part: str) -> dict[str, str]:
    table = view.run.table(f"master_missing/{alternative}")
    if table is None:
        return {}
    rows = table[table["part"] == part]
    return {str(name): str(needs) for name, needs in zip(rows["name"], rows["needs"], strict=True)}
