import json
import sqlite3
from contextlib import closing
from pathlib import Path
from xml.etree import ElementTree as ET

import ezdxf.filemanagement
import geopandas as gpd
import numpy as np
import pytest
import rasterio
import xarray as xr
from affine import Affine
from ezdxf.colors import aci2rgb
from ezdxf.entities.mtext import MText
from odc.geo.geobox import GeoBox
from rio_cogeo.cogeo import cog_validate
from shapely.geometry import box

from citybraid.report.drawing.palettes import scale_of
from citybraid.report.exports import qml
from citybraid.report.exports.cog import write_cog
from citybraid.report.exports.dxf import HOLES, Release, nearest_colour, stated, write_dxf, write_outlines
from citybraid.report.exports.geopackage import StyledLayer, write_geopackage
from citybraid.report.exports.write import write_exports
from citybraid.report.view import View
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.protocol.target import Target
from citybraid.sources.readers import dxf as reader
from citybraid.study.run.run import Run
from tests.report.made import CRS, made
from tests.report.made_run import made_run

GRID = GeoBox((300, 400), Affine(5, 0, 500_000, 0, -5, 3_402_000), CRS)


@pytest.mark.parametrize("shape", [(300, 400), (600, 700)])
@pytest.mark.parametrize("name", ["max_depth", "land_cover"])
def test_rasters_are_valid_cogs_that_say_what_they_are(tmp_path: Path, name: str, shape: tuple[int, int]) -> None:
    var, grid = vocabulary()[name], GeoBox(shape, GRID.affine, CRS)
    values = np.arange(shape[0] * shape[1]).reshape(shape) % 90
    held = values.astype(np.int32) if var.kind == "int" else np.where(values < 5, np.nan, values / 100)
    tags = {"study": "x", "synthetic": "true"}
    path = write_cog(tmp_path / "深度.tif", xr.DataArray(held, dims=("y", "x")), var=var, grid=grid, tags=tags)
    valid, errors, warnings = cog_validate(str(path), strict=True)
    assert valid, (errors, warnings)
    with rasterio.open(path) as file:
        assert file.crs.to_epsg() == 4549
        assert file.transform == GRID.affine
        assert file.descriptions == (name,)
        assert file.tags()["synthetic"] == "true"
        assert file.tags().get("unit", "") == var.unit
        back = file.read(1, masked=True)
        assert bool(file.overviews(1)) == (max(shape) > 512)
    np.testing.assert_allclose(back.filled(0), np.nan_to_num(held).astype(back.dtype))


def read_back(path: Path, **options: object) -> dict[str, object]:
    asked = reader.Options(crs=CRS, **options)  # type: ignore[arg-type]  # only texts are asked here
    reading = reader.read(path, "parcels", asked, Target(crs=CRS, cell=5.0), limits=Limits())
    return {found.var.name: found.value for found in reading.layers}


@pytest.mark.parametrize("release", ["R2000", "R2010"])
def test_a_drawing_comes_back_as_it_went_out(tmp_path: Path, release: Release) -> None:
    parcels = made().parcels.iloc[1:]
    remarks = ["合成数据：非真实规划"]
    (path,) = write_dxf({release: tmp_path / "地块.dxf"}, parcels, remarks=remarks)
    back = read_back(path)
    for name in ("plot_number", "land_use", "floor_area_ratio", "building_density", "green_ratio", "height_limit"):
        assert list(back[name]) == list(parcels[name])  # type: ignore[call-overload]  # a column
    areas = back["parcels"].area.to_numpy()  # type: ignore[attr-defined]  # a geometry
    np.testing.assert_allclose(areas, parcels.area.to_numpy(), rtol=1e-3)
    raw = path.read_bytes()
    assert "合成数据".encode("gbk" if release == "R2000" else "utf-8") in raw


