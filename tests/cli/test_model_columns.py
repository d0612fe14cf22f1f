"""citybraid model on tables: every column that the model can use is used, and one that it does not is told."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
from shapely.geometry import Point, box

from citybraid.core import catalogue
from citybraid.core.model import optional_reads, var_of
from citybraid.core.var import Table
from citybraid.sources.protocol.quantities import columns_of
from citybraid.sources.text.columns import headers_named
from tests.cli.test_model_command import citybraid, dem

WALLED = ("--north", "closed", "--south", "closed", "--east", "closed", "--west", "closed")
RISING = ("model", "resilience.flood", "--terrain", "dem.tif", "--rain-intensity", "dry.csv", "--manning", "0.03",
          "--inflow-discharge", "flow.csv", "--duration", "600", "--course-interval", "600", *WALLED)  # fmt: skip
DISCHARGE, SECONDS = 5.0, 600.0


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two basins with a ridge between, an inflow into each, and 5 m³/s for ten minutes."""
    folder = tmp_path_factory.mktemp("份额")
    ground = np.full((12, 21), 10.0)
    ground[:, 10] = 40.0
    dem(folder / "dem.tif", ground)
    (folder / "dry.csv").write_text("time (min),rain (mm/h)\n0,0\n10,0\n", encoding="utf-8")
    (folder / "flow.csv").write_text("time (min),flow (m3/s)\n0,5\n5,5\n", encoding="utf-8")
    return folder


def inflows(path: Path, **columns: list[float]) -> None:
    spots = [Point(500_000 + 5 * 4.5, 3_400_000 - 5 * 5.5), Point(500_000 + 5 * 15.5, 3_400_000 - 5 * 5.5)]
    gpd.GeoDataFrame(columns, geometry=spots, crs="EPSG:4549").to_file(path, engine="pyogrio")


def halves(folder: Path) -> tuple[float, float]:
    """Return the water west and east of the ridge at the end [m³]."""
    with rasterio.open(folder / "final_depth.tif") as source:
        depth = np.nan_to_num(source.read(1).astype(np.float64))
    return float(depth[:, :10].sum() * 25.0), float(depth[:, 11:].sum() * 25.0)


@pytest.mark.parametrize("header", ["inflow_share", "入流份额", "Share (-)"])
@pytest.mark.parametrize("suffix", ["gpkg", "shp", "geojson"])
def test_the_shares_of_inflows_divide_the_water(header: str, suffix: str, desk: Path) -> None:
    name = f"inflows_{len(header)}.{suffix}"
    cut = header.encode()[:10].decode(errors="ignore") if suffix == "shp" else header  # as a shapefile keeps it
    inflows(desk / name, **{cut: [0.9, 0.1]})
    done = citybraid([*RISING, "--inflows", name, "--out", "shares"], desk)
    assert done.returncode == 0, done.stderr
    west, east = halves(desk / "shares")
    assert west == pytest.approx(0.9 * DISCHARGE * SECONDS, rel=1e-4)
    assert east == pytest.approx(0.1 * DISCHARGE * SECONDS, rel=1e-4)


def test_shares_that_do_not_add_up_are_refused(desk: Path) -> None:
    inflows(desk / "much.gpkg", inflow_share=[0.9, 0.9])
    done = citybraid([*RISING, "--inflows", "much.gpkg", "--out", "never"], desk)
    assert done.returncode == 2, done.stdout
    assert "1.8" in done.stderr
    assert not (desk / "never").exists()


def test_a_computed_column_of_another_model_is_read_under_its_name(desk: Path) -> None:
    """Photovoltaic generation avoids emissions, whichever name its column bears."""
    shapes = [box(500_010, 3_399_900, 500_020, 3_399_910), box(500_040, 3_399_900, 500_060, 3_399_920)]
    needed = catalogue.load("lowcarbon.building_emissions").needs["buildings"].what
    assert isinstance(needed, Table)
    columns: dict[str, list[float]] = {var_of(each).name: [1e5, 2e5] for each in needed.columns}
    avoided = {}
    for name, more in {
        "bare": {},
        "named": {"pv_generation": [1e4, 0.0]},
        "titled": {"光伏发电量": [1e4, 0.0]},
    }.items():
        gpd.GeoDataFrame({**columns, **more}, geometry=shapes, crs="EPSG:4549").to_file(desk / f"{name}.gpkg")
        words = ["--buildings", f"{name}.gpkg", "--crs", "EPSG:4549", "--region", "CN-ZJ", "--out", f"{name}_result"]
        done = citybraid(["model", "lowcarbon.building_emissions", *words], desk)
        assert done.returncode == 0, done.stderr
        result = gpd.read_file(desk / f"{name}_result" / "pv_avoided.gpkg")
        avoided[name] = result["pv_avoided"].to_numpy()
    assert not avoided["bare"].any()
    assert avoided["named"][0] > 0.0
    assert avoided["named"][1] == 0.0
    assert np.array_equal(avoided["named"], avoided["titled"])


