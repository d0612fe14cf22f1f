"""What each provider asks for over an area, and what it makes of small files made here."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin
from shapely.geometry import box

from citybraid.core.errors import InputError
from citybraid.core.rows.land import LandCover
from citybraid.core.tables import read_table
from citybraid.sources.intake.intake import Intake, take_in
from citybraid.sources.open_data import overpass
from citybraid.sources.open_data.discovery import all_providers, options_of, parse_names
from citybraid.sources.open_data.gather import FetchContext, SourceResult, gather
from citybraid.sources.open_data.item import Item
from citybraid.sources.open_data.known import source, sources
from citybraid.sources.open_data.mirror import Mirror
from citybraid.sources.open_data.record import attributions
from citybraid.sources.open_data.web import DownloadLimits
from citybraid.sources.protocol.filespec import FileSpec
from citybraid.sources.protocol.target import Bounds, Target
from tests.sources.open_data.served import Served
from tests.sources.osm_files import Osm

AREA: Bounds = (120.99, 30.985, 121.015, 31.01)
"""Over the corner of four tiles of one degree."""
TARGET = Target("EPSG:4549", 20.0)


def paths(name: str, bounds: Bounds, *said: str) -> list[str]:
    return [item.path for item in all_providers()[name].tiles(bounds, options_of(name, said))]


def test_every_source_has_rows_a_licence_and_a_notice() -> None:
    assert set(all_providers()) == {row.source for row in sources()}
    assert all(row.licence.name and row.licence.attribution and row.server.startswith("https://") for row in sources())
    assert {row.status for row in sources()} <= {"verified", "single_source", "recalled_unverified", "assumed"}


def test_tiles_are_named_by_their_south_west_corner() -> None:
    assert paths("dem", AREA) == [
        f"Copernicus_DSM_COG_10_{corner}_DEM/Copernicus_DSM_COG_10_{corner}_DEM.tif"
        for corner in ("N30_00_E120_00", "N30_00_E121_00", "N31_00_E120_00", "N31_00_E121_00")
    ]
    assert paths("dem", (-0.5, -0.5, -0.4, -0.4))[0].startswith("Copernicus_DSM_COG_10_S01_00_W001_00_DEM/")
    assert paths("worldcover", AREA) == ["v200/2021/map/ESA_WorldCover_10m_2021_v200_N30E120_Map.tif"]
    assert paths("worldcover", (2.9, -0.1, 3.1, 0.1)) == [
        f"v200/2021/map/ESA_WorldCover_10m_2021_v200_{corner}_Map.tif"
        for corner in ("S03E000", "S03E003", "N00E000", "N00E003")
    ]
    assert paths("dem", (120.0, 30.0, 121.0, 31.0)) == [
        "Copernicus_DSM_COG_10_N30_00_E120_00_DEM/Copernicus_DSM_COG_10_N30_00_E120_00_DEM.tif"
    ]


def test_a_country_a_model_and_years_are_named_by_the_user() -> None:
    assert paths("worldpop", AREA, "worldpop.country=chn", "worldpop.year=2025") == [
        "GIS/Population/Global_2015_2030/R2025A/2025/CHN/v1/100m/constrained/chn_pop_2025_CN_100m_R2025A_v1.tif"
    ]
    assert paths("worldpop", AREA, "worldpop.country=CHN", "worldpop.release=2020") == [
        "GIS/Population/Global_2000_2020/2020/CHN/chn_ppp_2020_UNadj.tif"
    ]
    assert paths("cmip6", AREA, "cmip6.model=ACCESS-CM2", "cmip6.variables=tas pr", "cmip6.years=2050-2051") == [
        f"NEX-GDDP-CMIP6/ACCESS-CM2/ssp245/r1i1p1f1/{variable}/{variable}_day_ACCESS-CM2_ssp245_r1i1p1f1_gn_{year}.nc"
        for variable in ("tas", "pr")
        for year in (2050, 2051)
    ]


@pytest.mark.parametrize(
    ("name", "said", "text"),
    [
        ("worldpop", [], "fetch.country"),
        ("worldpop", ["worldpop.country=CHN", "worldpop.year=1999"], "fetch.year"),
        ("worldpop", ["worldpop.country=../"], "fetch.setting_value"),
        ("cmip6", [], "fetch.model"),
        ("cmip6", ["cmip6.model=A", "cmip6.scenario=historical"], "fetch.year"),
        ("cmip6", ["cmip6.model=A", "cmip6.years=2060-2050"], "fetch.year"),
        ("cmip6", ["cmip6.model=A", "cmip6.years=2015-2100", "cmip6.variables=a b c d e"], "fetch.many_files"),
        ("cmip6", ["cmip6.model=../A"], "fetch.setting_value"),
        ("osm", ["osm.region=../../etc"], "fetch.setting_value"),
        ("osm", ["osm.country=CHN"], "fetch.setting_unknown"),
        ("osm", ["region"], "fetch.setting_form"),
        ("osm", ["osm.saved=nowhere.json"], "fetch.no_saved"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_told(name: str, said: list[str], text: str) -> None:
    with pytest.raises(InputError) as told:
        paths(name, AREA, *said)
    assert told.value.text == text


def test_unknown_sources_are_told_with_the_known() -> None:
    assert parse_names("osm, dem,osm") == ("osm", "dem")
    with pytest.raises(InputError, match="worldcover"):
        parse_names("osm,google")


def tif(path: Path, west: float, north: float, side: float, values: np.ndarray, nodata: float | None = None) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with rasterio.open(
        path, "w", driver="GTiff", width=values.shape[1], height=values.shape[0], count=1, dtype=values.dtype,
        crs="EPSG:4326", transform=from_origin(west, north, side, side), nodata=nodata,
    ) as out:  # fmt: skip
        out.write(values, 1)


Gather = Callable[..., SourceResult]


def taken_in(found: SourceResult, path: str, root: Path) -> Intake:
    """Take the made files in as a study does, beside a study area."""
    gpd.GeoDataFrame(geometry=[box(*AREA)], crs="EPSG:4326").to_file(root / "area.gpkg")
    specs = {each.role: FileSpec.model_validate({"path": path, **each.words}) for each in found.made}
    return take_in({"study_area": FileSpec(path="area.gpkg"), **specs}, TARGET, root=root)


@pytest.fixture
def gathered(tmp_path: Path, hasty: DownloadLimits) -> Gather:
    """Gather a source into a study's folder from a mirror."""

    def gather_it(name: str, mirror: str, *said: str, bounds: Bounds = AREA) -> SourceResult:
        ways = FetchContext(tmp_path / "cache", tmp_path / "study" / "data" / "open", Mirror.of(mirror), hasty)
        provider = all_providers()[name]
        return gather(provider, options_of(name, said), bounds, ways, began=lambda _: lambda _: None)

    return gather_it