def test_a_courts_ring_lies_on_its_own_layer(tmp_path: Path) -> None:
    (path,) = write_dxf({"R2010": tmp_path / "a.dxf"}, made().parcels)
    assert len(list(read_back(path)["parcels"])) == 16  # type: ignore[call-overload]  # a geometry
    assert f"\n{HOLES}\n" in path.read_text(encoding="utf-8")


def test_what_gbk_lacks_and_what_cad_takes_for_commands_is_replaced(tmp_path: Path) -> None:
    parcels = made(side=1).parcels.assign(plot_number="甲{1}\\P乙\U00020bb7-1")
    (path,) = write_dxf({"R2000": tmp_path / "a.dxf"}, parcels)
    assert next(iter(read_back(path)["plot_number"])) == "甲(1)/P乙〓-1"  # type: ignore[call-overload]  # a column


def test_units_of_raised_digits_survive_in_gbk_and_a_drawing_opens_on_what_is_drawn(tmp_path: Path) -> None:
    """R2000 drawings said t CO〓e and 〓4,336; CAD programs opened on the origin, 3,400 km from the parcels."""
    plan = made(side=2).parcels
    labels = {str(key): ["−4.1 t CO₂e/(m²·年)"] for key in plan.index}
    (path,) = write_outlines({"R2000": tmp_path / "a.dxf"}, {"单元": plan.geometry}, colours={"单元": "#b3261e"},
                             labels=labels)  # fmt: skip
    drawing = ezdxf.filemanagement.readfile(path)
    assert {each.text for each in drawing.modelspace() if isinstance(each, MText)} == {"-4.1 t CO2e/(m2·年)"}
    west, south, east, north = plan.total_bounds
    assert drawing.header["$EXTMIN"][:2] == pytest.approx((west, south))
    assert drawing.header["$EXTMAX"][:2] == pytest.approx((east, north))
    (view,) = (port.dxf for port in drawing.viewports if port.dxf.name == "*Active")
    assert tuple(view.center)[:2] == pytest.approx(((west + east) / 2, (south + north) / 2))
    assert view.height >= north - south
    said = [each.dxf.text for each in drawing.modelspace().query("TEXT")]
    assert said == ["2000 国家大地坐标系（CGCS2000），高斯—克吕格投影，3° 带，中央经线 120°E（EPSG:4549）"]


def entities(path: Path, encoding: str = "utf-8") -> str:
    return path.read_text(encoding=encoding).split("\nENTITIES\n")[1].split("\nENDSEC\n")[0]


def test_a_drawing_is_the_same_written_alone_and_beside_another_release(tmp_path: Path) -> None:
    parcels = made(side=2).parcels.assign(plot_number="甲\U00020bb7-1")
    old, new = write_dxf({"R2000": tmp_path / "old.dxf", "R2010": tmp_path / "new.dxf"}, parcels)
    (alone,) = write_dxf({"R2010": tmp_path / "alone.dxf"}, parcels)
    assert entities(new) == entities(alone)
    assert "甲\U00020bb7-1" in entities(new)
    assert "甲〓-1" in entities(old, "gbk")
    for path, version in ((old, "AC1015"), (new, "AC1024")):
        drawing = ezdxf.filemanagement.readfile(path)
        assert drawing.dxfversion == version
        assert not drawing.audit().errors
        assert len(drawing.modelspace().query("LWPOLYLINE")) >= len(parcels)


