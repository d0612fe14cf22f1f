"""citybraid model on waste: from a file of homes to gases, and rows of a study that are refused."""

from pathlib import Path

import geopandas as gpd
import pytest
from shapely.geometry import box

from tests.cli.test_model_command import citybraid

HEADER = "factor,key,value,low,high,distribution,unit,region,year_from,year_to,status,source,note\n"
HOMES = ("--buildings", "homes.gpkg", "--region", "CN-ZJ-JX")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two homes, of 1000 and of 20 people."""
    folder = tmp_path_factory.mktemp("垃圾")
    shapes = [box(500_000 + 50 * at, 3_400_000, 500_040 + 50 * at, 3_400_014) for at in range(2)]
    table = gpd.GeoDataFrame({"residents": [1000.0, 20.0]}, geometry=shapes, crs="EPSG:4549")
    table.to_file(folder / "homes.gpkg", engine="pyogrio")
    (folder / "bad.csv").write_text(HEADER + "waste_treatment,landfill,0.3,,,,1,,,,user,city,\n", encoding="utf-8")
    return folder


def test_homes_in_a_file_give_gases_and_nothing_is_told_as_unused(desk: Path) -> None:
    """0.98 kg a day, 91.3 % incinerated: 0.20 x 0.39 x 0.95 of it is fossil carbon that burns."""
    done = citybraid(["model", "lowcarbon.household_waste", *HOMES, "--out", "gases"], desk)
    assert done.returncode == 0, done.stderr
    assert "--buildings is given" not in done.stdout + done.stderr
    found = gpd.read_file(desk / "gases" / "incineration_carbon.gpkg")["incineration_carbon"]
    assert found.tolist() == pytest.approx([n * 0.98 * 365 * 0.913 * 0.2 * 0.39 * 0.95 * 44 / 12 for n in (1000, 20)])
    assert not (desk / "gases" / "local_incineration_carbon.gpkg").exists()


def test_wastewater_treated_inside_is_of_scope_1(desk: Path) -> None:
    done = citybraid(["model", "lowcarbon.wastewater", *HOMES, "--treated", "inside", "--out", "sewage"], desk)
    assert done.returncode == 0, done.stderr
    assert (desk / "sewage" / "local_wastewater_methane.gpkg").exists()
    assert not (desk / "sewage" / "wastewater_methane.gpkg").exists()


def test_shares_that_do_not_sum_to_one_are_refused_in_both_languages(desk: Path) -> None:
    done = citybraid(["model", "lowcarbon.household_waste", *HOMES, "--factors", "bad.csv", "--out", "never"], desk)
    assert done.returncode == 2, done.stdout
    assert "sum to 1.3, not 1" in done.stderr
    assert "占比合计为 1.3" in done.stderr
    assert not (desk / "never").exists()
