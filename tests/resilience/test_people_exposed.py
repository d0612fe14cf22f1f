"""People exposed: the threshold counts, upstairs is safe only where the study says so."""

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np
import pytest
from shapely.geometry import box

from citybraid.resilience.people.people_exposed import PeopleExposedParams, people_exposed


def exposed(depth: list[float], *, floors: float = 6.0, residents: float = 60.0, **words: object) -> list[float]:
    buildings = gpd.GeoDataFrame(
        {"building_depth": depth, "residents": residents, "floors": floors},
        geometry=[box(0, 0, 10, 10)] * len(depth),
        index=[f"b{i}" for i in range(len(depth))],
        crs="EPSG:32651",
    )
    found = people_exposed(buildings=buildings, p=PeopleExposedParams.model_validate(words))
    return found.people_exposed.tolist()


def test_threshold() -> None:
    assert exposed([0.0, 0.149, 0.15, 4.0]) == [0.0, 0.0, 60.0, 60.0]
    assert exposed([0.0, 0.01], threshold=0.0) == [0.0, 60.0]


def test_upstairs() -> None:
    assert exposed([0.1, 0.5, 3.0, 3.1, 30.0], vertical_evacuation=True) == pytest.approx([0.0, 10.0, 10.0, 20.0, 60.0])


def test_nobody_is_exposed_where_the_floor_or_a_barrier_keeps_the_water_out() -> None:
    buildings = gpd.GeoDataFrame(
        {
            "building_depth": 0.4, "residents": 60.0, "floors": 6.0,
            "floor_height": [np.nan, 0.15, 0.6, np.nan, np.nan],
            "protection_height": [np.nan, np.nan, np.nan, 0.3, 0.5],
        },
        geometry=[box(0, 0, 10, 10)] * 5,
        crs="EPSG:32651",
    )  # fmt: skip
    found = people_exposed(buildings=buildings, p=PeopleExposedParams())
    assert found.people_exposed.tolist() == [60.0, 60.0, 0.0, 60.0, 0.0]


def test_unknown_residents_stay_unknown() -> None:
    assert np.isnan(exposed([1.0, 0.0], residents=float("nan"))).all()


def test_figure(figure: Callable[[str], Path]) -> None:
    depth = np.linspace(0, 8, 321).tolist()
    axes = plt.figure(figsize=(6.4, 3.8)).subplots()
    axes.step(depth, exposed(depth), where="post", label="whole building")
    axes.step(depth, exposed(depth, vertical_evacuation=True), where="post", label="those above the water are safe")
    axes.set(xlabel="depth at the building [m]", ylabel="people exposed of 60", title="Six storeys, 60 residents")
    axes.legend()
    axes.grid(alpha=0.3)
    plt.savefig(figure("resilience.people_exposed"), dpi=110, bbox_inches="tight")
    plt.close("all")