def test_styles_travel_inside_the_geopackage(tmp_path: Path) -> None:
    plan = made()
    style = qml.categories("land_use", {"0901": ("商业用地", "#ff0000"), "1401": ("公园绿地", "#00ff00")})
    layers = [
        StyledLayer("parcels_as_is", plan.parcels, style),
        StyledLayer("buildings_as_is", plan.buildings, qml.classes("height", scale_of("height", [np.arange(30.0)]))),
        StyledLayer("units_as_is", plan.buildings, qml.single("#cfcac4")),
    ]
    path = write_geopackage(tmp_path / "规划.gpkg", layers)
    back = gpd.read_file(path, layer="parcels_as_is")
    assert list(back["id"]) == list(plan.parcels.index)
    assert list(back["plot_number"]) == list(plan.parcels["plot_number"])
    assert back.crs == plan.parcels.crs
    np.testing.assert_allclose(back.area, plan.parcels.area.to_numpy())
    with closing(sqlite3.connect(path)) as base:
        rows = base.execute("SELECT f_table_name, styleQML, useAsDefault FROM layer_styles").fetchall()
        contents = base.execute("SELECT table_name FROM gpkg_contents WHERE data_type = 'attributes'").fetchall()
    assert contents == [("layer_styles",)]
    assert [(name, default) for name, _, default in rows] == [(layer.name, 1) for layer in layers]
    kinds = [ET.fromstring(text.partition("\n")[2]).find("renderer-v2") for _, text, _ in rows]  # noqa: S314  (our own)
    assert [kind.get("type") for kind in kinds if kind is not None] == [
        "categorizedSymbol",
        "graduatedSymbol",
        "singleSymbol",
    ]


