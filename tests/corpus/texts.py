"""GeoJSON, KML and other shapes written as text; FlatGeobuf, GeoParquet and OSM extracts."""

import json
import struct
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from citybraid.sources.protocol.limits import Limits
from tests.corpus.case import case
from tests.corpus.content import TOWN, cut, geojson, kml, lonlat, packed, patched, placemark, written
from tests.sources.osm_files import Osm
from tests.sources.planner_files import parcels


@case("good", "parcels")
def geojson_in_degrees(folder: Path) -> Path:
    """GeoJSON as its standard wants it."""
    return written(folder / "地块.geojson", geojson())


@case("odd", "parcels")
def geojson_with_a_byte_order_mark(folder: Path) -> Path:
    """GeoJSON with a byte-order mark."""
    return written(folder / "地块.geojson", geojson(), "utf-8-sig")


@case("odd", "parcels", refusal="not_utf8")
def geojson_in_gbk(folder: Path) -> Path:
    """GeoJSON in GBK."""
    return written(folder / "地块.json", json.dumps(geojson(), ensure_ascii=False), "gb18030")


@case("odd", "parcels")
def geojson_with_an_old_crs_member(folder: Path) -> Path:
    """GeoJSON in metres with the crs member of the old standard."""
    named = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4549"}}
    return written(folder / "地块.geojson", geojson(parcels(), crs=named))


@case("odd", "parcels", refusal="metres_in_degrees")
def geojson_in_metres_that_says_nothing(folder: Path) -> Path:
    """GeoJSON in metres without a crs member."""
    return written(folder / "地块.geojson", geojson(parcels()))


@case("odd", "parcels", crs=TOWN)
def geojson_in_metres_with_the_crs_named(folder: Path) -> Path:
    """GeoJSON in metres; the study names the CRS."""
    return written(folder / "地块.geojson", geojson(parcels()))


@case("odd", "parcels")
def geojson_of_one_feature(folder: Path) -> Path:
    """GeoJSON that is one feature, not a collection."""
    return written(folder / "地块.geojson", geojson()["features"][0])


@case("odd", "parcels", refusal="axes_swapped_degrees", beside="units")
def geojson_with_swapped_axes(folder: Path) -> Path:
    """GeoJSON whose latitudes come first, beside shapes in the right place."""
    told = geojson()
    for feature in told["features"]:
        rings = feature["geometry"]["coordinates"]
        feature["geometry"]["coordinates"] = [[[y, x] for x, y in ring] for ring in rings]
    return written(folder / "地块.geojson", told)


@case("odd", "parcels", "shape_empty")
def geojson_with_null_shapes(folder: Path) -> Path:
    """GeoJSON with a feature without geometry."""
    told = geojson()
    told["features"][1]["geometry"] = None
    return written(folder / "地块.geojson", told)


@case("broken", "parcels", refusal="json_cut")
def geojson_cut_off(folder: Path) -> Path:
    """GeoJSON that breaks off half-way."""
    return cut(geojson_in_degrees.make(folder), 0.5)


@case("broken", "parcels", refusal="disguised")
def geojson_that_is_an_archive(folder: Path) -> Path:
    """ZIP renamed to .geojson."""
    return packed(folder / "地块.geojson", {"a.txt": b"x"})


@case("broken", "parcels", refusal="disguised_page")
def geojson_that_is_a_web_page(folder: Path) -> Path:
    """Web page saved as .geojson."""
    return written(folder / "地块.geojson", "<html><head><title>404</title></head></html>")


@case("broken", "parcels", refusal="json_no_shapes")
def geojson_without_features(folder: Path) -> Path:
    """JSON without features."""
    return written(folder / "地块.json", {"name": "x", "rows": [1, 2]})


@case("broken", "parcels", refusal="layer_empty")
def geojson_with_no_shapes_in_it(folder: Path) -> Path:
    """GeoJSON with an empty list of features."""
    return written(folder / "地块.geojson", geojson(features=[]))


@case("broken", "parcels", "shape_empty")
def geojson_with_coordinates_that_are_words(folder: Path) -> Path:
    """GeoJSON whose coordinates are words."""
    told = geojson()
    told["features"][0]["geometry"]["coordinates"] = [[["东", "北"], ["a", "b"]]]
    return written(folder / "地块.geojson", told)


