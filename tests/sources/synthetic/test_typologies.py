"""Villages, parks and estates: the same seed writes the same files, and each says that it is synthetic."""

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import rasterio

from citybraid.core.errors import InputError
from citybraid.core.streets.street_network import Places, disconnected, lines_of, network
from citybraid.core.text import LANGUAGES
from citybraid.sources.synthetic import community, park, village
from citybraid.sources.synthetic.frame import LABEL
from citybraid.study.open.open_study import open_study
from citybraid.study.open.pilots import copy_pilot, generate, generators

Writer = Callable[..., tuple[Path, ...]]
PLACES: dict[str, Writer] = {
    "village": village.write_village, "park": park.write_park, "community": community.write_community,
}  # fmt: skip


@pytest.fixture(scope="module", params=list(PLACES))
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    name = str(request.param)
    folder = tmp_path_factory.mktemp(name)
    written = PLACES[name](folder, seed=1)
    assert sorted(written) == sorted(folder.iterdir())
    return name, folder


def test_streets_are_one_network(place: tuple[str, Path]) -> None:
    """Lanes of the estate ended at the edge of its streets: a third of the network led nowhere, and a fifth of the
    people could not even cycle to a school beside them.
    """
    _, folder = place
    streets = gpd.read_file(folder / f"道路中心线_{LABEL}.gpkg")
    lines, row = lines_of(streets, np.ones(len(streets), np.bool_))
    stops = Places(np.empty(0, np.int64), np.empty(0), np.empty(0))
    found = network(lines, row, apart=np.zeros(len(lines), np.bool_), tolerance=1.0, stops=stops)
    assert disconnected(found) == pytest.approx(0.0)


def test_every_file_and_every_row_is_labelled(place: tuple[str, Path]) -> None:
    _, folder = place
    for path in folder.iterdir():
        assert LABEL in path.name or "synthetic" in path.name
        if path.suffix == ".gpkg":
            assert set(gpd.read_file(path)["备注"]) == {f"{LABEL}数据"}
        elif path.suffix == ".tif":
            with rasterio.open(path) as raster:
                assert "synthetic" in raster.tags()["TITLE"]
        elif path.suffix == ".epw":
            assert b"SYNTHETIC" in path.read_bytes()[:100]


def test_one_seed_is_one_place_and_another_seed_another(place: tuple[str, Path], tmp_path: Path) -> None:
    name, folder = place
    again, other = ({path.name: path.read_bytes() for path in PLACES[name](tmp_path / str(seed), seed=seed)}
                    for seed in (1, 2))  # fmt: skip
    assert again == {path.name: path.read_bytes() for path in folder.iterdir()}
    assert other["weather_synthetic.epw"] != again["weather_synthetic.epw"]
    assert other[f"现状建筑_{LABEL}.gpkg"] != again[f"现状建筑_{LABEL}.gpkg"]


def test_buildings_stand_on_dry_ground_inside_the_plan_area(place: tuple[str, Path]) -> None:
    _, folder = place
    area = gpd.read_file(folder / f"规划范围_{LABEL}.gpkg").union_all()
    shapes = gpd.read_file(folder / f"现状建筑_{LABEL}.gpkg").geometry
    assert shapes.within(area.buffer(0.01)).all()
    assert shapes.union_all().area == pytest.approx(shapes.area.sum(), rel=1e-9), "none overlap"
    with rasterio.open(folder / f"地表覆盖_{LABEL}.tif") as raster:
        cover = np.array([value[0] for value in raster.sample([(p.x, p.y) for p in shapes.centroid])])
    assert set(cover) == {52}, "roof"


def test_fields_of_the_village_are_those_of_its_farming(place: tuple[str, Path]) -> None:
    """Paddy in mu of 1/15 ha, and 270 kg of nitrogen on each hectare."""
    name, folder = place
    if name != "village":
        assert not (folder / f"农业与养殖_{LABEL}.gpkg").exists()
        return
    plots = gpd.read_file(next(folder.glob("村庄用地*.gpkg")))
    paddy = plots[plots["用地代码"] == "0101"].area.sum()
    farms = gpd.read_file(folder / f"农业与养殖_{LABEL}.gpkg").set_index("编号")
    assert farms.loc["农田与农户", "单季稻面积(亩)"] == pytest.approx(paddy / (10_000 / 15), abs=0.06)
    assert farms.loc["农田与农户", "氮肥折纯量(吨)"] == pytest.approx(0.27 * paddy / 1e4, abs=0.06)
    assert farms.loc["养殖场", "生猪存栏(头)"] == 900


def test_the_levee_stands_above_the_river_in_flood() -> None:
    assert village.CREST > village.RIVER_FLOOD > village.FIELD > village.INSIDE_LEVEL > village.CANAL_BED
    assert park.STREET > park.CANAL_FLOOD > park.CANAL_LEVEL > park.CANAL_BED


def test_streets_lead_out_of_the_park(tmp_path: Path) -> None:
    """A closed ring of streets has no way out: nobody could leave."""
    park.write_park(tmp_path)
    streets, area = (gpd.read_file(tmp_path / f"{name}_合成.gpkg") for name in ("道路中心线", "规划范围"))
    assert (~streets.within(area.union_all())).sum() == 4


def test_a_study_that_names_no_generator_of_ours_is_told_which_there_are(tmp_path: Path) -> None:
    assert {"community", "park", "town", "village", "delta"} <= set(generators())
    path = copy_pilot("jiaxing-ecf", tmp_path)
    path.write_text(path.read_text(encoding="utf-8").replace("community = {", "hamlet = {"), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        generate(open_study(path))
    for language in LANGUAGES:
        assert all(name in caught.value.say(language) for name in ("hamlet", *generators()))
