"""Equipment through a whole study: file and measure → column → energy → emissions → indicator, with a pencil."""

import geopandas as gpd
import pandas as pd
import pytest

from citybraid.study.run.run import Run
from tests.commands import citybraid
from tests.study.made_study import Made

pytestmark = pytest.mark.slow
ZONE = {"lowcarbon.building_energy": {"climate_zone": "2B"}}
MEASURES = ("heat_pump", "electric_cooking", "efficient_lighting", "efficient_appliances")
COUNT, HOUSEHOLD = 14, 95.7


def column(run: Run, alternative: str, name: str) -> pd.Series:
    values: pd.Series = run.value(run.layers(alternative)[name][""])
    return values


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Fourteen homes in the cold zone: as they are, and with every measure; one has a heat pump in its file."""
    folder = tmp_path_factory.mktemp("equipped")
    path = Made(
        folder, ("parcels", "buildings", "weather"), parameters=ZONE, alternatives=("as_is", "renewed"),
        measures=MEASURES,
    ).written()  # fmt: skip
    homes = gpd.read_file(folder / "buildings.gpkg")
    homes["heating_system"] = ["heat_pump", *["as_built"] * (COUNT - 1)]
    homes.to_file(folder / "buildings.gpkg")
    done = citybraid("run", str(path), "--out", str(folder / "run"), "--no-report")
    assert done.returncode == 0, done.stderr
    return Run.open(folder / "run")


def test_a_heat_pump_of_the_file_heats_by_electricity(run: Run) -> None:
    heat, power = (column(run, "as_is", name) for name in ("district_heat", "heating_electricity"))
    need = column(run, "as_is", "heating_demand")
    assert (heat == 0.0).sum() == 1
    pumped = heat.index[heat == 0.0][0]
    assert need[pumped] / 2.4 < power[pumped] < 1.3 * need[pumped] / 2.4, "colder than 7 °C and at part load"


def test_measures_leave_no_heat_from_networks_and_no_gas(run: Run) -> None:
    for name in ("district_heat", "gas"):
        assert column(run, "renewed", name).sum() == 0.0
    for name in ("heat_emissions", "gas_emissions"):
        assert column(run, "as_is", name).sum() > 0.0
        assert column(run, "renewed", name).sum() == 0.0


def test_the_whole_inventory_is_an_indicator_of_the_area(run: Run) -> None:
    """Sectors that net emissions leave apart are in it; what no unit holds keeps it from the units."""
    table = run.table("units/renewed")
    assert table is not None
    total = float(run.value(run.layers("renewed")["total_emissions"][""]))
    assert float(table.set_index(table.columns[0])["inventory_emissions"].iloc[-1]) == pytest.approx(total / 1000)