def test_heights_of_four_tiles_become_one_raster_of_the_area(tmp_path: Path, gathered: Gather) -> None:
    mirror = tmp_path / "mirror"
    side = 1 / 360
    for name, (west, south) in zip(paths("dem", AREA), [(120, 30), (121, 30), (120, 31), (121, 31)], strict=True):
        if (west, south) != (121, 31):
            values = np.full((360, 360), west - 100 + (south - 30) * 10, dtype=np.float32)
            tif(mirror / "dem" / name, west, south + 1, side, values)
    found = gathered("dem", str(mirror))
    path = tmp_path / "study" / "data" / "open" / "dem" / "terrain.tif"
    with rasterio.open(path) as made:
        values, bounds = made.read(1, masked=True), made.bounds
    assert bounds.left <= AREA[0] < bounds.left + 2 * side
    assert bounds.top >= AREA[3] > bounds.top - 2 * side
    assert values[0, 0] == 30
    assert values[-1, 0] == 20
    assert values[-1, -1] == 21
    assert values.mask[0, -1]
    assert found.record.lacking == (paths("dem", AREA)[3],)
    assert found.record.notes == ("fetch.surface_model",)
    reading = take_in({"terrain": FileSpec(path="data/open/dem/terrain.tif")}, TARGET, root=tmp_path / "study")
    assert {each.var.name for each in reading.layers} >= {"terrain"}


