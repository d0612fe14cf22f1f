"""SWMM models and CityJSON: files that programs wrote for programs."""

import gzip
from pathlib import Path
from typing import Any

from tests.corpus.case import case
from tests.corpus.content import TOWN, cut, lonlat, written
from tests.sources.planner_files import SOUTH, WEST

SWMM = f"""[TITLE]
;; 示例

[OPTIONS]
FLOW_UNITS CMS

[SUBCATCHMENTS]
S1 R1 J1 0.5 60 100 0.5 0

[JUNCTIONS]
J1 2.5 3 0 0 0
J2 1.0 2.0

[OUTFALLS]
O1 0.5 FREE

[CONDUITS]
C1 J1 O1 100 0.013 0 0
C2 J2 J1 50 0.014 0 0

[XSECTIONS]
C1 CIRCULAR 0.6 0 0 0 1
C2 RECT_CLOSED 1.0 2.0 0 0

[COORDINATES]
J1 {WEST + 10} {SOUTH + 10}
J2 {WEST + 10} {SOUTH + 60}
O1 {WEST + 110} {SOUTH + 10}
"""


def city(**changes: object) -> dict[str, Any]:
    """A model of one building, 20 m wide and 9 m high."""
    ring = [(0, 0), (20_000, 0), (20_000, 20_000), (0, 20_000)]
    vertices = [[x, y, z] for z in (0, 9000) for x, y in ring]
    walls = [[[n, (n + 1) % 4, 4 + (n + 1) % 4, 4 + n]] for n in range(4)]
    solid = {"type": "Solid", "lod": "1", "boundaries": [[[[0, 3, 2, 1]], [[4, 5, 6, 7]], *walls]]}
    return {
        "type": "CityJSON", "version": "1.1", "transform": {"scale": [0.001] * 3, "translate": [WEST, SOUTH, 5.0]},
        "metadata": {"referenceSystem": "https://www.opengis.net/def/crs/EPSG/0/4549"},
        "CityObjects": {"甲": {"type": "Building", "attributes": {"measuredHeight": 9.0}, "geometry": [solid]}},
        "vertices": vertices, **changes,
    }  # fmt: skip


@case("good", "drainage", "swmm_read", beside="units", crs=TOWN)
def swmm(folder: Path) -> Path:
    """SWMM model."""
    return written(folder / "管网.inp", SWMM)


@case("odd", "drainage", "swmm_us_units", beside="units", crs=TOWN)
def swmm_in_feet(folder: Path) -> Path:
    """SWMM model in feet and acres."""
    return written(folder / "管网.inp", SWMM.replace("CMS", "CFS"))


@case("odd", "drainage", "encoding_guessed", beside="units", crs=TOWN)
def swmm_in_gbk(folder: Path) -> Path:
    """SWMM model with remarks in GBK."""
    return written(folder / "管网.inp", SWMM, "gb18030")


@case("odd", "drainage", "swmm_unplaced", beside="units", crs=TOWN)
def swmm_without_places(folder: Path) -> Path:
    """SWMM model whose nodes have no coordinates."""
    return written(folder / "管网.inp", SWMM.split("[COORDINATES]", maxsplit=1)[0])


@case("broken", "drainage", refusal="swmm_number", beside="units", crs=TOWN)
def swmm_with_broken_rows(folder: Path) -> Path:
    """SWMM model with words for numbers and rows cut short."""
    return written(folder / "管网.inp", SWMM.replace("J1 2.5 3 0 0 0", "J1 深").replace("100 0.013", "abc"))


@case("hostile", "drainage", refusal="swmm_node", beside="units", crs=TOWN)
def swmm_with_a_pipe_to_itself(folder: Path) -> Path:
    """SWMM model with a pipe from a node to itself and one to nowhere."""
    return written(folder / "管网.inp", SWMM.replace("C1 J1 O1", "C1 J1 J1").replace("C2 J2 J1", "C2 J2 NIRGENDS"))


@case("good", "buildings", "floors_from_height")
def cityjson(folder: Path) -> Path:
    """CityJSON of a building."""
    return written(folder / "现状.city.json", city())


@case("broken", "buildings", refusal="unreadable")
def cityjson_cut_off(folder: Path) -> Path:
    """CityJSON that breaks off."""
    return cut(cityjson.make(folder), 0.6)


@case("hostile", "buildings", refusal="city_broken")
def cityjson_with_corners_that_are_not_there(folder: Path) -> Path:
    """CityJSON whose walls name corners that there are not."""
    return written(folder / "现状.city.json", city(vertices=[[0, 0, 0]]))


@case("hostile", "buildings", refusal="city_nothing")
def cityjson_whose_parts_hold_each_other(folder: Path) -> Path:
    """CityJSON in which two objects are each other's parts."""
    parts = {
        "甲": {"type": "Building", "children": ["乙"], "parents": ["乙"]},
        "乙": {"type": "BuildingPart", "children": ["甲"], "parents": ["甲"]},
    }
    return written(folder / "现状.city.json", city(CityObjects=parts))


@case("hostile", "buildings", refusal="coordinates")
def cityjson_at_the_end_of_numbers(folder: Path) -> Path:
    """CityJSON whose scale is 1e300."""
    return written(folder / "现状.city.json", city(transform={"scale": [1e300] * 3, "translate": [0, 0, 0]}))


@case("hostile", "buildings", refusal="crs_form")
def cityjson_whose_crs_is_an_address(folder: Path) -> Path:
    """CityJSON whose CRS is the address of a server."""
    return written(folder / "现状.city.json", city(metadata={"referenceSystem": "http://127.0.0.1:9/crs"}))


@case("hostile", "buildings", refusal="xml_entities")
def osm_that_laughs(folder: Path) -> Path:
    """OSM file in XML whose entities unfold."""
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    x, y = lonlat().total_bounds[:2]
    head = f'<?xml version="1.0"?><!DOCTYPE osm [<!ENTITY l0 "哈">{entities}]>'
    node = f'<node id="1" lat="{y}" lon="{x}" version="1"><tag k="name" v="&l9;"/></node>'
    return written(folder / "现状.osm", f'{head}<osm version="0.6">{node}</osm>')


@case("hostile", "parcels", refusal="packed_large", beside="parcels")
def gzip_bomb(folder: Path) -> Path:
    """CSV packed by gzip that unfolds from 60 KiB to 64 MiB."""
    return written(folder / "指标.csv.gz", gzip.compress(b"0" * (64 << 20)))


@case("odd", "parcels", "names_joined", beside="parcels")
def csv_packed_by_gzip(folder: Path) -> Path:
    """CSV packed by gzip."""
    return written(folder / "指标.csv.gz", gzip.compress("地块编号,容积率\nA-01,2\nA-02,3\n".encode()))


@case("broken", "parcels", refusal="not_this_format", beside="parcels")
def xls_that_is_a_web_page(folder: Path) -> Path:
    """Web page saved as .xls, as offices' programs do."""
    return written(folder / "指标.xls", "<html><table><tr><td>地块编号</td></tr></table></html>")