@case("hostile", "parcels", refusal="unreadable")
def geojson_nested_without_end(folder: Path) -> Path:
    """JSON nested 200 000 deep."""
    return written(
        folder / "地块.geojson", '{"type":"FeatureCollection","features":' + "[" * 200_000 + "]" * 200_000 + "}"
    )


@case("hostile", "parcels", refusal="unreadable")
def geojson_with_immense_numbers(folder: Path) -> Path:
    """GeoJSON with numbers of 10 000 digits."""
    text = json.dumps(geojson(), ensure_ascii=False).replace("120.", "9" * 10_000 + ".")
    return written(folder / "地块.geojson", text)


@case("hostile", "parcels", refusal="crs_form")
def geojson_whose_crs_is_an_address(folder: Path) -> Path:
    """GeoJSON whose crs member links to a server."""
    linked = {"type": "link", "properties": {"href": "http://127.0.0.1:9/crs", "type": "esriwkt"}}
    return written(folder / "地块.geojson", geojson(crs=linked))


@case("hostile", "parcels", refusal="crs_form", crs="http://127.0.0.1:9/crs")
def crs_that_is_an_address(folder: Path) -> Path:
    """Study that names an address as CRS."""
    return written(folder / "地块.geojson", geojson())


@case("hostile", "parcels", refusal="crs_form", crs="/etc/passwd")
def crs_that_is_a_path(folder: Path) -> Path:
    """Study that names a file as CRS."""
    return written(folder / "地块.geojson", geojson())


@case("hostile", "parcels", refusal="crs_long", crs="PROJCS[" * 2000)
def crs_without_end(folder: Path) -> Path:
    """Study that names a CRS of 14 000 signs."""
    return written(folder / "地块.geojson", geojson())


@case("good", "parcels", "ids_numbered")
def kml_file(folder: Path) -> Path:
    """KML with a named parcel."""
    return written(folder / "地块.kml", kml(placemark()))


@case("odd", "parcels", "ids_numbered")
def kmz_file(folder: Path) -> Path:
    """KMZ: KML and a picture in a ZIP."""
    return packed(folder / "地块.kmz", {"doc.kml": kml(placemark()).encode(), "files/icon.png": b"\x89PNG"})


@case("odd", "parcels", "kml_folders")
def kml_with_folders(folder: Path) -> Path:
    """KML with placemarks in two folders."""
    parts = [f"<Folder><name>{name}</name>{placemark(name)}</Folder>" for name in ("东区", "西区")]
    return written(folder / "地块.kml", kml("".join(parts)))


@case("hostile", "parcels", "kml_left_out")
def kml_with_links(folder: Path) -> Path:
    """KML with network links and pictures from a server."""
    link = "<NetworkLink><Link><href>http://127.0.0.1:9/a.kml</href></Link></NetworkLink>"
    picture = "<GroundOverlay><Icon><href>http://127.0.0.1:9/a.png</href></Icon></GroundOverlay>"
    return written(folder / "地块.kml", kml(link + picture + placemark()))


@case("hostile", "parcels", refusal="xml_entities")
def kml_that_laughs(folder: Path) -> Path:
    """KML whose entities unfold to thousands of millions of signs."""
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return written(folder / "地块.kml", kml(placemark("&l9;"), f'<!DOCTYPE kml [<!ENTITY l0 "哈">{entities}]>'))


@case("hostile", "parcels", refusal="xml_entities")
def kml_with_a_foreign_entity(folder: Path) -> Path:
    """KML whose entity is a file of the system."""
    return written(
        folder / "地块.kml", kml(placemark("&x;"), '<!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]>')
    )


@case("hostile", "parcels", refusal="unreadable")
def kml_nested_without_end(folder: Path) -> Path:
    """KML with 100 000 folders in one another."""
    return written(folder / "地块.kml", kml("<Folder>" * 100_000 + "</Folder>" * 100_000))


@case("broken", "parcels", refusal="xml_broken")
def kml_cut_off(folder: Path) -> Path:
    """KML that breaks off."""
    return cut(kml_file.make(folder), 0.7)


@case("broken", "parcels", refusal="kml_coordinates")
def kml_with_words_for_coordinates(folder: Path) -> Path:
    """KML whose coordinates are words."""
    text = kml_file.make(folder).read_text(encoding="utf-8")
    return written(folder / "地块.kml", text.replace("<coordinates>", "<coordinates>东经,北纬 "))


