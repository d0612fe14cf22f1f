"""citybraid model takes an exchange rate and edits of controls where a model reads what they change."""

import csv
import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
from shapely.geometry import Point, box

from citybraid.study.open.control_edits import COLUMNS
from tests.cli.test_model_command import dem
from tests.commands import citybraid

VALUES = (1000.0, 2500.0)
"""Values of two assets, in dollars."""
HEAD = "factor,key,value,low,high,distribution,unit,region,year_from,year_to,status,source,note\n"
CURVE = HEAD + "".join(
    f"flood_damage_share,shed/{depth},{share},,,,1,,,,assumed,test,\n" for depth, share in ((0, 0), (1, 0.5), (2, 1))
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("汇率")
    dem(folder / "dem.tif", np.full((12, 16), 10.0, "float32"))
    spots = [Point(500_022.5, 3_399_977.5), Point(500_052.5, 3_399_977.5)]
    table = pd.DataFrame({"id": ["a", "b"], "asset_value (USD)": VALUES, "asset_curve": ["shed", "shed"]})
    gpd.GeoDataFrame(table, geometry=spots, crs="EPSG:4549").to_file(folder / "assets.gpkg", engine="pyogrio")
    (folder / "curve.csv").write_text(CURVE, encoding="utf-8")
    plots = [box(500_000, 3_399_940, 500_040, 3_400_000), box(500_040, 3_399_940, 500_080, 3_400_000)]
    parcels = pd.DataFrame({"id": ["P1", "P2"], "detention_storage": [24.0, 24.0]})
    gpd.GeoDataFrame(parcels, geometry=plots, crs="EPSG:4549").to_file(folder / "parcels.gpkg", engine="pyogrio")
    return folder


def losses(desk: Path, *more: str) -> tuple[int, str, float]:
    """Exit code, what was said, and the damage of an average year where one was written."""
    done = citybraid(
        "model", "resilience.asset_damage", "--grid", "dem.tif", "--max-depths", "a=1", "--max-depths", "b=1",
        "--return-periods", "a=10", "--return-periods", "b=100", "--assets", "assets.gpkg", "--factors", "curve.csv",
        "--region", "CN", "--lang", "en", "--out", "losses", *more, folder=desk,
    )  # fmt: skip
    path = desk / "losses" / "provenance.json"
    numbers = json.loads(path.read_text(encoding="utf-8"))["numbers"] if path.is_file() else {}
    return done.returncode, done.stdout + done.stderr, next(iter(numbers.values()), np.nan)


def test_amounts_in_dollars_need_a_rate_and_take_it(desk: Path) -> None:
    code, said, _ = losses(desk)
    assert code != 0
    assert "--rate USD=7.1" in said
    code, said, _ = losses(desk, "--rate", "USD=7.1")
    assert code == 0, said
    kept = json.loads((desk / "losses" / "provenance.json").read_text(encoding="utf-8"))
    assert kept["rates"] == {"USD": 7.1}
    damage = annual(desk)
    shares = 0.5 * ((1.0 - 0.1) / 2 + (0.1 - 0.01) + 0.01)
    assert damage == pytest.approx([7.1 * value * shares for value in VALUES], rel=1e-5)
    losses(desk, "--rate", "USD=14.2")
    assert annual(desk) == pytest.approx([2 * each for each in damage], rel=1e-5)


def annual(desk: Path) -> list[float]:
    """Damage of an average year to both assets; half of the value is lost from the storm of 10 years on."""
    table = gpd.read_file(desk / "losses" / "asset_annual_damage.gpkg").set_index("id")
    return [float(table.loc[name, "asset_annual_damage"]) for name in ("a", "b")]


@pytest.mark.parametrize("rate", ["USD", "USD=", "usd=7", "USD=0", "USD=-1", "USD=nan", "USD=1e999"])
def test_what_is_no_rate_is_refused(rate: str, desk: Path) -> None:
    code, said, _ = losses(desk, "--rate", rate)
    assert code != 0
    assert rate in said
    assert "Traceback" not in said


def storage(desk: Path, *more: str) -> tuple[str, np.ndarray]:
    done = citybraid(
        "model", "resilience.soil", "--grid", "dem.tif", "--land-cover", "51", "--permeable-paving", "0",
        "--rain-garden", "0", "--parcels", "parcels.gpkg", "--soil-group", "2", "--lang", "en", "--out", "soil",
        *more, folder=desk,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    path = desk / "soil" / "surface_storage.tif"
    with rasterio.open(path) as source:
        return done.stdout + done.stderr, source.read(1)


def test_edits_of_controls_reach_a_model_that_reads_them(desk: Path) -> None:
    """24 m3 of tanks on a plot of 40 by 60 m are 10 mm; an edit makes 48 m3 of them on one plot: 10 mm more there."""
    _, before = storage(desk)
    with (desk / "study.edits.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(COLUMNS)
        rows.writerow(["P2", "P2", "detention_storage", "48", "24", "planner", "2026-11-01", "table.xlsx"])
        rows.writerow(["P1", "P1", "floor_area_ratio", "2", "1", "planner", "2026-11-01", "table.xlsx"])
    said, after = storage(desk, "--edits", "study.edits.csv")
    more = (after - before)[:, [0, 15]]
    assert more[:, 0] == pytest.approx(0.0)
    assert more[:, 1] == pytest.approx(10.0, rel=1e-5)
    assert "planner" in said
    assert "floor_area_ratio" in said or "FAR" in said or "floor area ratio" in said.lower()
    kept = json.loads((desk / "soil" / "provenance.json").read_text(encoding="utf-8"))
    assert kept["inputs"]["edits"]["file"] == "study.edits.csv"


def test_edits_that_nothing_reads_are_refused(desk: Path) -> None:
    (desk / "more.edits.csv").write_text(",".join(COLUMNS) + "\n", encoding="utf-8")
    done = citybraid(
        "model", "resilience.roughness", "--grid", "dem.tif", "--land-cover", "50", "--edits", "more.edits.csv",
        "--lang", "en", folder=desk,
    )  # fmt: skip
    assert done.returncode != 0
    assert "no parcels" in done.stdout + done.stderr


def test_help_says_which_door_the_rest_has(desk: Path) -> None:
    said = citybraid("model", "resilience.roughness", "--help", "--lang", "en", folder=desk).stdout
    assert "--rate" in said
    assert "milestones" in said
    assert "citybraid run" in said
