"""Keep, retrofit or rebuild: the option that emits least over the life cycle, by block, protected buildings apart."""

from collections.abc import Iterator
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from citybraid.report.chapter import Column, Figure, Quantity, Table, Text, cells, words
from citybraid.report.levels.answer_map import GROUND, Kind, kinds_map
from citybraid.report.levels.names import unit_names
from citybraid.report.verdict.question import Answer, Lacking
from citybraid.report.view import View, named

MODEL = "lowcarbon.life_cycle"
OPTIONS = ("keep", "retrofit", "rebuild")
COLOURS = {"keep": "#8fb08c", "retrofit": "#5b8db8", "rebuild": "#c0392b"}
NEEDED = ("lowest_carbon", "floor_area", *(f"{option}_carbon" for option in OPTIONS))
PERCENT, TONNE = 100.0, 1000.0
SHOWN = 12
"""Blocks that page one shows, those first where the best option saves most."""
DEEP = 0.15
"""Depth of water at a building from which it counts as reached [m], that of the indicator flooded_buildings."""


def answer(view: View) -> Answer | Lacking:
    """Return what each block should do with its buildings, and how many of them each event of water reaches."""
    buildings, units = view.frame(view.base, "buildings"), view.shapes(view.base, "units")
    if buildings is None or units is None:
        return Lacking.of("buildings", "units")
    if missing := [name for name in NEEDED if name not in buildings]:
        return Lacking.of(*missing)
    zones = _zones(buildings, units)
    frame = _blocks(buildings, zones)
    sentences = [_verdict(view, buildings, frame), *_protected(buildings), *_water(view)]
    return Answer(sentences, _table(view, frame), [_picture(view, units, frame)])


def _picture(view: View, units: gpd.GeoSeries, frame: pd.DataFrame) -> Figure:
    """Return the map of blocks by the option of most of their floor area."""
    shapes = {str(key): shape for key, shape in units.items()}
    by_option = {
        option: [shapes[str(zone)] for zone in frame.index[frame["verdict"] == option] if str(zone) in shapes]
        for option in OPTIONS
    }
    judged = {str(zone) for zone in frame.index}
    bare = [shape for key, shape in shapes.items() if key not in judged]
    kinds = [Kind(words("keep_or_rebuild.no_building"), GROUND, bare)]
    kinds += [
        Kind(named("life_cycle_option", option), COLOURS[option], by_option[option]) for option in OPTIONS
    ]  # fmt: skip
    return kinds_map(view, "keep_or_rebuild", words("keep_or_rebuild.map"), kinds)


def _zones(buildings: gpd.GeoDataFrame, units: gpd.GeoSeries) -> pd.Series:
    """Return the block of each building, none outside all."""
    points = gpd.GeoDataFrame(geometry=buildings.geometry.representative_point(), crs=buildings.crs)
    within = gpd.sjoin(points, gpd.GeoDataFrame(geometry=units, crs=units.crs), predicate="within")
    zone: pd.Series = within.iloc[:, -1].groupby(level=0).first().reindex(buildings.index)
    return zone


def _blocks(buildings: gpd.GeoDataFrame, zones: pd.Series) -> pd.DataFrame:
    """Return a row for each block: floor area [m2], shares of options, protected share, carbon of keeping and saved."""
    area = buildings["floor_area"].astype(float)
    best = buildings[[f"{option}_carbon" for option in OPTIONS]].min(axis=1)
    columns = {"area": area, "kept": buildings["keep_carbon"], "best": best, "protected": area * _heritage(buildings)}
    columns |= {option: area.where(buildings["lowest_carbon"] == option, 0.0) for option in OPTIONS}
    sums = pd.DataFrame(columns).groupby(zones).sum()
    shares = sums[[*OPTIONS, "protected"]].mul(PERCENT).div(sums["area"], axis=0)
    frame = shares.assign(area=sums["area"], saved=(sums["kept"] - sums["best"]) / TONNE)
    frame["verdict"] = shares[list(OPTIONS)].idxmax(axis=1)
    return frame.sort_values("saved", ascending=False, kind="stable")


def _heritage(buildings: gpd.GeoDataFrame) -> pd.Series:
    if "heritage" not in buildings:
        return pd.Series(0.0, index=buildings.index)
    marked: pd.Series = buildings["heritage"].fillna(0.0).astype(float)
    return marked


def _verdict(view: View, buildings: gpd.GeoDataFrame, frame: pd.DataFrame) -> Text:
    params: dict[str, Any] = next((dict(step.params) for step in view.run.steps(view.base) if step.model == MODEL), {})
    area = buildings["floor_area"].astype(float)
    values: dict[str, object] = {}
    for option in OPTIONS:
        share = PERCENT * float(area[buildings["lowest_carbon"] == option].sum()) / float(area.sum())
        values[f"{option}_share"] = Quantity(share, "%", 0)
        values[f"{option}_blocks"] = int((frame["verdict"] == option).sum())
    paid = buildings["retrofit_payback"].where(buildings["lowest_carbon"] == "retrofit").median()
    values["years"] = Quantity(float(paid), "year", 0) if np.isfinite(paid) else "–"
    return words(
        "keep_or_rebuild.verdict", blocks=len(frame), start=str(params.get("start", "")),
        horizon=str(params.get("horizon", "")), saved=Quantity(float(frame["saved"].sum()), "t CO2e", 0), **values,
    )  # fmt: skip


def _protected(buildings: gpd.GeoDataFrame) -> Iterator[Text]:
    """Yield how many buildings are protected, or that no file says so."""
    marked = _heritage(buildings) > 0.0
    if not marked.any():
        yield words("keep_or_rebuild.none_protected")
        return
    area = float(buildings["floor_area"].astype(float)[marked].sum())
    yield words("keep_or_rebuild.protected", count=int(marked.sum()), area=Quantity(area, "m2", 0))


def _water(view: View) -> Iterator[Text]:
    """Yield for each event of water how many buildings and people it reaches."""
    for event in view.events(view.base, "people_exposed"):
        depth, people = (view.layer(view.base, name, event) for name in ("building_depth", "people_exposed"))
        if depth is not None and people is not None:
            reached = int((view.run.value(depth) > DEEP).sum())
            yield words(
                "keep_or_rebuild.water", event=view.event_name(view.base, event), count=Quantity(reached, "", 0),
                people=Quantity(float(view.run.value(people).sum()), "person", 0), depth=Quantity(DEEP, "m", 2),
            )  # fmt: skip


def _table(view: View, frame: pd.DataFrame) -> Table:
    names = unit_names(view)
    shown = frame.assign(
        block=cells([names.get(str(zone), str(zone)) for zone in frame.index]),
        verdict=cells([named("life_cycle_option", option) for option in frame["verdict"]]),
    )
    columns = [
        Column("block", words("keep_or_rebuild.block")), Column("verdict", words("keep_or_rebuild.option")),
        *(Column(option, named("life_cycle_option", option), "%", 0) for option in OPTIONS),
        Column("protected", words("keep_or_rebuild.protected_share"), "%", 0),
        Column("area", words("keep_or_rebuild.area"), "m2", 0),
        Column("saved", words("keep_or_rebuild.saved"), "t CO2e", 0),
    ]  # fmt: skip
    note = words("keep_or_rebuild.note")
    return Table("keep_or_rebuild", words("keep_or_rebuild.table"), shown, columns, note, most=SHOWN)
