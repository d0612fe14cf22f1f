"""Shapefiles: four files that belong together, in every encoding, with pieces missing."""

import struct
import zipfile
from pathlib import Path

import geopandas as gpd
import shapely

from citybraid.sources.protocol.limits import Limits
from tests.corpus.case import case
from tests.corpus.content import TOWN, cut, lonlat, packed, patched
from tests.sources.planner_files import buildings, driver_byte, parcels, shapefile


@case("good", "parcels")
def shapefile_utf8(folder: Path) -> Path:
    """Shapefile in UTF-8 with .cpg and .prj."""
    return shapefile(folder / "地块.shp", parcels(), encoding="utf-8", bare=False)


@case("odd", "parcels", "encoding_guessed", crs=TOWN)
def shapefile_gbk_bare(folder: Path) -> Path:
    """Shapefile in GBK without .cpg and .prj."""
    return shapefile(folder / "地块.shp", parcels())


@case("odd", "parcels", "encoding_stated", crs=TOWN)
def shapefile_gbk_by_driver_id(folder: Path) -> Path:
    """Shapefile in GBK whose .dbf says so (LDID 0x4D)."""
    path = shapefile(folder / "地块.shp", parcels())
    driver_byte(path, 0x4D)
    return path


@case("odd", "parcels", "encoding_wrong", crs=TOWN)
def shapefile_with_a_lying_cpg(folder: Path) -> Path:
    """Shapefile in GBK whose .cpg says UTF-8."""
    path = shapefile(folder / "地块.shp", parcels())
    path.with_suffix(".cpg").write_text("UTF-8", encoding="ascii")
    return path


@case("odd", "parcels", "encoding_stated", crs=TOWN, encoding="gbk")
def shapefile_with_the_encoding_named(folder: Path) -> Path:
    """Shapefile in GBK; the study names the encoding."""
    return shapefile(folder / "地块.shp", parcels())


@case("odd", "parcels", "cpg_unknown", crs=TOWN)
def shapefile_with_an_unknown_encoding(folder: Path) -> Path:
    """Shapefile whose .cpg names no encoding."""
    path = shapefile(folder / "地块.shp", parcels())
    path.with_suffix(".cpg").write_text("KLINGON-8", encoding="ascii")
    return path


@case("odd", "parcels", refusal="crs_missing")
def shapefile_without_prj(folder: Path) -> Path:
    """Shapefile without .prj; the study names no CRS."""
    return shapefile(folder / "地块.shp", parcels())


@case("odd", "parcels", "dbf_missing", crs=TOWN)
def shapefile_without_dbf(folder: Path) -> Path:
    """Shapefile without its .dbf."""
    path = shapefile(folder / "地块.shp", parcels())
    path.with_suffix(".dbf").unlink()
    return path


@case("broken", "parcels", "shx_rebuilt", crs=TOWN)
def shapefile_without_shx(folder: Path) -> Path:
    """Shapefile without its .shx."""
    path = shapefile(folder / "地块.shp", parcels())
    path.with_suffix(".shx").unlink()
    return path


@case("odd", "parcels", "encoding_guessed", crs=TOWN)
def shapefile_in_capitals(folder: Path) -> Path:
    """Shapefile whose suffixes are in capitals, as old programs write them."""
    path = shapefile(folder / "DK.shp", parcels())
    for each in list(folder.iterdir()):
        each.rename(each.with_suffix(each.suffix.upper()))
    return path.with_suffix(".SHP")


@case("odd", "parcels", crs=TOWN)
def shapefile_with_an_awkward_name(folder: Path) -> Path:
    """Shapefile with spaces, brackets and Chinese signs in its name."""
    return shapefile(folder / "规划 地块（终稿）[1].shp", parcels())


@case("odd", "parcels", "shape_flat", crs=TOWN)
def shapefile_with_heights(folder: Path) -> Path:
    """Shapefile of polygons with Z."""
    frame = parcels()
    frame.geometry = shapely.force_3d(frame.geometry, 4.0)
    return shapefile(folder / "地块.shp", frame)


@case("odd", "parcels", "shape_empty", crs=TOWN)
def shapefile_with_null_shapes(folder: Path) -> Path:
    """Shapefile with a row without a shape."""
    frame = parcels()
    frame.loc[1, "geometry"] = None
    return shapefile(folder / "地块.shp", frame)


@case("broken", "parcels", refusal="layer_empty", crs=TOWN)
def shapefile_without_rows(folder: Path) -> Path:
    """Shapefile with columns, but no row."""
    return shapefile(folder / "地块.shp", parcels().iloc[:0])


@case("broken", "parcels", refusal="shapes_cut", crs=TOWN)
def shapefile_cut_off(folder: Path) -> Path:
    """Shapefile whose .shp breaks off half-way."""
    return cut(shapefile(folder / "地块.shp", parcels()), 0.5)


@case("broken", "parcels", "shx_rebuilt", crs=TOWN)
def shapefile_with_a_cut_shx(folder: Path) -> Path:
    """Shapefile whose .shx breaks off inside its head."""
    path = shapefile(folder / "地块.shp", parcels())
    cut(path.with_suffix(".shx"), 0.2)
    return path


