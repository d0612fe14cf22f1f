"""The synthetic coast and lowland: what lies where, labels, and the seed."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import rasterio

from citybraid.sources.synthetic.lifelines import Extent, components
from citybraid.sources.synthetic.region.coast import write_coast
from citybraid.sources.synthetic.region.lowland import PEOPLE, write_lowland


def _by_name(paths: tuple[Path, ...]) -> dict[str, Path]:
    return {path.name.partition("_")[0]: path for path in paths}


def _values(path: Path) -> np.ndarray:
    with rasterio.open(path) as file:
        assert "synthetic" in file.tags()["TITLE"]
        return np.asarray(file.read(1))


def test_the_coast_has_woods_on_hills_town_sea_and_roads_on_land(tmp_path: Path) -> None:
    files = _by_name(write_coast(tmp_path))
    level, cover = _values(files["地形高程"]), _values(files["地表覆盖"])
    assert level[cover == 80].max() < 0.0
    assert level[cover != 80].min() > 0.5
    assert level[cover == 10].mean() > level[cover == 50].mean() + 30.0
    assert 0.1 < (cover == 80).mean() < 0.4
    roads = gpd.read_file(files["道路"])
    assert roads["编号"].is_unique
    assert roads["道路名称"].is_unique
    assert roads.length.between(300.0, 3000.0).all()
    assert set(roads["备注"]) == {"合成数据 synthetic"}


def test_the_lowland_holds_its_people_and_the_river_rises_over_its_low_end(tmp_path: Path) -> None:
    files = _by_name(write_lowland(tmp_path))
    units, plots, houses = (gpd.read_file(files[name]) for name in ("社区", "用地", "建筑"))
    assert units["常住人口"].sum() == PEOPLE
    assert len(plots) == 14 * 17
    assert houses.sjoin(plots, predicate="within")["编号_right"].notna().all()
    level = _values(files["地形高程"])
    river = np.loadtxt(files["河道水位"], delimiter=",", skiprows=1)
    assert (river[0, 1], river[:, 1].max()) == (8.0, 9.0)
    assert level[-20:].mean() < river[:, 1].max() < level[:20].mean()
    second = tmp_path / "again"
    second.mkdir()
    again = _values(_by_name(write_lowland(second))["地表覆盖"])
    assert np.array_equal(again, _values(files["地表覆盖"]))


def test_the_lowland_has_one_hospital_in_both_of_its_files(tmp_path: Path) -> None:
    """Ambulances left from a hospital 330 m away from the one whose beds lost their power."""
    files = _by_name(write_lowland(tmp_path))
    plots, sites = (gpd.read_file(files[name]) for name in ("用地", "设施"))
    hospital = sites.geometry[sites["设施类型"] == "医院"].union_all()
    west, south, east, north = (round(each, -2) for each in plots.total_bounds)
    fed = next(each for each in components(Extent(west, south, east, north), 1) if each.system == "医院")
    (plot,) = plots.geometry[plots.contains(hospital)]
    assert plot.contains(fed.place)
