"""Which crossings and stretches of road reconnect habitat most, and what storm, surge and slopes do to them."""

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from citybraid.report.chapter import Column, Figure, Quantity, Table, Text, cells, words
from citybraid.report.levels.answer_map import WORST, Kind, Under, kinds_map
from citybraid.report.remarks.wildlife_crossings import site_name, street_name
from citybraid.report.verdict.question import Answer, Lacking
from citybraid.report.view import View, named

Floats = NDArray[np.float64]

HABITAT = "#b9d3a8"
"""Colour of habitat on the map."""
TOLD = 3
"""Stretches that the map names, those that gain most."""
MOST = 10
"""Rows of the table: the stretches that gain most, then the crossings that are built first."""
UNSTABLE = 1.0
"""Stability index below which slopes may slide (Pack et al. 1998)."""
STEP = 10.0
"""Distance between the points of a line at which rasters are read [m]."""
PERCENT = 100.0
PRICE = "wildlife_crossing_cost"
SURE = ("verified", "derived", "single_source")
"""Statuses of a price that has a source."""


class Hazards(NamedTuple):
    """Rasters of what threatens roads; None where the run has none."""

    wind: Floats | None
    """Strongest mean wind [m/s]."""
    depth: Floats | None
    """Water of the sea on land [m]."""
    stability: Floats | None
    """Stability index of slopes [-]."""


def answer(view: View) -> Answer | Lacking:
    """Return the stretches of road and the crossings by the conductance that they add, each with its hazards."""
    streets = view.frame(view.base, "streets")
    if streets is None or "reconnection_gain" not in streets or not (streets["reconnection_order"] > 0).any():
        return Lacking.of("streets", "reconnection_gain")
    hazards = Hazards(*(_worst(view, name) for name in ("peak_wind", "coastal_depth", "slope_stability")))
    ranked = streets[streets["reconnection_order"] > 0].sort_values("reconnection_order")
    sites = view.frame(view.base, "crossing_sites")
    built = None if sites is None else sites[sites["crossing_order"] > 0].sort_values("crossing_order")
    sentences = [*_best(view, ranked, built), *_threatened(view, ranked, hazards), *_standing(view, built, hazards)]
    picture = _picture(view, streets, ranked, built)
    return Answer(sentences, _table(view, ranked, built, hazards), [picture])


def _picture(view: View, streets: gpd.GeoDataFrame, ranked: gpd.GeoDataFrame, built: pd.DataFrame | None) -> Figure:
    """Return the map of roads with the stretches that would reconnect most, and of the crossings built first."""
    others = streets.geometry[~streets.index.isin(ranked.index[:MOST])]
    patch = view.layer(view.base, "habitat_patch")
    under = None if patch is None else Under(named("var", "habitat_patch"), HABITAT, view.raster(patch) > 0)
    crossed = _crossed(view, ranked, built)
    first = [
        street_name(view, view.base, name) if place < TOLD and name not in crossed else ""
        for place, name in enumerate(ranked.index[:MOST])
    ]
    kinds = [
        Kind(words("reconnected_habitat.other_roads"), "#9a948c", list(others), width=0.8),
        Kind(words("reconnected_habitat.stretch"), WORST, list(ranked.geometry[:MOST]), first, width=2.4),
    ]  # fmt: skip
    if built is not None and len(built):
        names = [str(number) for number in range(1, len(built) + 1)]
        kinds.append(Kind(words("reconnected_habitat.built"), "#1f4e79", list(built["geometry"]), names, marker="o"))
    return kinds_map(view, "reconnected_habitat", words("reconnected_habitat.map"), kinds, under=under)


def _crossed(view: View, ranked: gpd.GeoDataFrame, built: pd.DataFrame | None) -> set[object]:
    """Return the stretches within a cell of a crossing: its number stands there, where their name would cover it."""
    if built is None or not len(built):
        return set()
    sites = gpd.GeoSeries(list(built["geometry"]), crs=ranked.crs).union_all()
    return set(ranked.index[ranked.geometry.distance(sites) <= abs(view.run.grid.resolution.x)])


def _worst(view: View, name: str) -> Floats | None:
    """Return the raster of the worst event: the largest value of each cell of all events."""
    labels = view.events(view.base, name) or (None,)
    layers = [layer for label in labels if (layer := view.layer(view.base, name, label)) is not None]
    return np.max([view.raster(layer) for layer in layers], axis=0) if layers else None


def _best(view: View, ranked: gpd.GeoDataFrame, built: pd.DataFrame | None) -> list[Text]:
    first = ranked.iloc[0]
    sentences: list[Text] = [
        words("reconnected_habitat.road", street=street_name(view, view.base, first.name), count=len(ranked),
              times=Quantity(1.0 + float(first["reconnection_gain"]), "", 1))
    ]  # fmt: skip
    if built is not None and len(built):
        kind = named("factor_key", str(built["crossing_kind"].iloc[0]))
        total = view.number(view.base, "crossings_gain") or 0.0
        sentences.append(
            words("reconnected_habitat.crossings", count=len(built), kind=kind,
                  first=site_name(view, view.base, 1, built["geometry"].iloc[0]),
                  times=Quantity(1.0 + total, "", 1), cost=_money(view, float(built["crossing_cost"].sum())))
        )  # fmt: skip
        sentences += _price_range(view, built)
    return sentences


