"""Lifelines from files to indicators, and networks that do not hold together refused by the command."""

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
from shapely.geometry import LineString, Point, box

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.study.run.run import Run
from tests.commands import citybraid
from tests.study.made_study import CRS, SOUTH, WEST, Made

pytestmark = pytest.mark.slow
ROWS = {
    "S0": ("变电站", "", 20.0, 20.0),
    "K1": ("配电房", "S0", 120.0, 130.0),
    "M1": ("通信基站", "K1", 130.0, 130.0),
    "Y1": ("医院", "K1；M1", 220.0, 220.0),
}
"""Components: system in words, suppliers, and place east and north of the corner [m]."""


def written(folder: Path, **changes: Any) -> Path:
    """Write a small town whose kiosk stands in a pit that fills with rain, with its lifelines and residents."""
    study = Made(folder, ("parcels", "buildings", "terrain", "land_cover", "storm")).written()
    _dig(folder / "terrain.tif")
    table = pd.DataFrame.from_dict(ROWS, orient="index", columns=["所属系统", "依赖设施", "x", "y"])
    table["备用电源时长"] = [0.0, 0.0, 2.0, 24.0]
    table["设备离地高度"] = [5.0, 0.01, 5.0, 5.0]
    table["床位数"] = [np.nan, np.nan, np.nan, 100.0]
    for name, (column, value) in changes.items():
        table.loc[name, column] = value
    points = [Point(WEST + x, SOUTH + y) for x, y in zip(table.pop("x"), table.pop("y"), strict=True)]
    shapes = gpd.GeoDataFrame(table.rename_axis("编号").reset_index(), geometry=points, crs=CRS)
    shapes.to_file(folder / "生命线.gpkg")
    units = gpd.GeoDataFrame(
        {"id": ["U1"], "unit_name": ["甲"], "population": [700.0]},
        geometry=[box(WEST - 20, SOUTH - 20, WEST + 320, SOUTH + 320)], crs=CRS,
    )  # fmt: skip
    units.to_file(folder / "units.gpkg")
    text = study.read_text(encoding="utf-8")
    files = "".join(f'[files.{role}]\npath = "{name}"\n' for role, name in
                    (("lifelines", "生命线.gpkg"), ("units", "units.gpkg")))  # fmt: skip
    study.write_text(text + files, encoding="utf-8")
    return study


def _dig(path: Path) -> None:
    """Dig a pit of a metre, 60 m wide, around the kiosk."""
    with rasterio.open(path, "r+") as file:
        values = file.read(1)
        x, y = np.meshgrid(*(np.arange(values.shape[1]) + 0.5, np.arange(values.shape[0]) + 0.5))
        east, north = file.transform * (x, y)
        values[(abs(east - WEST - 120) < 30) & (abs(north - SOUTH - 130) < 30)] -= 1.0
        file.write(values, 1)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("lifelines")
    answer = citybraid("run", str(written(folder)), "--no-report")
    assert answer.returncode == 0, answer.stderr
    return Run.open(next((folder / "runs").iterdir()))


def of(ran: Run, name: str) -> Any:
    return ran.value(next(iter(ran.layers("as_is")[name].values())))


def test_files_are_read_in_words_of_planners(ran: Run) -> None:
    assert of(ran, "lifeline_system").to_dict() == {"S0": "power", "K1": "power", "M1": "telecom", "Y1": "health"}
    assert of(ran, "power_reserve").to_dict() == {"S0": 0.0, "K1": 0.0, "M1": 2.0, "Y1": 24.0}


