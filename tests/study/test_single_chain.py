"""One model after the other on files: what one wrote, the next reads, where its name is that of the quantity."""

from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import box

from citybraid.core.errors import InputErrors
from citybraid.core.factor import shipped
from citybraid.resilience.damage.expected_annual_damage import expected_annual_damage
from citybraid.resilience.damage.flood_damage import flood_damage
from citybraid.study.run.single import SingleRunRequest, run_single

pytestmark = pytest.mark.slow

UTM = "EPSG:32651"


def given(**inputs: list[str]) -> SingleRunRequest:
    return SingleRunRequest(inputs=inputs, params={}, book=shipped(),
                 region="CN-ZJ", crs=UTM)  # fmt: skip


def houses(path: Path, **more: Any) -> str:
    table = {"id": ["a", "b", "c"], "building_use": "residential", "floors": 2.0, **more}
    shapes = [box(400000 + 30 * i, 3300000, 400010 + 30 * i, 3300010) for i in range(3)]
    gpd.GeoDataFrame(table, geometry=shapes, crs=UTM).to_file(path)
    return str(path)


def run(model: Any, told: SingleRunRequest, out: Path) -> dict[str, Path]:
    return {path.stem: path for path in run_single(model, told, out, lambda _: None)}


def test_damage_of_depths_from_a_file_and_then_of_an_average_year(tmp_path: Path) -> None:
    found = {}
    for event, scale in (("p10", 0.5), ("p50", 1.0)):
        table = houses(tmp_path / f"{event}.gpkg", building_depth=[0.0, 1.0 * scale, 2.0 * scale],
                       floor_height=[0.0, 0.6, 0.0], protection_height=[0.0, 0.0, 1.5])  # fmt: skip
        found[event] = run(flood_damage, given(buildings=[table]), tmp_path / event)
    often, rare = (gpd.read_file(found[event]["building_damage"]).set_index("id")["building_damage"] for event in found)
    assert often.to_dict() == {"a": 0.0, "b": 0.0, "c": 0.0}
    assert 0.0 < rare["b"] < rare["c"]
    files = [f"{event}={paths['building_damage']}" for event, paths in found.items()]
    told = given(damages=files, return_periods=["p10=10", "p50=50"])
    annual = pd.read_csv(run(expected_annual_damage, told, tmp_path / "year")["expected_annual_damage"], index_col=0)
    assert annual.iloc[:, 0]["b"] == pytest.approx(0.04 * rare["b"] + 0.02 * rare["b"])


def test_a_computed_column_is_read_only_under_its_own_name(tmp_path: Path) -> None:
    table = houses(tmp_path / "b.gpkg", depth=[0.0, 1.0, 2.0])
    with pytest.raises(InputErrors) as caught:
        run(flood_damage, given(buildings=[table]), tmp_path / "out")
    for language in ("en", "zh"):
        assert "building_depth" in caught.value.say(language)
    assert not (tmp_path / "out").exists()
