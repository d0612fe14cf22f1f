"""GeoPackages and file geodatabases: layers by name, shapes of every kind, databases that bite."""

import sqlite3
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import shapely
from shapely.geometry import GeometryCollection, LineString, MultiPolygon, Point, Polygon, box

from citybraid.sources.protocol.limits import Limits
from tests.corpus.case import case
from tests.corpus.content import cut, patched, written
from tests.sources.planner_files import CRS, SOUTH, WEST, buildings, parcels, square, streets


def gpkg(path: Path, frame: gpd.GeoDataFrame, layer: str | None = None, **options: object) -> Path:
    """Write one layer."""
    frame.to_file(path, layer=layer or path.stem, driver="GPKG", engine="pyogrio", **options)
    return path


def shaped(*shapes: object) -> gpd.GeoDataFrame:
    """Parcels with these shapes in place of the first ones."""
    frame = parcels()
    for row, shape in enumerate(shapes):
        frame.loc[row, "geometry"] = shape
    return frame


def executed(path: Path, *statements: str) -> Path:
    """Change a database by SQL, without GDAL's triggers in the way."""
    with sqlite3.connect(path) as base:
        for trigger in base.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            base.execute(f'DROP TRIGGER "{trigger[0]}"')
        for statement in statements:
            base.execute(statement)
    base.close()
    return path


@case("good", "parcels")
def geopackage(folder: Path) -> Path:
    """GeoPackage with one layer named as the file."""
    return gpkg(folder / "地块.gpkg", parcels())


@case("good", "buildings", "layer_chosen", sheet="建筑")
def geopackage_with_a_named_layer(folder: Path) -> Path:
    """GeoPackage with three layers; the study names one."""
    path = folder / "现状.gpkg"
    for layer, frame in (("地块", parcels()), ("建筑", buildings()), ("道路", streets())):
        pyogrio.write_dataframe(frame, path, layer=layer, driver="GPKG", append=path.exists())
    return path


@case("odd", "buildings", refusal="layer_ambiguous")
def geopackage_with_several_layers(folder: Path) -> Path:
    """GeoPackage with two layers; the study names none."""
    path = folder / "现状.gpkg"
    for layer, frame in (("地块", parcels()), ("建筑", buildings())):
        pyogrio.write_dataframe(frame, path, layer=layer, driver="GPKG", append=path.exists())
    return path


@case("odd", "parcels", refusal="layer_absent", sheet="建筑")
def geopackage_without_the_named_layer(folder: Path) -> Path:
    """GeoPackage without the layer that the study names."""
    return gpkg(folder / "地块.gpkg", parcels())


@case("odd", "parcels", "shape_flat")
def geopackage_with_measures(folder: Path) -> Path:
    """GeoPackage of polygons with Z."""
    return gpkg(folder / "地块.gpkg", parcels().set_geometry(shapely.force_3d(parcels().geometry, 2.0)))


@case("odd", "parcels", "shape_multipart")
def multipart_parcels(folder: Path) -> Path:
    """Parcel of two separate parts."""
    return gpkg(
        folder / "地块.gpkg", shaped(MultiPolygon([square(0, 0, 40), box(WEST + 60, SOUTH, WEST + 90, SOUTH + 30)]))
    )


@case("odd", "parcels", "shape_untied_guess")
def bow_tie(folder: Path) -> Path:
    """Parcel whose border crosses itself once."""
    tie = Polygon([(WEST, SOUTH), (WEST + 100, SOUTH + 100), (WEST + 100, SOUTH), (WEST, SOUTH + 100)])
    return gpkg(folder / "地块.gpkg", shaped(tie))


@case("hostile", "parcels", "shape_tangled")
def ring_that_crosses_itself_without_end(folder: Path) -> Path:
    """Ring of 2 000 corners that crosses itself a million times."""
    turn = np.arange(2000) * 2.39996
    star = Polygon(np.column_stack([WEST + 50 + 50 * np.cos(turn * 7), SOUTH + 50 + 50 * np.sin(turn * 5)]))
    return gpkg(folder / "地块.gpkg", shaped(star))