@case("hostile", "parcels", refusal="zip_large")
def kmz_bomb(folder: Path) -> Path:
    """KMZ of 60 KiB that unpacks to 64 MiB."""
    return packed(folder / "地块.kmz", {"doc.kml": b"<kml>" + b" " * (64 << 20)})


@case("good", "parcels")
def flatgeobuf(folder: Path) -> Path:
    """FlatGeobuf."""
    path = folder / "地块.fgb"
    parcels().to_file(path, driver="FlatGeobuf")
    return path


@case("broken", "parcels", refusal="unreadable")
def flatgeobuf_cut_off(folder: Path) -> Path:
    """FlatGeobuf that breaks off."""
    return cut(flatgeobuf.make(folder), 0.6)


@case("hostile", "parcels", refusal="unreadable")
def flatgeobuf_with_an_immense_head(folder: Path) -> Path:
    """FlatGeobuf whose head claims two gibibytes."""
    return patched(flatgeobuf.make(folder), 8, struct.pack("<I", 0x7FFFFFF0))


@case("good", "parcels")
def geoparquet(folder: Path) -> Path:
    """GeoParquet."""
    path = folder / "地块.parquet"
    parcels().to_parquet(path)
    return path


@case("odd", "parcels", refusal="parquet_plain")
def parquet_without_shapes(folder: Path) -> Path:
    """Parquet without geo metadata."""
    path = folder / "地块.parquet"
    pq.write_table(pa.table({"a": [1, 2]}), path)
    return path


@case("broken", "parcels", refusal="unreadable")
def geoparquet_cut_off(folder: Path) -> Path:
    """GeoParquet that breaks off."""
    return cut(geoparquet.make(folder), 0.7)


@case("hostile", "parcels", refusal="crs_form")
def geoparquet_with_odd_metadata(folder: Path) -> Path:
    """GeoParquet whose metadata are nested nonsense."""
    path = geoparquet.make(folder)
    table = pq.read_table(path)
    geo = b'{"version":"1.1.0","primary_column":"geometry","columns":{"geometry":{"encoding":"WKB","crs":{"$schema":"http://127.0.0.1:9/","type":"X"}}}}'
    pq.write_table(table.replace_schema_metadata({b"geo": geo}), path)
    return path


@case("hostile", "parcels", refusal="parquet_large", limits=Limits(unpacked_mib=8))
def geoparquet_bomb(folder: Path) -> Path:
    """Parquet of some KiB that unpacks to 32 MiB (limit lowered to 8)."""
    path = folder / "地块.parquet"
    frame = parcels()
    frame["x"] = ["y" * (8 << 20)] * 4
    frame.to_parquet(path, compression="zstd")
    return path


@case("good", "buildings", "osm_read")
def osm_extract(folder: Path) -> Path:
    """OSM extract with a building."""
    x, y = lonlat().total_bounds[:2]
    extract = Osm()
    extract.square(float(x), float(y), 0.0005, {"building": "yes", "building:levels": "6"})
    return extract.write(folder / "现状.osm.pbf")


@case("broken", "buildings", refusal="unreadable")
def osm_extract_cut_off(folder: Path) -> Path:
    """OSM extract that breaks off."""
    return cut(osm_extract.make(folder), 0.7)


@case("hostile", "buildings", refusal="unreadable")
def osm_extract_with_an_immense_block(folder: Path) -> Path:
    """OSM extract whose first block claims two gibibytes."""
    return patched(osm_extract.make(folder), 0, b"\x7f\xff\xff\xff")


@case("hostile", "parcels", refusal="zip_path")
def zip_that_climbs_out(folder: Path) -> Path:
    """ZIP with a member ../../../evil.geojson."""
    return packed(folder / "a.zip", {"../../../evil.geojson": b"{}"})


@case("hostile", "parcels", refusal="zip_path")
def zip_with_an_absolute_name(folder: Path) -> Path:
    """ZIP with a member /var/evil.geojson."""
    return packed(folder / "a.zip", {"/var/evil.geojson": b"{}"})


@case("hostile", "parcels", refusal="zip_link")
def zip_with_a_link(folder: Path) -> Path:
    """ZIP with a link to a file of the system."""
    path = folder / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        link = zipfile.ZipInfo("地块.geojson")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return path


@case("hostile", "parcels", refusal="zip_large")
def zip_bomb(folder: Path) -> Path:
    """ZIP of 80 KiB that unpacks to 80 MiB."""
    return packed(folder / "a.zip", {"a.geojson": b"0" * (80 << 20)})


