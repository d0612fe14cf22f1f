"""Measures on travel and structure through a whole study: file and measure → column → model → the report's number."""

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import Point

from citybraid.report.carbon.materials import materials
from citybraid.report.chapter import Table
from citybraid.report.view import View
from citybraid.study.run.run import Run
from tests.commands import citybraid
from tests.study.made_study import CRS, SOUTH, WEST, Made

pytestmark = pytest.mark.slow
MEASURES = ("timber_structure", "low_carbon_concrete", "transit_frequency")


def column(run: Run, alternative: str, name: str) -> pd.Series:
    values: pd.Series = run.value(run.layers(alternative)[name][""])
    return values


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Fourteen homes of which two are the plan's, streets and a bus stop every half hour: with and without measures."""
    folder = tmp_path_factory.mktemp("structured")
    made = Made(
        folder, ("parcels", "buildings", "streets"), alternatives=("as_is", "better"), measures=MEASURES,
        parameters={"lowcarbon.travel": {"outside_reach": "5.0"}},
    )  # fmt: skip
    path = made.written()
    text = path.read_text(encoding="utf-8").replace(
        "[files.streets]", '[files.stops]\npath = "stops.gpkg"\n[files.streets]'
    )
    path.write_text(text, encoding="utf-8")
    homes = gpd.read_file(folder / "buildings.gpkg")
    homes["year"] = [2030.0, 2030.0, *homes["year"][2:]]
    homes["residents"] = 30.0
    homes.to_file(folder / "buildings.gpkg")
    stop = {"stop_kind": ["公交站"], "headway": [30.0]}
    gpd.GeoDataFrame(stop, geometry=[Point(WEST + 150.0, SOUTH + 150.0)], crs=CRS).to_file(folder / "stops.gpkg")
    done = citybraid("run", str(path), "--out", str(folder / "run"), "--no-report")
    assert done.returncode == 0, done.stderr
    return Run.open(folder / "run")


def test_the_plans_buildings_are_of_timber_and_low_carbon_concrete(run: Run) -> None:
    """3 and 4 storeys, frames: 40 kg steel and 0.34 m3 become 20.6 kg, 0.175 m3 at 187 and 0.148 m3 of timber."""
    area, floors = column(run, "better", "floor_area"), column(run, "better", "floors")
    new = column(run, "better", "structure_system") == "timber"
    assert new.sum() == 2
    assert floors[new].to_list() == [3.0, 4.0]
    before, after = (column(run, name, "embodied_carbon") for name in ("as_is", "better"))
    frame = 40 * 2.34 + 0.34 * 295 + 0.22 * 254
    wood = 20.6 * 2.34 + 0.175 * 187 + 0.148 * 225 + 0.22 * 254
    assert before[new].to_numpy() == pytest.approx((area[new] * frame * 1.0608).to_numpy())
    assert after[new].to_numpy() == pytest.approx((area[new] * wood * 1.0608).to_numpy())
    assert after[~new].to_list() == before[~new].to_list()


def test_the_report_tells_the_same_number_and_stored_carbon_apart(run: Run) -> None:
    (block,) = materials(View(run))
    assert isinstance(block, Table)
    as_is, better = block.frame["embodied"]
    new = column(run, "better", "structure_system") == "timber"
    area = float(column(run, "better", "floor_area")[new].sum())
    saved = (40 * 2.34 + 0.34 * 295 - 20.6 * 2.34 - 0.175 * 187 - 0.148 * 225) * 1.0608 * area / 1000
    assert as_is - better == pytest.approx(saved)
    assert block.frame["stored"].to_list() == pytest.approx([0.0, area * 0.148 * 850 / 1000])


def test_a_bus_every_five_minutes_takes_trips_from_cars(run: Run) -> None:
    """30 minutes of the file become 5: 12 departures an hour instead of 2."""
    assert column(run, "better", "headway").to_list() == [5.0]
    assert column(run, "better", "added_departures").sum() == pytest.approx(10.0)
    trips = [column(run, name, "mode_trips") for name in ("as_is", "better")]
    assert trips[1]["bus"] > trips[0]["bus"]
    driven = [float(column(run, name, "car_distance").sum()) for name in ("as_is", "better")]
    assert driven[1] < driven[0]