def test_land_cover_is_read_by_the_table_of_classes(tmp_path: Path, gathered: Gather) -> None:
    classes = (10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 100)
    assert set(classes) == {code for row in read_table(LandCover) for code in row.worldcover_codes}
    mirror, side = tmp_path / "mirror", 3 / 3600
    stripes = np.repeat(np.array(classes, dtype=np.uint8), 328)[:3600]
    tif(mirror / paths("worldcover", AREA)[0], 120, 33, side, np.broadcast_to(stripes, (3600, 3600)).copy(), 0)
    found = gathered("worldcover", mirror.as_uri())
    assert [each.role for each in found.made] == ["land_cover"]
    with rasterio.open(tmp_path / "study" / "data" / "open" / "worldcover" / "land_cover.tif") as made:
        assert made.dtypes == ("uint8",)
        assert made.width < 40
    seen = take_in({"land_cover": FileSpec(path="data/open/worldcover/land_cover.tif")}, TARGET,
                   root=tmp_path / "study")  # fmt: skip
    cover = next(each for each in seen.layers if each.var.name == "land_cover")
    assert set(np.unique(cover.value)) - {0} <= {int(row.code) for row in read_table(LandCover)}


def test_people_are_counted_and_a_country_is_cut_to_the_area(tmp_path: Path, gathered: Gather) -> None:
    mirror, said = tmp_path / "mirror", ("worldpop.country=CHN", "worldpop.year=2025")
    values = np.full((1200, 2400), 2.5, dtype=np.float32)
    values[:, :100] = -99999.0
    tif(mirror / "worldpop" / paths("worldpop", AREA, *said)[0], 120, 31.5, 1 / 1200, values, -99999.0)
    found = gathered("worldpop", str(mirror), *said)
    with rasterio.open(tmp_path / "study" / "data" / "open" / "worldpop" / "population_grid.tif") as made:
        cells = made.read(1)
        assert cells.size < 1200
        assert (cells == 2.5).all()
    assert found.made[0].words == {"as_of": 2025}
    assert found.record.files[0].size == (mirror / "worldpop" / paths("worldpop", AREA, *said)[0]).stat().st_size


def test_a_raster_that_lies_elsewhere_is_told(tmp_path: Path, gathered: Gather) -> None:
    tif(tmp_path / "mirror" / paths("worldcover", AREA)[0], 0, 3, 3 / 36, np.ones((36, 36), dtype=np.uint8))
    with pytest.raises(InputError, match="does not lie over the area"):
        gathered("worldcover", str(tmp_path / "mirror"))


def test_a_vrt_in_a_mirror_leads_nowhere(tmp_path: Path, gathered: Gather) -> None:
    path = tmp_path / "mirror" / paths("worldcover", AREA)[0]
    path.parent.mkdir(parents=True)
    path.write_text("<VRTDataset rasterXSize='1' rasterYSize='1'/>", encoding="utf-8")
    with pytest.raises(InputError, match="is no tiff file"):
        gathered("worldcover", str(tmp_path / "mirror"))


def test_nothing_over_the_area_is_told(tmp_path: Path, gathered: Gather) -> None:
    (tmp_path / "mirror").mkdir()
    with pytest.raises(InputError, match="nothing covers the area"):
        gathered("dem", str(tmp_path / "mirror"))
    with pytest.raises(InputError, match="is not there"):
        gathered("worldpop", str(tmp_path / "mirror"), "worldpop.country=CHN")