def test_what_fails_is_what_hangs_on_the_wet_kiosk(ran: Run) -> None:
    """The mast outlasts the kiosk by 2 h; the hospital then has no telecom, and fails with the mast."""
    chance, at = of(ran, "lifeline_fail_chance"), of(ran, "lifeline_fail_time")
    assert chance["S0"] == 0.0
    assert chance["K1"] > 0.5
    assert chance["M1"] == chance["Y1"] == chance["K1"]
    assert at["M1"] == pytest.approx(at["K1"] + 2.0)
    assert at["Y1"] == at["M1"]
    assert of(ran, "beds_lost") == pytest.approx(100.0 * chance["Y1"])
    table = ran.table("units/as_is")
    assert table is not None
    whole = table.loc[WHOLE_AREA]
    assert whole["people_unserved"] == pytest.approx(700.0 * chance["K1"], rel=1e-6)
    assert whole["beds_lost"] == pytest.approx(100.0 * chance["K1"])
    lost = of(ran, "service_wait_people").sum() / of(ran, "residents").sum()
    assert whole["service_wait_mean"] == pytest.approx(lost)
    assert 0.0 <= whole["main_recovery"] <= whole["near_recovery"]
    course = of(ran, "recovery_course").to_numpy()
    assert whole["recovery_loss"] == pytest.approx((1.0 - course[:-1]).sum(), abs=1.0)


def test_backup_power_in_the_study_file_keeps_the_hospital_going(tmp_path: Path) -> None:
    """With 100 h of backup at the mast and the hospital both outlast the 72 h that are followed."""
    study = written(tmp_path)
    text = study.read_text(encoding="utf-8")
    study.write_text(
        text + '[alternatives.backed]\ntitle = { zh = "备用", en = "Backed" }\n'
        'measures = [{ measure = "backup_power", params = { hours = 100 } }]\n', encoding="utf-8",
    )  # fmt: skip
    answer = citybraid("run", str(study), "--no-report")
    assert answer.returncode == 0, answer.stderr
    ran = Run.open(next((tmp_path / "runs").iterdir()))
    before, after = (ran.table(f"units/{name}") for name in ("as_is", "backed"))
    assert before is not None
    assert after is not None
    assert before["beds_lost"][WHOLE_AREA] > 0.0
    assert after["beds_lost"][WHOLE_AREA] == 0.0
    reserve = ran.value(ran.layers("backed")["power_reserve"][""])
    assert reserve.to_dict() == {"S0": 0.0, "K1": 0.0, "M1": 100.0, "Y1": 100.0}
    # 4 kW × 98 h for the mast, 300 kW × 76 h for the hospital.
    added = ran.value(ran.layers("backed")["backup_energy"][""])
    assert float(added.sum()) == pytest.approx(4.0 * 98.0 + 300.0 * 76.0)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"M1": ("依赖设施", "K9")}, "M1 → K9"),
        ({"Y1": ("床位数", 0.0)}, "Y1"),
        ({"S0": ("依赖设施", "S0")}, "S0"),
        ({"M1": ("所属系统", "魔法")}, "魔法"),
    ],
)
def test_bad_networks_are_refused_before_anything_runs(
    tmp_path: Path, changes: dict[str, tuple[str, Any]], told: str
) -> None:
    answer = citybraid("check", str(written(tmp_path, **changes)), "--no-report")
    assert answer.returncode == 2
    assert told in answer.stdout + answer.stderr


def test_a_study_without_lifelines_tells_nothing_of_them(tmp_path: Path) -> None:
    study = Made(tmp_path, ("parcels", "buildings", "terrain", "land_cover")).written()
    answer = citybraid("check", str(study), "--no-report")
    assert answer.returncode == 0, answer.stderr


def test_a_link_that_ends_nowhere_is_refused(tmp_path: Path) -> None:
    study = written(tmp_path)
    line = LineString([(WEST + 20, SOUTH + 20), (WEST + 20, SOUTH + 290)])
    gpd.GeoDataFrame({"编号": ["G1"]}, geometry=[line], crs=CRS).to_file(tmp_path / "links.gpkg")
    text = study.read_text(encoding="utf-8")
    study.write_text(text + '[files.lifeline_links]\npath = "links.gpkg"\n', encoding="utf-8")
    answer = citybraid("check", str(study), "--no-report")
    assert answer.returncode == 2
    assert "G1" in answer.stdout + answer.stderr