def test_every_optional_column_of_every_model_is_found_by_its_name() -> None:
    for name in catalogue.known():
        for need in catalogue.load(name).needs.values():
            if isinstance(need.what, Table):
                own = [each for each in optional_reads(need.what) if each not in columns_of(need.what.on)]
                assert set(headers_named([*own, "height"], own)) == set(own), name


def test_no_column_that_a_file_alone_can_bring_is_unknown_to_intake() -> None:
    """A column that no model makes can only come from a file: a study must know its name."""
    made = {output for name in catalogue.known() for output in catalogue.load(name).makes}
    read = {
        (need.what.on, column)
        for name in catalogue.known()
        for need in catalogue.load(name).needs.values()
        if isinstance(need.what, Table)
        for column in optional_reads(need.what)
    }
    forgotten = [column for table, column in read if column not in made and column not in columns_of(table)]
    assert not forgotten


@pytest.mark.parametrize("header", ["residents", "居住人数", "居住人数(百人)", "楼内居民（千人）"])
def test_people_in_any_multiple_travel_the_same(header: str, desk: Path) -> None:
    """100 and 250 people: the emissions of the second home are 2.5 times those of the first, in every unit."""
    times = {"居住人数(百人)": 100.0, "楼内居民（千人）": 1000.0}.get(header, 1.0)
    shapes = [box(500_010, 3_399_900, 500_020, 3_399_910), box(500_040, 3_399_900, 500_060, 3_399_920)]
    columns = {"id": ["A", "B"], header: [100 / times, 250 / times]}
    gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4549").to_file(desk / "people.gpkg")
    done = citybraid(
        ["model", "lowcarbon.transport", "--buildings", "people.gpkg", "--region", "CN-ZJ", "--out", "people"], desk
    )
    assert done.returncode == 0, done.stderr
    first, second = gpd.read_file(desk / "people" / "transport_emissions.gpkg")["transport_emissions"]
    assert first == pytest.approx(100 * 323.27174, rel=1e-6)
    assert second == pytest.approx(2.5 * first)


@pytest.mark.parametrize("header", ["居住人数(户)", "residents (people/ha)"])
def test_a_required_column_in_another_unit_is_refused_with_the_reason(header: str, desk: Path) -> None:
    shapes = [box(500_010, 3_399_900, 500_020, 3_399_910)]
    gpd.GeoDataFrame({"id": ["A"], header: [100.0]}, geometry=shapes, crs="EPSG:4549").to_file(desk / "wrong.gpkg")
    done = citybraid(
        ["model", "lowcarbon.transport", "--buildings", "wrong.gpkg", "--region", "CN-ZJ", "--out", "never"], desk
    )
    assert done.returncode == 2
    assert "no value of residents can be used" in done.stderr
    assert "columns missing" not in done.stderr, "the column is there"
    for told in (f"column '{header}' is in", f"“{header}”列单位为"):
        assert told in done.stderr
    assert not (desk / "never").exists()


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ([-5.0, -7.0], ("no value of residents can be used", "lie outside 0 to 1e+09", "没有可用的数值")),
        ([None, None], ("columns residents are there but hold no value", "存在但没有数值")),
        (None, ("columns missing: residents", "缺少列 residents")),
    ],
)
def test_a_required_column_without_a_usable_value_is_told_as_it_is(
    values: list[float | None] | None, told: tuple[str, ...], desk: Path
) -> None:
    shapes = [box(500_010 + 20 * at, 3_399_900, 500_020 + 20 * at, 3_399_910) for at in range(2)]
    columns = {"id": ["A", "B"]} | ({"residents": pd.Series(values, dtype=float)} if values else {})
    gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4549").to_file(desk / "homes.gpkg")
    words = ["model", "lowcarbon.transport", "--buildings", "homes.gpkg", "--region", "CN-ZJ", "--out", "never"]
    done = citybraid(words, desk)
    assert done.returncode == 2
    for sentence in told:
        assert sentence in done.stderr, done.stderr
    assert ("columns missing" in done.stderr) == (values is None)