@case("hostile", "parcels", refusal="too_many_vertices", limits=Limits(vertices=1000))
def ring_with_more_corners_than_the_limit(folder: Path) -> Path:
    """Ring with more corners than the limit (lowered to 1 000 for the test)."""
    return gpkg(folder / "地块.gpkg", shaped(Point(WEST + 50, SOUTH + 50).buffer(50, quad_segs=400)))


@case("odd", "parcels", "shape_double")
def shapes_that_stand_twice(folder: Path) -> Path:
    """Two rows with the same shape."""
    return gpkg(folder / "地块.gpkg", shaped(square(1, 0)))


@case("odd", "parcels", "shapes_overlap")
def shapes_that_overlap(folder: Path) -> Path:
    """Two parcels that share a wide strip."""
    return gpkg(folder / "地块.gpkg", shaped(box(WEST, SOUTH, WEST + 130, SOUTH + 100)))


@case("odd", "parcels", "slivers")
def sliver(folder: Path) -> Path:
    """Parcel two centimetres wide."""
    return gpkg(folder / "地块.gpkg", shaped(box(WEST, SOUTH, WEST + 100, SOUTH + 0.02)))


@case("odd", "parcels", "shape_kind")
def lines_among_areas(folder: Path) -> Path:
    """Parcels among which stands a line."""
    return gpkg(folder / "地块.gpkg", shaped(LineString([(WEST, SOUTH), (WEST + 50, SOUTH + 50)])))


@case("odd", "parcels", "shape_collection")
def collections_among_areas(folder: Path) -> Path:
    """Parcel that is a collection of an area, a line and a point."""
    mixed = GeometryCollection([square(0, 0), LineString([(WEST, SOUTH), (WEST + 9, SOUTH)]), Point(WEST, SOUTH)])
    return gpkg(folder / "地块.gpkg", shaped(mixed))


@case("odd", "parcels", "shape_empty")
def rows_without_shapes(folder: Path) -> Path:
    """Rows whose shape is missing or empty."""
    return gpkg(folder / "地块.gpkg", shaped(None, Polygon()))


@case("odd", "parcels", "ids_numbered")
def rows_without_ids(folder: Path) -> Path:
    """Parcels without a column that names them."""
    return gpkg(folder / "地块.gpkg", parcels().drop(columns="地块编号"))


@case("odd", "parcels", "no_columns")
def shapes_without_columns(folder: Path) -> Path:
    """Parcels without any column."""
    return gpkg(folder / "地块.gpkg", parcels()[["geometry"]])


@case("odd", "parcels", "cell_out_of_range")
def ratio_beyond_belief(folder: Path) -> Path:
    """Floor area ratio of 5 000."""
    return gpkg(folder / "地块.gpkg", parcels().assign(容积率="5000"))


@case("odd", "parcels", "code_unknown")
def land_use_that_nobody_knows(folder: Path) -> Path:
    """Land-use codes of no scheme."""
    return gpkg(folder / "地块.gpkg", parcels().assign(用地代码=["ZZ9", "QQ", "!!", "？"]))


@case("odd", "parcels")
def coordinates_in_web_mercator(folder: Path) -> Path:
    """Parcels in web mercator, whose areas are too large as they stand."""
    return gpkg(folder / "地块.gpkg", parcels().to_crs("EPSG:3857"))


@case("odd", "parcels", "crs_in_feet")
def coordinates_in_feet(folder: Path) -> Path:
    """Parcels in a CRS in feet."""
    return gpkg(
        folder / "地块.gpkg",
        parcels().to_crs("+proj=tmerc +lat_0=0 +lon_0=120 +x_0=500000 +units=us-ft +ellps=GRS80 +no_defs"),
    )


@case("odd", "parcels")
def coordinates_with_the_zone_in_front(folder: Path) -> Path:
    """Parcels whose eastings carry the zone (40 572 000)."""
    return gpkg(folder / "地块.gpkg", parcels().to_crs("EPSG:4528"))