def test_an_older_geopackage_is_replaced(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame({"a": [1]}, geometry=[box(0, 0, 1, 1)], crs=CRS)
    layer = StyledLayer("one", frame, qml.single("#cfcac4"))
    write_geopackage(tmp_path / "a.gpkg", [layer, StyledLayer("two", frame, qml.single("#cfcac4"))])
    path = write_geopackage(tmp_path / "a.gpkg", [layer])
    assert list(gpd.list_layers(path)["name"]) == ["one", "layer_styles"]


def test_each_land_use_lies_on_a_layer_of_the_standards_colour(tmp_path: Path) -> None:
    paths: dict[Release, Path] = {"R2000": tmp_path / "old.dxf", "R2010": tmp_path / "new.dxf"}
    write_dxf(paths, made().parcels)
    for release, path in paths.items():
        drawing = ezdxf.filemanagement.readfile(path)
        layers = {layer.dxf.name: layer for layer in drawing.layers}
        for code, colour in (("0901", "#ff0000"), ("1401", "#00ff00")):
            name = next(each for each in layers if each.startswith(f"用地-{code}-"))
            assert layers[name].color == nearest_colour(colour)
            rings = [ring for ring in drawing.modelspace().query("LWPOLYLINE") if ring.dxf.layer == name]
            assert len(rings) == 4
            if release == "R2010":
                assert layers[name].rgb == tuple(bytes.fromhex(colour.lstrip("#")))


@pytest.mark.parametrize(("colour", "number"), [("#ff0000", 1), ("#ffff00", 2), ("#00ff00", 3), ("#0000ff", 5)])
def test_numbered_colours_are_the_nearest(colour: str, number: int) -> None:
    assert aci2rgb(nearest_colour(colour)) == aci2rgb(number)


def test_a_drawing_states_both_ends_of_a_span() -> None:
    row = {
        "floor_area_ratio": 2.5, "least_floor_area_ratio": 1.5, "building_density": float("nan"),
        "least_building_density": 0.4, "green_ratio": float("nan"), "most_green_ratio": 0.2, "height_limit": 60.0,
    }  # fmt: skip
    values = [line.partition("：")[2] for line in stated(row)]
    assert values == ["1.5-2.5", "≥40%", "≤20%", "60m"]


@pytest.mark.parametrize("release", ["R2000", "R2010"])
def test_codes_are_written_beside_the_controls_and_read_as_no_control(tmp_path: Path, release: Release) -> None:
    parcels = made().parcels
    codes = {str(name): f"P1-{at:04d}" for at, name in enumerate(parcels.index, 1)}
    (plain,) = write_dxf({release: tmp_path / "a.dxf"}, parcels)
    (coded,) = write_dxf({release: tmp_path / "b.dxf"}, parcels, codes=codes)
    drawing = ezdxf.filemanagement.readfile(coded)
    assert not drawing.audit().errors
    texts = [text.dxf.text for text in drawing.modelspace().query('TEXT[layer=="溯源码"]')]
    assert sorted(texts) == sorted(f"[{code}]" for code in codes.values())
    before, after = read_back(plain, layers={"parcels": "用地-*"}), read_back(coded, layers={"parcels": "用地-*"})
    assert set(before) == set(after)
    for name in set(before) - {"parcels"}:
        assert list(before[name]) == list(after[name]), name  # type: ignore[call-overload]  # columns


def with_units(folder: Path) -> Run:
    """Return a made run whose two planning units have outlines."""
    run = made_run(folder)
    shapes = gpd.GeoSeries([box(0, 0, 200, 400), box(200, 0, 400, 400)], index=["U1", "U2"], crs=CRS, name="units")
    run.store.put("units-made", shapes)
    path = run.folder / "manifest.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    for alternative in content["alternatives"].values():
        alternative["layers"].append({"var": "units", "key": "units-made", "grid": None, "at": []})
    path.write_text(json.dumps(content), encoding="utf-8")
    return Run.open(run.folder)


def test_a_table_takes_hundreds_of_columns_of_events(tmp_path: Path) -> None:
    run = made_run(tmp_path)
    run.store.put("depth-made", made().parcels.area.rename("storage_shortfall"))
    path = run.folder / "manifest.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    layers = content["alternatives"]["as_is"]["layers"]
    layers += [
        {"var": "storage_shortfall", "key": "depth-made", "grid": None, "at": [["event", f"e{at}"]]}
        for at in range(120)
    ]
    path.write_text(json.dumps(content), encoding="utf-8")
    write_exports(View(Run.open(run.folder)), tmp_path / "out", lambda _: None)
    columns = set(gpd.read_file(tmp_path / "out" / "gis" / "plan.gpkg", layer="parcels_as_is", rows=1).columns)
    assert {f"storage_shortfall_e{at}" for at in range(120)} <= columns


def test_units_are_drawn_with_their_indicators_and_codes(tmp_path: Path) -> None:
    run = with_units(tmp_path)
    paths = write_exports(View(run), tmp_path / "out", lambda _: None)
    drawn = [path for path in paths if path.name.startswith("units_chosen")]
    assert len(drawn) == 2
    for path in drawn:
        drawing = ezdxf.filemanagement.readfile(path)
        assert not drawing.audit().errors
        assert "规划单元" in {layer.dxf.name for layer in drawing.layers}
        texts = " ".join(str(note.plain_text()) for note in drawing.modelspace() if isinstance(note, MText))
        assert "01 U1" in texts
        assert "1.35 公顷 [R2-01-01]" in texts, "0.9 of the 1.5 ha of the table, in hectares"
        assert "0.81 公顷 [R2-01-02]" in texts
    layer = gpd.read_file(tmp_path / "out" / "gis" / "plan.gpkg", layer="units_chosen")
    assert list(layer["provenance_code"]) == ["01", "02"]
    parcels = gpd.read_file(tmp_path / "out" / "gis" / "plan.gpkg", layer="parcels_as_is")
    assert list(parcels["provenance_code"][:2]) == ["P1-0001", "P1-0002"]
    with closing(sqlite3.connect(tmp_path / "out" / "gis" / "plan.gpkg")) as connection:
        styles = connection.execute("SELECT f_table_name, styleQML FROM layer_styles").fetchall()
        described = dict(connection.execute("SELECT table_name, title FROM gpkg_data_columns WHERE column_name = ?",
                                            ("provenance_code",)))  # fmt: skip
    assert {name for name, _ in styles} >= {"units_chosen", "parcels_as_is", "control_table"}
    assert all(ET.fromstring(qml_text).find("renderer-v2") is not None for _, qml_text in styles)  # noqa: S314  (ours)
    assert described["units_chosen"] == "溯源码 Code"