def answer() -> dict[str, Any]:
    """An answer of the Overpass API: a house, a street, a lake with an island of two ways, a node and a broken one."""

    def ring(west: float, south: float, side: float) -> list[dict[str, float]]:
        corners = [(west, south), (west + side, south), (west + side, south + side), (west, south + side)]
        return [{"lon": x, "lat": y} for x, y in [*corners, corners[0]]]

    lake, island = ring(121.002, 31.0, 0.004), ring(121.003, 31.001, 0.001)
    return {
        "version": 0.6,
        "elements": [
            {"type": "way", "id": 1, "tags": {"building": "apartments", "building:levels": "6"},
             "geometry": ring(121.0, 30.988, 0.0004)},
            {"type": "way", "id": 11, "tags": {"building": "yes"}, "geometry": ring(121.009, 31.005, 0.0004)},
            {"type": "way", "id": 2, "tags": {"highway": "residential", "name": "新安路"},
             "geometry": [{"lon": 121.0, "lat": 30.99}, None, {"lon": 121.01, "lat": 30.99}]},
            {"type": "relation", "id": 3, "tags": {"type": "multipolygon", "natural": "water"},
             "members": [
                 {"type": "way", "ref": 4, "role": "outer", "geometry": lake[:3]},
                 {"type": "way", "ref": 5, "role": "outer", "geometry": lake[2:]},
                 {"type": "way", "ref": 6, "role": "inner", "geometry": island},
             ]},
            {"type": "relation", "id": 7, "tags": {"type": "multipolygon", "natural": "water"},
             "members": [{"type": "way", "ref": 8, "role": "outer", "geometry": lake[:3]}]},
            {"type": "way", "id": 9, "tags": {"building": "no"}, "geometry": ring(121.0, 31.0, 0.0004)},
            {"type": "node", "id": 10, "lat": 31.0, "lon": 121.0, "tags": {"highway": "crossing"}},
            "nonsense",
        ],
    }  # fmt: skip


def test_an_answer_becomes_layers_that_the_readers_take(tmp_path: Path, gathered: Gather) -> None:
    saved = tmp_path / "answer.json"
    saved.write_text(json.dumps(answer()), encoding="utf-8")
    found = gathered("osm", "", f"osm.saved={saved}")
    assert [each.role for each in found.made] == ["buildings", "streets", "ground"]
    path = tmp_path / "study" / "data" / "open" / "osm" / "osm.gpkg"
    water = gpd.read_file(path, layer="ground")
    assert list(water["id"]) == ["r3"]
    assert water.geometry[0].area == pytest.approx(0.004**2 - 0.001**2)
    specs = {
        each.role: FileSpec.model_validate({"path": "data/open/osm/osm.gpkg", **each.words}) for each in found.made
    }
    seen = take_in(specs, TARGET, root=tmp_path / "study")
    columns = {(each.var.on, each.var.name): each.value for each in seen.layers}
    assert columns["buildings", "floors"].loc["w1"] == 6
    assert columns["buildings", "building_use"].loc["w1"] == "residential"
    assert "streets" in {on for on, _ in columns}
    records = attributions(tmp_path / "study", ["data/open/osm/osm.gpkg"])
    assert [each.attribution for each in records] == ["© OpenStreetMap contributors"]


def test_the_query_asks_for_what_the_roles_select_and_is_posted_as_a_form(
    served: Served, tmp_path: Path, hasty: DownloadLimits, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = overpass.query(AREA)
    assert "[bbox:30.98500,120.99000,31.01000,121.01500]" in text
    for part in ('way["building"];', 'way["highway"];', 'relation["type"="multipolygon"]["natural"];', "out geom;"):
        assert part in text
    assert 'relation["type"="multipolygon"]["highway"]' not in text
    served.how.posts["/api/interpreter"] = json.dumps(answer()).encode()
    served.how.answers = [429]
    item = all_providers()["osm"].tiles(AREA, options_of("osm", []))[0]
    there = Item(item.path, f"{served.url}/api/interpreter", item.kind, item.body)
    monkeypatch.setattr(all_providers()["osm"], "tiles", lambda *_: (there,))
    ways = FetchContext(tmp_path / "cache", tmp_path / "study", None, hasty)
    found = gather(all_providers()["osm"], options_of("osm", []), AREA, ways, began=lambda _: lambda _: None)
    assert len(found.made) == 3
    assert parse_qs(served.how.bodies[-1].decode())["data"] == [text]
    assert served.how.sent[-1]["User-Agent"].startswith("citybraid/")


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"elements": [], "remark": "runtime error: Query timed out"}, "fetch.overpass_remark"),
        ({"type": "FeatureCollection"}, "fetch.not_overpass"),
        ({"elements": {}}, "fetch.not_overpass"),
        ({"elements": []}, "fetch.osm_nothing"),
    ],
)
def test_answers_that_hold_nothing_are_told(tmp_path: Path, gathered: Gather, body: dict[str, Any], text: str) -> None:
    saved = tmp_path / "answer.json"
    saved.write_text(json.dumps(body), encoding="utf-8")
    with pytest.raises(InputError) as told:
        gathered("osm", "", f"osm.saved={saved}")
    assert told.value.text == text