@case("broken", "parcels", refusal="layer_empty")
def geopackage_without_rows(folder: Path) -> Path:
    """GeoPackage whose layer has no row."""
    return gpkg(folder / "地块.gpkg", parcels().iloc[:0])


@case("broken", "parcels", refusal="disguised")
def geopackage_without_layers(folder: Path) -> Path:
    """SQLite database that is no GeoPackage."""
    path = folder / "地块.gpkg"
    with sqlite3.connect(path) as base:
        base.execute("CREATE TABLE a (b TEXT)")
    base.close()
    return path


@case("broken", "parcels", refusal="unreadable")
def geopackage_cut_off(folder: Path) -> Path:
    """GeoPackage that breaks off after 60 %."""
    return cut(gpkg(folder / "地块.gpkg", parcels()), 0.6)


@case("broken", "parcels", refusal="crs_missing")
def geopackage_with_a_torn_page(folder: Path) -> Path:
    """GeoPackage with a page overwritten."""
    return patched(gpkg(folder / "地块.gpkg", parcels()), 4096, b"\xff" * 4096)


@case("broken", "parcels", refusal="disguised")
def geopackage_that_is_a_raster(folder: Path) -> Path:
    """TIFF renamed to .gpkg."""
    return written(folder / "地块.gpkg", b"II*\x00" + bytes(64))


@case("broken", "parcels", refusal="disguised_page")
def geopackage_that_is_a_web_page(folder: Path) -> Path:
    """Web page (a login form) saved as .gpkg."""
    return written(folder / "地块.gpkg", "<!DOCTYPE html><html><body>请登录</body></html>")


@case("hostile", "parcels", refusal="too_slow", limits=Limits(seconds=2))
def geopackage_with_an_endless_view(folder: Path) -> Path:
    """GeoPackage whose layer is a view that never ends."""
    path = gpkg(folder / "地块.gpkg", parcels())
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x AS fid, NULL AS geom FROM n"
    return executed(path, 'DROP TABLE "地块"', f'CREATE VIEW "地块" AS {endless}', "DELETE FROM gpkg_ogr_contents")


@case("hostile", "parcels", refusal="unreadable")
def geopackage_with_a_view_that_loads_code(folder: Path) -> Path:
    """GeoPackage whose layer is a view that calls load_extension."""
    path = gpkg(folder / "地块.gpkg", parcels())
    return executed(
        path, 'ALTER TABLE "地块" RENAME TO kept',
        "CREATE VIEW \"地块\" AS SELECT fid, geom, load_extension('/var/evil.so') AS 容积率 FROM kept",
    )  # fmt: skip


@case("hostile", "parcels")
def geopackage_with_a_trigger(folder: Path) -> Path:
    """GeoPackage with a trigger that would delete rows."""
    path = executed(gpkg(folder / "地块.gpkg", parcels()))
    with sqlite3.connect(path) as base:
        base.execute('CREATE TRIGGER evil AFTER UPDATE ON gpkg_contents BEGIN DELETE FROM "地块"; END')
    base.close()
    return path


@case("hostile", "parcels")
def geopackage_with_a_lying_count(folder: Path) -> Path:
    """GeoPackage that claims a million million rows."""
    return executed(gpkg(folder / "地块.gpkg", parcels()), "UPDATE gpkg_ogr_contents SET feature_count = 1000000000000")


@case("hostile", "parcels", refusal="layer_empty")
def geopackage_with_a_torn_shape(folder: Path) -> Path:
    """GeoPackage whose shapes claim four thousand million points."""
    return executed(
        gpkg(folder / "地块.gpkg", parcels()),
        "UPDATE \"地块\" SET geom = x'47500001c5110000' || x'0103000000010000' || x'00ffffffff'",
    )


@case("hostile", "parcels", refusal="crs_missing")
def geopackage_with_a_foreign_crs_text(folder: Path) -> Path:
    """GeoPackage whose CRS is the address of a file on the network."""
    return executed(
        gpkg(folder / "地块.gpkg", parcels()),
        "UPDATE gpkg_spatial_ref_sys SET definition = 'http://127.0.0.1:9/crs', organization = 'http://127.0.0.1:9/', "
        "organization_coordsys_id = 1",
    )


