"""An alternative that changes parcels and keeps a measure to drawn land: the numbers of the same study by hand."""

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import box, mapping

from citybraid.core.errors import InputError, InputErrors
from citybraid.store.store import Store
from citybraid.study.open.land_file import land_of
from citybraid.study.open.open_study import open_study
from citybraid.study.whatif.bench import Bench
from citybraid.study.whatif.edit import Edit
from citybraid.study.whatif.learning import State, run_edit, state_of
from tests.study.made_study import BLOCK, CRS, SOUTH, WEST
from tests.study.what_if_town import write_what_if_town

DRAWN = """
[alternatives.drawn]
title = { zh = "绘制", en = "Drawn" }

[[alternatives.drawn.measures]]
measure = "changed_parcels"
[alternatives.drawn.measures.params.parcels]
P00 = { floor_area_ratio = 2.2, green_ratio = 0.2 }
P20 = { land_use = "0902" }

[[alternatives.drawn.measures]]
measure = "built_form"

[[alternatives.drawn.measures]]
measure = "green_roof"
params = { share = 0.5 }
land = "plans/屋顶 1.geojson"
"""
ROOFS = box(WEST + 5, SOUTH + 5, WEST + 95, SOUTH + 95)
"""The outline of parcel P00."""


def write_land(folder: Path, *shapes: object) -> None:
    placed = gpd.GeoSeries(list(shapes), crs=CRS).to_crs("OGC:CRS84")
    features = [{"type": "Feature", "properties": {}, "geometry": mapping(each)} for each in placed]
    (folder / "plans").mkdir(exist_ok=True)
    content = json.dumps({"type": "FeatureCollection", "features": features})
    (folder / "plans" / "屋顶 1.geojson").write_text(content, encoding="utf-8")


def numbers(path: Path, alternative: str, store: Path) -> State:
    bench = Bench.of(open_study(path), Store(store), alternative=alternative, threads=1)
    return state_of(bench, bench.taken.place, bench.base)


def test_the_numbers_are_those_of_the_study_written_by_hand(tmp_path: Path) -> None:
    drawn, by_hand = tmp_path / "drawn", tmp_path / "hand"
    for folder in (drawn, by_hand):
        folder.mkdir()
        write_what_if_town(folder)
        write_land(folder, ROOFS)
    path = drawn / "study.toml"
    path.write_text(path.read_text(encoding="utf-8") + DRAWN, encoding="utf-8")
    parcels = gpd.read_file(by_hand / "parcels.gpkg")
    parcels = parcels.set_index("id", drop=False)
    parcels.loc["P00", ["far", "green"]] = 2.2, 0.2
    parcels.loc["P20", "land_use"] = "0902"
    parcels.reset_index(drop=True).to_file(by_hand / "parcels.gpkg")
    text = (by_hand / "study.toml").read_text(encoding="utf-8")
    start = DRAWN.index('[[alternatives.drawn.measures]]\nmeasure = "changed')
    end = DRAWN.index('[[alternatives.drawn.measures]]\nmeasure = "built')
    (by_hand / "study.toml").write_text(text + DRAWN[:start] + DRAWN[end:], encoding="utf-8")

    one, other = (numbers(each / "study.toml", "drawn", tmp_path / "store") for each in (drawn, by_hand))
    for part in ("zones", "parcels"):
        assert one[part].keys() == other[part].keys()
        for zone, row in one[part].items():
            assert row.keys() == other[part][zone].keys()
            for name, value in row.items():
                np.testing.assert_array_equal(value, other[part][zone][name], err_msg=f"{zone} {name}")
    planned = numbers(path, "as_planned", tmp_path / "store")
    residents = one["zones"][""]["residents"] - planned["zones"][""]["residents"]
    assert residents != 0.0


def test_a_measure_on_the_land_of_a_parcel_is_what_the_edit_of_the_parcel_places(tmp_path: Path) -> None:
    path = write_what_if_town(tmp_path)
    write_land(tmp_path, ROOFS)
    start = DRAWN.index('[[alternatives.drawn.measures]]\nmeasure = "changed')
    end = DRAWN.index('[[alternatives.drawn.measures]]\nmeasure = "built')
    path.write_text(path.read_text(encoding="utf-8") + DRAWN[:start] + DRAWN[end:], encoding="utf-8")
    bench = Bench.of(open_study(path), Store(tmp_path / "store"), alternative="as_planned", threads=1)
    edited = run_edit(bench, Edit("P00", measures=(("green_roof", 0.5),)))
    drawn = numbers(path, "drawn", tmp_path / "store")["zones"][""]
    for name, value in drawn.items():
        assert edited.get(f"area/{name}", np.nan) == pytest.approx(value, nan_ok=True), name
    assert pd.notna(drawn["residents"])


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (None, "land.no_file"), ("{", "land.no_areas"), ("[]", "land.no_areas"),
        ('{"type": "FeatureCollection", "features": []}', "land.no_areas"),
        ('{"type": "Point", "coordinates": [1, 2]}', "land.no_areas"),
        ('{"type": "Polygon", "coordinates": [[[500000, 0], [500100, 0], [500100, 9], [500000, 0]]]}',
         "land.no_degrees"),
        ('{"type": "Polygon", "coordinates": [[[NaN, 0], [1, 0], [1, 1], [NaN, 0]]]}', "land.no_areas"),
    ],
)  # fmt: skip
def test_files_without_areas_are_refused(content: str | None, text: str, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "land.geojson").write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as refused:
        land_of(tmp_path, "land.geojson", CRS)
    assert refused.value.text == text


def test_land_outside_the_folder_and_measures_without_land_are_refused(tmp_path: Path) -> None:
    (tmp_path / "study").mkdir()
    (tmp_path / "other.geojson").write_text("{}", encoding="utf-8")
    with pytest.raises(InputError) as refused:
        land_of(tmp_path / "study", "../other.geojson", CRS)
    assert refused.value.text == "land.outside"
    path = write_what_if_town(tmp_path)
    write_land(tmp_path, ROOFS)
    text = path.read_text(encoding="utf-8")
    path.write_text(text + DRAWN.replace('"green_roof"', '"early_warning"'), encoding="utf-8")
    with pytest.raises(InputErrors) as all_refused:
        open_study(path)
    assert [each.text for each in all_refused.value.problems] == ["land.not_by_land"]


def test_outlines_come_back_where_they_were_drawn(tmp_path: Path) -> None:
    write_land(tmp_path, ROOFS, box(WEST, SOUTH, WEST + BLOCK, SOUTH + 3))
    one, other = land_of(tmp_path, "plans/屋顶 1.geojson", CRS)
    found = gpd.GeoSeries.from_wkt([one, other])
    assert found.area.tolist() == pytest.approx([8100.0, 300.0], rel=1e-5)
    assert found[0].symmetric_difference(ROOFS).area < 0.1
