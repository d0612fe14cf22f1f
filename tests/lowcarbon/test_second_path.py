from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import matplotlib.pyplot as plt
import pytest

import citybraid as cb
from citybraid.core.errors import InputError
from citybraid.core.factor import resolve
from citybraid.lowcarbon.second_path import second_path
from tests.energy_year import row_of_buildings

BUILDINGS = row_of_buildings(("residential", "office")).assign(electricity=[3000.0, 1500.0])
GRID = resolve("grid_emission_factor", region="CN-SH", year=2023)


def test_gap_and_metered_emissions() -> None:
    found = second_path(buildings=BUILDINGS, metered_electricity=5000.0, grid_emission_factor=GRID)
    assert found.second_path_gap == pytest.approx(-0.1)
    assert found.metered_emissions == pytest.approx(5000 * 0.5737)


def test_buildings_beyond_the_study_area_are_on_no_meter_of_it() -> None:
    """The home alone lies inside: 3 MWh modelled of 5 metered, and 1 of them green."""
    area = gpd.GeoSeries([BUILDINGS.geometry.iloc[0].buffer(5.0)], crs=BUILDINGS.crs)
    inside = {"buildings": BUILDINGS, "study_area": area, "region": "CN-SH", "year": 2023}
    assert cb.models.second_path(metered_electricity=5000.0, **inside).second_path_gap == pytest.approx(-0.4)
    found = cb.models.market_electricity(green_power=1000.0, **inside)
    assert found.location_electricity == pytest.approx(3000 * 0.5737)
    assert found.market_electricity == pytest.approx(2000 * 0.6096)
    with pytest.raises(InputError, match="green_power"):
        cb.models.market_electricity(green_power=3001.0, **inside)


def test_nothing_metered_is_refused() -> None:
    with pytest.raises(InputError, match="metered"):
        second_path(buildings=BUILDINGS, metered_electricity=0.0, grid_emission_factor=GRID)


def test_figure(figure: Callable[[str], Path]) -> None:
    metered = [3000.0, 4500.0, 6000.0]
    gaps = [
        second_path(buildings=BUILDINGS, metered_electricity=one, grid_emission_factor=GRID).second_path_gap
        for one in metered
    ]
    fig, axis = plt.subplots(figsize=(6, 3.4), layout="constrained")
    axis.bar([f"{one / 1000:g} MWh metered" for one in metered], metered, color="#9dc3e6", label="metered")
    axis.axhline(4500, color="#c00000", label="modelled, bottom up")
    for at, gap in enumerate(gaps):
        axis.text(at, 1500, f"gap {gap:+.0%}", ha="center", fontsize=9)
    axis.set_ylabel("kWh a year")
    axis.set_ylim(0, 7200)
    axis.set_title("Two paths to the electricity of one area", fontsize=10)
    axis.legend(frameon=False, loc="upper left")
    fig.savefig(figure("lowcarbon.second_path"), dpi=130)
    plt.close(fig)