@case("hostile", "parcels", "columns_unused")
def geopackage_with_two_thousand_columns(folder: Path) -> Path:
    """GeoPackage with 1 900 columns."""
    wide = {f"列{number}": ["x"] * 4 for number in range(1900)}
    return gpkg(folder / "地块.gpkg", gpd.GeoDataFrame(wide, geometry=parcels().geometry, crs=CRS))


@case("hostile", "parcels", refusal="coordinates")
def coordinates_beyond_the_earth(folder: Path) -> Path:
    """Parcel a million kilometres away."""
    return gpkg(folder / "地块.gpkg", shaped(box(1e15, 1e15, 2e15, 2e15)))


@case("hostile", "parcels", refusal="layer_empty")
def coordinates_that_are_no_numbers(folder: Path) -> Path:
    """Parcel with corners at NaN and infinity."""
    strange = Polygon([(WEST, SOUTH), (WEST + 100, SOUTH), (np.nan, np.inf), (WEST, SOUTH + 100)])
    return gpkg(folder / "地块.gpkg", shaped(strange))


@case("hostile", "parcels")
def names_that_are_formulas(folder: Path) -> Path:
    """Parcels named as spreadsheet formulas."""
    names = ['=HYPERLINK("http://127.0.0.1:9","x")', "+1+1", "@SUM(A1)", "-2+3|cmd|' /C calc'!A0"]
    return gpkg(folder / "地块.gpkg", parcels().assign(地块编号=names))


@case("hostile", "parcels")
def names_that_are_scripts(folder: Path) -> Path:
    """Parcels named as scripts, templates and markup."""
    names = ["<script>alert(1)</script>", "{{ 7 * 7 }}{% raw %}", "</td><img src=x onerror=alert(1)>", "[red]x[/red]"]
    return gpkg(folder / "地块.gpkg", parcels().assign(地块编号=names))


@case("hostile", "parcels", "code_unknown", "signs_shown")
def names_that_drive_the_terminal(folder: Path) -> Path:
    """Parcels named with escape sequences, turned writing, and signs that hide."""
    names = ["\x1b[2J\x1b]0;x\x07A", "B\u202egnp.exe", "C\u200b\u200bD", "E\nF\tG"]
    return gpkg(folder / "地块.gpkg", parcels().assign(地块编号=names, 用地代码=["\x1b[31mZ", "\u202eQ", "!!", "?"]))


@case("hostile", "parcels")
def columns_that_are_scripts(folder: Path) -> Path:
    """Columns named as scripts and formulas."""
    return gpkg(
        folder / "地块.gpkg", parcels().assign(**{"<script>x</script>": "1", "=1+1": "2", "{0.__class__}": "3"})
    )


@case("good", "parcels")
def file_geodatabase(folder: Path) -> Path:
    """File geodatabase with one layer."""
    path = folder / "现状.gdb"
    pyogrio.write_dataframe(parcels(), path, layer="地块", driver="OpenFileGDB")
    return path


@case("broken", "parcels", refusal="gdb_incomplete")
def file_geodatabase_in_part(folder: Path) -> Path:
    """File geodatabase without its catalogue."""
    path = file_geodatabase.make(folder)
    (path / "a00000001.gdbtable").unlink()
    return path


@case("broken", "parcels", refusal="unreadable")
def file_geodatabase_with_a_torn_table(folder: Path) -> Path:
    """File geodatabase whose tables are overwritten."""
    path = file_geodatabase.make(folder)
    for each in path.glob("*.gdbtable"):
        patched(each, 40, b"\xff" * 60)
    return path


@case("hostile", "parcels", refusal="folder_link")
def file_geodatabase_with_a_link(folder: Path) -> Path:
    """File geodatabase that holds a link to a file of the system."""
    path = file_geodatabase.make(folder)
    (path / "a00000099.gdbtable").symlink_to("/etc/passwd")
    return path
