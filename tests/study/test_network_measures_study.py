"""District heat, batteries, cycle lanes and new stops through a whole study: measure → column → model → number."""

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import Point

from citybraid.study.run.run import Run
from tests.commands import citybraid
from tests.study.made_study import CRS, SOUTH, WEST, Made

pytestmark = pytest.mark.slow
MEASURES = ("district_heat", "rooftop_pv", "battery_storage", "cycle_lanes", "new_stops")
PARAMETERS = {
    "lowcarbon.building_energy": {"climate_zone": "3A"}, "lowcarbon.hourly_balance": {"climate_zone": "3A"},
    "lowcarbon.travel": {"outside_reach": "5.0"},
}  # fmt: skip
NEAR = '{ measure = "new_stops", params = { distance = 120.0, least_residents = 20.0 } }'


def column(run: Run, alternative: str, name: str) -> pd.Series:
    values: pd.Series = run.value(run.layers(alternative)[name][""])
    return values


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Fourteen homes, arterials and one bus stop in the corner: as they are, and with every measure."""
    folder = tmp_path_factory.mktemp("networked")
    made = Made(
        folder, ("parcels", "buildings", "streets", "weather"), alternatives=("as_is", "better"), measures=MEASURES,
        parameters=PARAMETERS,
    )  # fmt: skip
    path = made.written()
    text = path.read_text(encoding="utf-8").replace('{ measure = "new_stops" }', NEAR)
    path.write_text(
        text.replace("[files.streets]", '[files.stops]\npath = "stops.gpkg"\n[files.streets]'), encoding="utf-8"
    )
    homes = gpd.read_file(folder / "buildings.gpkg")
    homes["residents"] = 30.0
    homes.to_file(folder / "buildings.gpkg")
    gpd.read_file(folder / "streets.gpkg").assign(**{"class": "primary"}).to_file(folder / "streets.gpkg")
    stop = {"stop_kind": ["公交站"], "headway": [10.0]}
    gpd.GeoDataFrame(stop, geometry=[Point(WEST + 5.0, SOUTH + 5.0)], crs=CRS).to_file(folder / "stops.gpkg")
    done = citybraid("run", str(path), "--out", str(folder / "run"), "--no-report")
    assert done.returncode == 0, done.stderr
    return Run.open(folder / "run")


def test_rooms_are_heated_by_the_network(run: Run) -> None:
    connected = column(run, "better", "heating_system") == "district_heat"
    assert connected.any()
    need, heat = column(run, "better", "heating_demand"), column(run, "better", "district_heat")
    assert heat[connected].to_numpy() == pytest.approx(need[connected].to_numpy())
    assert column(run, "as_is", "district_heat").sum() == 0.0
    emitted = column(run, "better", "heat_emissions")
    assert emitted.sum() == pytest.approx(0.396 * heat.sum())


def test_batteries_raise_what_buildings_use_of_their_own(run: Run) -> None:
    """One hour of the modules' peak power, 0.175 kW of a square metre."""
    capacity, roof = column(run, "better", "battery_capacity"), column(run, "better", "pv_roof")
    assert capacity.to_numpy() == pytest.approx((roof * 600.0 * 0.175).to_numpy())
    made, used, lost = (column(run, "better", name).sum() for name in ("pv_generation", "pv_self_used", "storage_loss"))
    assert 0.0 < lost < used < made


def test_lanes_and_stops_reach_the_trips(run: Run) -> None:
    lanes = column(run, "better", "cycle_lane")
    assert sorted(lanes) == [0.0] * 4 + [1.0] * 4, "the middles of the four outer streets lie in no unit"
    assert column(run, "better", "cycle_lane_length").sum() == pytest.approx(4 * 300.0)
    assert column(run, "better", "added_stops").sum() == len(column(run, "better", "stop_kind")) - 1 > 0
    assert set(column(run, "better", "stop_kind")) == {"公交站", "bus"}
    before, after = (column(run, name, "mode_trips") for name in ("as_is", "better"))
    assert after["bus"] > before["bus"]
    assert column(run, "better", "car_distance").sum() < column(run, "as_is", "car_distance").sum()