def _money(view: View, amount: float) -> Quantity:
    return Quantity(amount / 1e4, view.money("10k {currency}"), 0)


def _price_range(view: View, built: pd.DataFrame) -> list[Text]:
    """Say what the crossings cost by the ends of their prices' ranges; nothing where a price was set otherwise."""
    rows = {row.key: row for row in view.run.manifest.factors.values() if row.factor == PRICE}
    low = high = 0.0
    for kind, cost in zip(built["crossing_kind"].astype(str), built["crossing_cost"].astype(float), strict=True):
        row = rows.get(kind)
        if row is None or not np.isclose(row.value, cost):
            return []
        low, high = low + (row.low or row.value), high + (row.high or row.value)
    if low == high:
        return []
    unsure = any(rows[str(kind)].status not in SURE for kind in built["crossing_kind"])
    text = "reconnected_habitat.price_unsure" if unsure else "reconnected_habitat.price_range"
    return [words(text, low=_money(view, low), high=_money(view, high))]


def _threatened(view: View, ranked: gpd.GeoDataFrame, hazards: Hazards) -> list[Text]:
    """Say how many stretches the sea reaches, how many lie on slopes that may slide, and the strongest wind."""
    sentences: list[Text] = []
    read = [_along(view, line, hazards) for line in ranked.geometry]
    if hazards.depth is not None:
        sentences.append(words("reconnected_habitat.sea", count=sum(each.depth > 0.0 for each in read), of=len(read)))
    if hazards.stability is not None:
        sentences.append(
            words("reconnected_habitat.slopes", count=sum(each.unstable > 0.0 for each in read), of=len(read))
        )
    if hazards.wind is not None:
        sentences.append(words("reconnected_habitat.wind", wind=Quantity(max(each.wind for each in read), "m s-1", 0)))
    return sentences


def _standing(view: View, built: pd.DataFrame | None, hazards: Hazards) -> list[Text]:
    """Say the same of the crossings, in one sentence; nothing where there are none or a hazard was not computed."""
    if built is None or built.empty or any(each is None for each in hazards):
        return []
    read = [_along(view, point, hazards) for point in built["geometry"]]
    wind = Quantity(max(each.wind for each in read), "m s-1", 0)
    return [
        words(
            "reconnected_habitat.crossings_stand", count=len(read), sea=sum(each.depth > 0.0 for each in read),
            slopes=sum(each.unstable > 0.0 for each in read), wind=wind,
        )
    ]  # fmt: skip


class Along(NamedTuple):
    """What threatens a line: the largest wind and depth on it, the share of it on slopes that may slide [%]."""

    wind: float
    depth: float
    unstable: float


def _along(view: View, shape: shapely.Geometry, hazards: Hazards) -> Along:
    points = shapely.get_coordinates(shapely.segmentize(shape, STEP) if shapely.length(shape) else shape)
    grid = view.run.grid
    column, row = (np.floor(each).astype(int) for each in ~grid.affine * (points[:, 0], points[:, 1]))
    inside = (row >= 0) & (column >= 0) & (row < grid.shape[0]) & (column < grid.shape[1])
    at = row[inside], column[inside]

    def values(raster: Floats | None) -> Floats:
        return np.full(1, np.nan) if raster is None or not inside.any() else raster[at]

    wind, depth, stability = (values(each) for each in hazards)
    slides = PERCENT * float((stability < UNSTABLE).mean()) if np.isfinite(stability).any() else np.nan
    return Along(_largest(wind), _largest(depth), slides)


def _largest(values: Floats) -> float:
    return float(np.nanmax(values)) if np.isfinite(values).any() else float("nan")


def _table(view: View, ranked: gpd.GeoDataFrame, built: pd.DataFrame | None, hazards: Hazards) -> Table:
    rows: list[tuple[Text, Text, float, Along]] = [
        (
            street_name(view, view.base, name),
            words("reconnected_habitat.stretch"),
            float(gain),
            _along(view, line, hazards),
        )
        for name, gain, line in zip(ranked.index[:MOST], ranked["reconnection_gain"], ranked.geometry, strict=False)
    ]
    if built is not None:
        together = built["crossing_gain"].cumsum()
        for number, (kind, gain, point) in enumerate(
            zip(built["crossing_kind"], together, built["geometry"], strict=True), start=1
        ):
            place, called = site_name(view, view.base, number, point), named("factor_key", str(kind))
            rows.append((place, called, float(gain), _along(view, point, hazards)))
    frame = pd.DataFrame(
        {
            "place": cells(place for place, *_ in rows), "kind": cells(kind for _, kind, *_ in rows),
            "times": [1.0 + gain for _, _, gain, _ in rows],
            **{name: [getattr(along, name) for *_, along in rows] for name in Along._fields},
        }
    )  # fmt: skip
    columns = [
        Column("place", words("reconnected_habitat.place")), Column("kind", words("reconnected_habitat.kind")),
        Column("times", words("reconnected_habitat.times"), "", 2),
        Column("wind", words("reconnected_habitat.peak_wind"), "m s-1", 0),
        Column("depth", words("reconnected_habitat.depth"), "m", 2),
        Column("unstable", words("reconnected_habitat.unstable"), "%", 0),
    ]  # fmt: skip
    return Table("reconnected_habitat", words("reconnected_habitat.table"), frame, columns,
                 words("reconnected_habitat.note"), most=20)  # fmt: skip
