"""A made-up town of lifelines: a grid feed, two substations, waterworks, a mast, a hospital; two homes."""

from typing import Any

import geopandas as gpd
import numpy as np
from shapely.geometry import LineString, Point, box

from citybraid.core.factor import resolve

CRS = "EPSG:4549"
NAN = float("nan")
COMPONENTS: dict[str, tuple[str, str, float, float, tuple[float, float]]] = {
    "E0": ("power", "", 0.0, 0.0, (500.0, 1000.0)),
    "E1": ("power", "E0", 0.0, 0.0, (0.0, 0.0)),
    "E2": ("power", "E0", 0.0, 0.0, (1000.0, 0.0)),
    "W1": ("water", "E1; E2", 4.0, 0.0, (500.0, 0.0)),
    "T1": ("telecom", "E1", 8.0, 0.0, (0.0, 100.0)),
    "H1": ("health", "E2、W1", 24.0, 12.0, (1000.0, 100.0)),
}
"""Components: system, suppliers, power and other reserve [h], place [m]."""


def components(chance: dict[str, float] | None = None, **columns: Any) -> gpd.GeoDataFrame:
    """Return the components, hit with a chance at hour 1, where crews can begin at hour 6."""
    index = [*COMPONENTS]
    odds = np.array([(chance or {}).get(name, 0.0) for name in index])
    table = {
        "lifeline_system": [each[0] for each in COMPONENTS.values()],
        "needs_from": [each[1] for each in COMPONENTS.values()],
        "power_reserve": [each[2] for each in COMPONENTS.values()],
        "supply_reserve": [each[3] for each in COMPONENTS.values()],
        "hospital_beds": [NAN] * 5 + [400.0],
        "lifeline_hit_chance": odds,
        "lifeline_hit_time": np.where(odds > 0.0, 1.0, NAN),
        "lifeline_free_time": np.where(odds > 0.0, 6.0, NAN),
        **columns,
    }
    return gpd.GeoDataFrame(table, geometry=[Point(each[4]) for each in COMPONENTS.values()], index=index, crs=CRS)


def homes(west: float = 300.0, east: float = 100.0, **columns: Any) -> gpd.GeoDataFrame:
    """Return a home at the western substation and one at the eastern."""
    shapes = [box(x - 5, 20, x + 5, 30) for x in (0.0, 1000.0)]
    return gpd.GeoDataFrame({"residents": [west, east], **columns}, geometry=shapes, index=["b0", "b1"], crs=CRS)


def links(*pairs: tuple[str, str], ids: bool = True) -> gpd.GeoDataFrame:
    """Return lines between components, with their ids or their ends alone."""
    lines = [LineString([COMPONENTS[one][4], COMPONENTS[two][4]]) for one, two in pairs]
    named = {"from_component": [one for one, _ in pairs], "to_component": [two for _, two in pairs]} if ids else {}
    return gpd.GeoDataFrame(named, geometry=lines, index=[f"l{at}" for at in range(len(lines))], crs=CRS)


def exact_factors() -> dict[str, Any]:
    """Return factors of repairs without a spread: a day each, one crew a system."""
    systems = ("power", "water", "gas", "telecom", "heat", "road", "health", "drainage")
    return {"repair_time": dict.fromkeys(systems, 24.0), "repair_crews": dict.fromkeys(systems, 1.0)}


def shipped_factors() -> dict[str, Any]:
    """Return the shipped factors of repairs."""
    return {name: resolve(name) for name in ("repair_time", "repair_crews")}