@case("hostile", "parcels", refusal="zip_broken")
def zip_that_lies_about_sizes(folder: Path) -> Path:
    """ZIP whose members claim to be a byte long."""
    path = packed(folder / "a.zip", {"a.geojson": json.dumps(geojson()).encode()})
    with zipfile.ZipFile(path) as archive:
        info = archive.infolist()[0]
    whole = path.read_bytes().replace(
        struct.pack("<II", info.compress_size, info.file_size), struct.pack("<II", info.compress_size, 1)
    )
    return written(path, whole)


@case("hostile", "parcels", refusal="zip_nested")
def zip_in_a_zip(folder: Path) -> Path:
    """ZIP that holds only a ZIP."""
    inner = packed(folder / "inner.zip", {"a.geojson": b"{}"})
    path = packed(folder / "a.zip", {"inner.zip": inner.read_bytes()})
    inner.unlink()
    return path


@case("hostile", "parcels", refusal="zip_entries")
def zip_with_countless_members(folder: Path) -> Path:
    """ZIP with 5 000 members."""
    return packed(folder / "a.zip", {f"{n}.txt": b"" for n in range(5000)}, zipfile.ZIP_STORED)


@case("hostile", "parcels", refusal="zip_repeated")
def zip_with_a_member_twice(folder: Path) -> Path:
    """ZIP with two members of the same name but for capitals."""
    return packed(folder / "a.zip", {"a.geojson": b"{}", "A.GEOJSON": b"{}"})


@case("broken", "parcels", refusal="zip_broken")
def zip_cut_off(folder: Path) -> Path:
    """ZIP that breaks off."""
    return cut(packed(folder / "a.zip", {"a.geojson": json.dumps(geojson()).encode()}), 0.6)


@case("odd", "parcels", refusal="zip_encrypted")
def zip_with_a_password(folder: Path) -> Path:
    """ZIP locked with a password."""
    path = packed(folder / "a.zip", {"a.geojson": json.dumps(geojson()).encode()})
    whole = bytearray(path.read_bytes())
    whole[6] |= 1
    whole[whole.find(b"PK\x01\x02") + 8] |= 1
    return written(path, bytes(whole))


@case("odd", "parcels", refusal="dwg")
def dwg_file(folder: Path) -> Path:
    """DWG drawing."""
    return written(folder / "控规.dwg", b"AC1032" + bytes(100))


@case("broken", "parcels", refusal="file_empty")
def empty_file(folder: Path) -> Path:
    """File of no bytes."""
    return written(folder / "地块.gpkg", b"")


@case("hostile", "parcels", refusal="format_unknown")
def format_of_no_program(folder: Path) -> Path:
    """File whose suffix no program of the field writes."""
    return written(folder / "地块.qqq", b"\x89QQQ\r\n\x1a\n")


@case("odd", "parcels", refusal="foreign_picture")
def unknown_format(folder: Path) -> Path:
    """Picture given as parcels."""
    return written(folder / "地块.png", b"\x89PNG\r\n\x1a\n")


@case("hostile", "parcels", refusal="file_missing", path="没有.gpkg")
def file_that_is_not_there(folder: Path) -> Path:
    """Path of no file."""
    return written(folder / "地块.geojson", geojson())


@case("hostile", "parcels", refusal="outside", path="../../../../../../etc/passwd")
def path_that_climbs_out(folder: Path) -> Path:
    """Path ../../../../../../etc/passwd."""
    return written(folder / "地块.geojson", geojson())


@case("hostile", "parcels", refusal="outside", path="/dev/zero")
def path_of_a_device(folder: Path) -> Path:
    """Path /dev/zero."""
    return written(folder / "地块.geojson", geojson())


@case("hostile", "parcels", refusal="file_large", limits=Limits(file_mib=0.0001))
def file_beyond_the_limit(folder: Path) -> Path:
    """File larger than the limit (lowered for the test)."""
    return written(folder / "地块.geojson", geojson())


@case("odd", "tide", refusal="role_unknown")
def role_that_nobody_knows(folder: Path) -> Path:
    """Entry with a role that there is not."""
    return written(folder / "地块.geojson", geojson())


@case("odd", "parcels", refusal="option_unused", unit="mm")
def word_that_does_not_fit(folder: Path) -> Path:
    """Entry with a word that the format cannot use."""
    return written(folder / "地块.geojson", geojson())
