"""Vulnerable people exposed: each group by its own column; what no column tells has no value."""

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np
from shapely.geometry import box

from citybraid.resilience.people.people_exposed import PeopleExposedParams
from citybraid.resilience.people.vulnerable_exposed import VulnerableExposed, vulnerable_exposed

DEPTH = [0.0, 0.1, 0.15, 1.0]


def exposed(depth: list[float], *, threshold: float = 0.15, **more: list[float]) -> VulnerableExposed:
    count = len(depth)
    table = {"building_depth": depth, "floors": [3.0] * count, "children": [4.0] * count, "elderly": [7.0] * count}
    buildings = gpd.GeoDataFrame(
        table | more, geometry=[box(0, 0, 10, 10)] * count, index=[f"b{i}" for i in range(count)], crs="EPSG:32651"
    )
    return vulnerable_exposed(buildings=buildings, p=PeopleExposedParams(threshold=threshold))


def test_each_group_by_its_own_column() -> None:
    found = exposed(DEPTH, limited_mobility=[1.0, 1.0, 2.0, float("nan")])
    assert found.children_exposed.tolist() == [0.0, 0.0, 4.0, 4.0]
    assert found.elderly_exposed.tolist() == [0.0, 0.0, 7.0, 7.0]
    assert found.limited_mobility_exposed.tolist()[:3] == [0.0, 0.0, 2.0]
    assert np.isnan(found.limited_mobility_exposed.iloc[3])


def test_nobody_is_counted_where_no_column_tells() -> None:
    assert exposed(DEPTH).limited_mobility_exposed.isna().all()


def test_figure(figure: Callable[[str], Path]) -> None:
    depth = np.random.default_rng(2).gamma(0.7, 0.4, 400)
    limits = np.linspace(0.0, 1.5, 61)
    axes = plt.figure(figsize=(6.4, 3.8)).subplots()
    for name, colour in (("elderly", "#7a5195"), ("children", "#ef8a3c")):
        line = [getattr(exposed(depth.tolist(), threshold=limit), f"{name}_exposed").sum() for limit in limits]
        assert (np.diff(line) <= 0).all()
        axes.plot(limits, line, color=colour, label=name)
    axes.axvline(0.15, color="0.4", linestyle=":", label="threshold of 0.15 m")
    axes.set(xlabel="depth from which people count [m]", ylabel="people", title="Exposed in 400 made-up homes")
    axes.legend()
    axes.grid(alpha=0.3)
    plt.savefig(figure("resilience.vulnerable_exposed"), dpi=110, bbox_inches="tight")
    plt.close("all")