def extract(path: Path) -> Path:
    town = Osm()
    town.square(121.0, 30.995, 0.0004, {"building": "yes"})
    town.way([(121.0, 30.99), (121.01, 30.99)], {"highway": "residential"})
    town.square(121.002, 31.0, 0.004, {"natural": "water"})
    path.parent.mkdir(parents=True)
    return town.write(path)


def index() -> bytes:
    def region(name: str, west: float, south: float, east: float, north: float) -> dict[str, Any]:
        corners = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        return {
            "type": "Feature", "geometry": {"type": "MultiPolygon", "coordinates": [[corners]]},
            "properties": {"id": name, "urls": {"pbf": f"https://download.geofabrik.de/{name}-latest.osm.pbf"}},
        }  # fmt: skip

    regions = [
        region("asia", 60, -10, 150, 80), region("asia/china/shanghai", 120.8, 30.6, 122.2, 31.9),
        region("asia/china", 70, 15, 135, 55), region("europe", -20, 35, 60, 75),
    ]  # fmt: skip
    return json.dumps({"type": "FeatureCollection", "features": regions}).encode()


def test_the_smallest_extract_that_holds_the_area_is_taken(tmp_path: Path, gathered: Gather) -> None:
    mirror = tmp_path / "mirror"
    extract(mirror / "osm" / "asia" / "china" / "shanghai-latest.osm.pbf")
    (mirror / "osm" / "index-v1.json").write_bytes(index())
    found = gathered("osm", str(mirror), "osm.via=extract")
    assert [each.path for each in found.record.files] == ["index-v1.json", "asia/china/shanghai-latest.osm.pbf"]
    assert found.record.title["en"].startswith("OpenStreetMap extracts")
    seen = taken_in(found, "data/open/osm/shanghai-latest.osm.pbf", tmp_path / "study")
    assert {each.var.on for each in seen.layers if each.var.kind == "geometry"} >= {"buildings", "streets"}


def test_an_extract_that_is_not_there_is_named(tmp_path: Path, gathered: Gather) -> None:
    (tmp_path / "mirror").mkdir()
    (tmp_path / "mirror" / "index-v1.json").write_bytes(index())
    with pytest.raises(InputError, match=r"asia/china/shanghai-latest\.osm\.pbf"):
        gathered("osm", str(tmp_path / "mirror"), "osm.via=extract")
    with pytest.raises(InputError, match="no extract of the index"):
        gathered("osm", str(tmp_path / "mirror"), "osm.via=extract", bounds=(-60.0, -10.0, -59.9, -9.9))


def test_a_mirror_on_a_server_is_asked_by_source_and_by_bare_name(
    served: Served, tmp_path: Path, gathered: Gather
) -> None:
    tif(served.root / paths("worldcover", AREA)[0], 120, 33, 3 / 360, np.full((360, 360), 80, dtype=np.uint8))
    first = gathered("worldcover", served.url)
    assert [asked[1].split("/")[1] for asked in served.how.asked] == ["worldcover", "v200"]
    assert first.record.files[0].url.startswith(served.url)
    assert (tmp_path / "cache" / "worldcover" / paths("worldcover", AREA)[0]).is_file()


def test_climate_files_are_recorded_and_said_not_to_be_read(tmp_path: Path, gathered: Gather) -> None:
    said = ("cmip6.model=ACCESS-CM2", "cmip6.years=2050")
    path = tmp_path / "mirror" / "cmip6" / paths("cmip6", AREA, *said)[0]
    path.parent.mkdir(parents=True)
    path.write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(100))
    found = gathered("cmip6", str(tmp_path / "mirror"), *said)
    assert found.record.made == ()
    assert found.record.notes == ("fetch.not_read_yet",)
    assert found.record.licence == source("cmip6", "day").licence.name == "CC0 1.0"