@case("broken", "parcels", "dbf_rows", crs=TOWN)
def shapefile_with_a_cut_dbf(folder: Path) -> Path:
    """Shapefile whose .dbf breaks off."""
    path = shapefile(folder / "地块.shp", parcels())
    cut(path.with_suffix(".dbf"), 0.6)
    return path


@case("broken", "parcels", refusal="disguised", crs=TOWN)
def shapefile_that_is_a_geopackage(folder: Path) -> Path:
    """GeoPackage renamed to .shp."""
    path = folder / "地块.gpkg"
    parcels().to_file(path)
    return path.rename(folder / "地块.shp")


@case("broken", "parcels", refusal="disguised_zeros", crs=TOWN)
def shapefile_of_zeros(folder: Path) -> Path:
    """Shapefile that holds only zero bytes."""
    path = shapefile(folder / "地块.shp", parcels())
    path.write_bytes(bytes(path.stat().st_size))
    return path


@case("hostile", "parcels", crs=TOWN)
def shapefile_with_an_immense_record(folder: Path) -> Path:
    """Shapefile whose first record claims two thousand million parts."""
    path = shapefile(folder / "地块.shp", parcels())
    return patched(path, 100 + 8 + 36, struct.pack("<i", 2_000_000_000))


@case("hostile", "parcels", crs=TOWN)
def shapefile_with_an_immense_dbf_head(folder: Path) -> Path:
    """Shapefile whose .dbf claims four thousand million rows."""
    path = shapefile(folder / "地块.shp", parcels())
    patched(path.with_suffix(".dbf"), 4, struct.pack("<I", 0xFFFFFFFF))
    return path


@case("hostile", "parcels", refusal="crs_long")
def shapefile_with_an_immense_prj(folder: Path) -> Path:
    """Shapefile with a .prj of a mebibyte."""
    path = shapefile(folder / "地块.shp", parcels())
    path.with_suffix(".prj").write_text("PROJCS[" * 150_000, encoding="ascii")
    return path


@case("hostile", "parcels", refusal="outside", crs=TOWN)
def shapefile_with_a_linked_dbf(folder: Path) -> Path:
    """Shapefile whose .dbf is a link to a file of the system."""
    path = shapefile(folder / "地块.shp", parcels())
    path.with_suffix(".dbf").unlink()
    path.with_suffix(".dbf").symlink_to("/etc/passwd")
    return path


@case("hostile", "parcels", refusal="outside", crs=TOWN)
def shapefile_that_is_a_link(folder: Path) -> Path:
    """Link named .shp to a file of the system."""
    path = folder / "地块.shp"
    path.symlink_to("/etc/passwd")
    return path


@case("odd", "parcels", "zip_read", crs=TOWN)
def zip_with_a_shapefile(folder: Path) -> Path:
    """ZIP of one shapefile in a folder with a Chinese name, beside what a Mac adds."""
    source = shapefile(folder / "地块.shp", parcels())
    members = {f"成果/{each.name}": each.read_bytes() for each in folder.iterdir()}
    members |= {"__MACOSX/._地块.shp": b"x", "说明.txt": "请看".encode()}
    packed(folder / "成果.zip", members)
    for each in folder.glob("地块.*"):
        each.unlink()
    return source.with_name("成果.zip")


@case("odd", "parcels", "zip_read", crs=TOWN)
def zip_with_names_in_gbk(folder: Path) -> Path:
    """ZIP whose names are in GBK, as Windows writes them."""
    shapefile(folder / "地块.shp", parcels())
    path = folder / "b.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for each in sorted(folder.glob("地块.*")):
            info = zipfile.ZipInfo(each.name.encode("gb18030").decode("cp437"))
            archive.writestr(info, each.read_bytes())
            each.unlink()
    whole = path.read_bytes()
    for suffix in ("shp", "shx", "dbf"):
        said = f"地块.{suffix}".encode("gb18030")
        whole = whole.replace(said.decode("cp437").encode(), said)
    return path


@case("odd", "parcels", refusal="zip_several", crs=TOWN)
def zip_with_two_shapefiles(folder: Path) -> Path:
    """ZIP of two shapefiles; the study names none."""
    shapefile(folder / "地块.shp", parcels())
    shapefile(folder / "建筑.shp", buildings())
    return packed(folder / "b.zip", {each.name: each.read_bytes() for each in folder.iterdir()})


@case("odd", "parcels", refusal="layer_elsewhere_likely", beside="units", crs="EPSG:4547")
def shapefile_in_another_zone(folder: Path) -> Path:
    """Shapefile whose CRS is said to be of the zone two meridians on, beside shapes in the right one."""
    return shapefile(folder / "地块.shp", parcels())


@case("broken", "parcels", refusal="degrees_in_metres", crs=TOWN)
def shapefile_in_degrees_said_to_be_metres(folder: Path) -> Path:
    """Shapefile in degrees; the study says that it is in metres."""
    return shapefile(folder / "地块.shp", gpd.GeoDataFrame(lonlat()))


@case("hostile", "parcels", refusal="too_many_features", crs=TOWN, limits=Limits(features=3))
def shapefile_with_more_rows_than_the_limit(folder: Path) -> Path:
    """Shapefile with more rows than the limit (lowered to 3 for the test)."""
    return shapefile(folder / "地块.shp", parcels())
