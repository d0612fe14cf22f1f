"""Synthetic quarters within real outlines: areas, people, ground and labels are as the generator says."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from shapely.geometry import Point, Polygon, box

from citybraid.sources.synthetic import lanes, riverside
from citybraid.sources.synthetic.quarter.quarter import parts, weighted_parts

OUTLINE = Polygon([(0, 0), (900, 100), (1000, 700), (200, 800)])


def test_parts_share_the_outline_by_weight_and_cover_it() -> None:
    found = weighted_parts(OUTLINE, {"a": 1.0, "b": 2.0, "c": 5.0})
    areas = np.array([found[name].area for name in "abc"])
    assert areas / OUTLINE.area == pytest.approx(np.array([1, 2, 5]) / 8, rel=1e-6)
    even = [shape.area for shape in parts(OUTLINE, ["x", "y", "z"]).values()]
    assert even == pytest.approx([OUTLINE.area / 3] * 3, rel=1e-6)


@pytest.fixture(scope="module")
def lane_files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    made = lanes.write_lanes(tmp_path_factory.mktemp("lanes"))
    return {path.name.partition("_")[0]: path for path in made}


@pytest.fixture(scope="module")
def river_files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    made = riverside.write_riverside(tmp_path_factory.mktemp("riverside"))
    return {path.name.partition("_")[0]: path for path in made}


def test_communities_have_the_people_of_their_homes_and_say_they_are_synthetic(lane_files: dict[str, Path]) -> None:
    frame = gpd.read_file(lane_files["社区"]).set_index("id")
    for group in lanes.GROUPS:
        assert frame["常住人口"][group.number] == round(group.living / 30.58)
    share = frame["65岁及以上人口"].sum() / frame["常住人口"].sum()
    assert share == pytest.approx(0.21, abs=0.02), "30 % of 60 and over times 16.3/23.4"
    assert frame["社区"].str.contains("synthetic").all()
    assert frame.area.sum() == pytest.approx(Polygon(lanes.OUTLINE).area, rel=1e-6)


def test_low_homes_lie_low_and_bare(lane_files: dict[str, Path]) -> None:
    frame = gpd.read_file(lane_files["社区"]).set_index("id")
    lowest = max(lanes.GROUPS, key=lambda group: group.low_rise).number
    highest = min(lanes.GROUPS, key=lambda group: group.low_rise).number
    levels = {}
    with rasterio.open(lane_files["地形高程"]) as ground, rasterio.open(lane_files["地表覆盖"]) as cover:
        assert "synthetic" in ground.tags()["TITLE"]
        for number in (lowest, highest):
            west, south, east, north = frame.geometry[number].bounds
            random = np.random.default_rng(1)
            spots = [(random.uniform(west, east), random.uniform(south, north)) for _ in range(4000)]
            inside = [spot for spot in spots if frame.geometry[number].contains(Point(spot))]
            planted = [value[0] in (10, 30) for value in cover.sample(inside)]
            levels[number] = (np.mean([value[0] for value in ground.sample(inside)]), np.mean(planted))
    assert levels[lowest][0] < levels[highest][0] - 0.2
    assert levels[lowest][1] < levels[highest][1]


def test_the_same_seed_writes_the_same_files(lane_files: dict[str, Path], tmp_path: Path) -> None:
    again = lanes.write_lanes(tmp_path)
    assert {path.name: path.read_bytes() for path in again} == {
        path.name: path.read_bytes() for path in lane_files.values()
    }
    assert (lanes.write_lanes(tmp_path / "other", seed=2)[1]).read_bytes() != again[1].read_bytes()


def test_blocks_stand_back_from_the_river_by_more_than_a_cell_of_the_pilot(river_files: dict[str, Path]) -> None:
    """On cells of 40 m, half land and half river, eight buildings at the bank read 1 to 2 m of water."""
    blocks = gpd.read_file(river_files["街坊"])
    water = riverside.river_of(riverside.BANK)
    assert set(blocks.geom_type) <= {"Polygon", "MultiPolygon"}
    assert blocks.distance(water).min() > 40.0 * 2.0**0.5
    assert blocks.distance(water).min() == pytest.approx(riverside.QUAY, abs=0.5)


def test_blocks_of_the_riverside_hold_the_census_and_lie_in_their_subdistrict(river_files: dict[str, Path]) -> None:
    frame = gpd.read_file(river_files["街坊"])
    people = frame.groupby("街道")["常住人口"].sum()
    for each in riverside.SUBDISTRICTS:
        assert people[each.name] == pytest.approx(each.residents, abs=len(each.blocks) / 2)
        mine = frame[frame["街道"] == each.name]
        quay = riverside.river_of(riverside.BANK).buffer(riverside.QUAY)
        assert mine.area.sum() == pytest.approx(Polygon(each.outline).difference(quay).area, rel=1e-6)
        feet = np.array([area for _, area, _ in each.blocks])
        assert mine.area.to_numpy() / mine.area.sum() == pytest.approx(feet / feet.sum(), rel=1e-5)
    assert len(frame) == 58


def test_the_river_lies_outside_the_wall_and_protected_sites_within_blocks(river_files: dict[str, Path]) -> None:
    wall = gpd.read_file(river_files["防汛墙"])
    assert wall["墙顶高程"][0] > riverside.HIGH_WATER > riverside.LEVEL
    water = riverside.river_of(riverside.BANK)
    assert not water.buffer(-0.01).intersects(wall.geometry[0])
    sites, blocks = gpd.read_file(river_files["保护范围"]), gpd.read_file(river_files["街坊"])
    assert not blocks.buffer(-1.0).intersects(wall.geometry[0]).any(), "no block lies before the wall"
    assert len(sites) == 24
    assert sites.geometry.intersects(blocks.union_all()).all()
    with rasterio.open(river_files["地形高程"]) as ground:
        x, y = water.intersection(box(*ground.bounds)).representative_point().coords[0]
        assert next(ground.sample([(x, y)]))[0] < riverside.LOW_WATER, "the bed lies below low water"
    rows = river_files["风暴潮位"].read_text(encoding="utf-8").splitlines()
    assert max(float(row.split(",")[1]) for row in rows[2:]) == riverside.HIGH_WATER
