"""Whether a town grows around its station: residents and floor area by walking distance, today and as planned."""

from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd

from citybraid.report.chapter import Column, Figure, Quantity, Table, Text, Unrepeated, cells, words
from citybraid.report.indicators import whole
from citybraid.report.levels.answer_map import Kind, kinds_map
from citybraid.report.verdict.question import Answer, Lacking, joined
from citybraid.report.view import View

STATION = "120801"
"""Land use of railway stations and other terminals (land use codes of 2023)."""
REACHES = (0.0, 500.0, 1000.0, np.inf)
"""Ends of the rings around the station [m]: a walk of about 10 and 15 minutes (GB 50180-2018, 2.0.4 and 2.0.5)."""
RINGS = ("#b5432f", "#f0c36d", "#cfcac4")
"""Colours of the rings on the map, the nearest first."""
AMOUNTS = ("residents", "floor_area")
RESULTS = ("car_distance_per_resident", "emissions_per_resident", "flooded_buildings", "people_exposed")
SHARE_OF_ALL = 100.0


def answer(view: View) -> Answer | Lacking:
    """Return who and what lies within a walk of the station, in the first alternative and in the last."""
    stations = _stations(view)
    if stations is None:
        return Lacking([words("station_area.no_station", code=STATION)])
    rings = {name: _rings(view, name, stations) for name in view.ends}
    known = {name: ring for name, ring in rings.items() if ring is not None}
    if len(known) < len(rings):
        return Lacking.of("buildings", *AMOUNTS)
    picture = _picture(view, stations)
    return Answer([_reached(view, known), *_results(view)], _table(view, known), [picture])


def _picture(view: View, stations: gpd.GeoSeries) -> Figure | None:
    """Return the map of the last alternative's buildings by their distance from the station."""
    buildings = view.shapes(view.ends[-1], "buildings")
    if buildings is None:
        return None
    distance = buildings.centroid.distance(stations.union_all())
    ring = pd.cut(distance, REACHES, right=True, include_lowest=True, labels=False)
    kinds = [
        Kind(name, colour, list(buildings[ring == place]), width=0.1)
        for place, (name, colour) in enumerate(zip(_ring_names(), RINGS, strict=True))
    ]
    kinds.append(Kind(words("station_area.station"), "#1f4e79", list(stations)))
    return kinds_map(view, "station_area", words("station_area.map"), kinds, alternative=view.ends[-1])


def _stations(view: View) -> gpd.GeoSeries | None:
    """Return the parcels of stations, None where there is none."""
    parcels, uses = view.shapes(view.base, "parcels"), view.column(view.base, "land_use")
    if parcels is None or uses is None:
        return None
    stations = parcels[uses.reindex(parcels.index).astype(str) == STATION]
    return stations if len(stations) else None


def _rings(view: View, alternative: str, stations: gpd.GeoSeries) -> pd.DataFrame | None:
    """Return residents and floor area within each ring, a row each, nearest first."""
    buildings = view.shapes(alternative, "buildings")
    columns = {name: view.column(alternative, name) for name in AMOUNTS}
    given = {name: column for name, column in columns.items() if column is not None}
    if buildings is None or len(given) < len(AMOUNTS):
        return None
    distance = buildings.centroid.distance(stations.union_all())
    ring = pd.cut(distance, REACHES, right=True, include_lowest=True, labels=False)
    return pd.DataFrame(given).groupby(ring).sum().reindex(range(len(REACHES) - 1), fill_value=0.0)


def _share(ring: pd.DataFrame, amount: str) -> float:
    """Share of an amount within the two nearer rings [%]."""
    total = float(ring[amount].sum())
    return SHARE_OF_ALL * float(ring[amount].iloc[:-1].sum()) / total if total > 0 else 0.0


def _reached(view: View, rings: dict[str, pd.DataFrame]) -> Text:
    first, last = rings[view.ends[0]], rings[view.ends[-1]]
    values: dict[str, object] = {
        "plan": view.name(view.ends[-1]), "base": view.name(view.ends[0]), "reach": Quantity(REACHES[-2], "m", 0),
    }  # fmt: skip
    for amount in AMOUNTS:
        values[f"{amount}_before"] = Quantity(_share(first, amount), "%", 0)
        values[f"{amount}_after"] = Quantity(_share(last, amount), "%", 0)
    grows = all(_share(last, amount) >= _share(first, amount) for amount in AMOUNTS)
    return words("station_area.nearer" if grows else "station_area.farther", **values)


def _results(view: View) -> list[Text]:
    """Return what living there means, as one text: travel, emissions and water, each where it was computed."""
    sentences: list[Text] = []
    for name in RESULTS:
        before, after = (whole(view, end, name) for end in (view.ends[0], view.ends[-1]))
        if before is not None and after is not None:
            unit = view.unit_of(name)
            then = Quantity(after, unit)
            values = {"before": Unrepeated(Quantity(before, unit), then), "after": then}
            sentences.append(words(f"station_area.{name}", **values))
    return [joined(sentences)] if sentences else []


def _ring_names() -> list[Text]:
    return [
        words("station_area.beyond", near=Quantity(near, "m", 0)) if np.isinf(far)
        else words("station_area.ring", near=Quantity(near, "m", 0), far=Quantity(far, "m", 0))
        for near, far in pairwise(REACHES)
    ]  # fmt: skip


def _table(view: View, rings: dict[str, pd.DataFrame]) -> Table:
    frame = pd.DataFrame({"ring": cells(_ring_names())})
    columns = [Column("ring", words("station_area.distance"))]
    for amount, unit in (("residents", "person"), ("floor_area", "m2")):
        for name, ring in rings.items():
            key = f"{amount}/{name}"
            frame[key] = ring[amount].to_numpy(dtype=np.float64)
            title = words(f"station_area.{amount}", alternative=view.name(name))
            columns.append(Column(key, title, unit, 0))
    return Table("station_area", words("station_area.table"), frame, columns, words("station_area.note"))
