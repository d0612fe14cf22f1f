"""What a stranger's folder holds beside the usual: numbers in words, units that lie, blocks in blocks, odd pixels."""

import sqlite3
from pathlib import Path

import geopandas as gpd
import numpy as np
import rasterio
from shapely.geometry import LineString, box

from tests.corpus.case import case
from tests.corpus.content import heights
from tests.corpus.drawings import LAYER, RING, blank, saved
from tests.corpus.rasters import tif
from tests.sources.planner_files import CRS, SOUTH, WEST, parcels, weather, workbook

PLOTS = {"parcels": "用地边界"}


def squares(count: int, side: float = 20.0) -> list[object]:
    """Footprints in a row."""
    return [box(WEST + 30 * at, SOUTH, WEST + 30 * at + side, SOUTH + side) for at in range(count)]


def houses(path: Path, **columns: object) -> Path:
    """Write buildings."""
    count = len(next(iter(columns.values())))  # type: ignore[arg-type]
    gpd.GeoDataFrame({"id": list("abcdefgh")[:count], **columns}, geometry=squares(count), crs=CRS).to_file(path)
    return path


@case("odd", "parcels", "cell_limit_span", "cell_separators", "cell_no_number", "stated_twice", beside="parcels")
def csv_of_full_width_figures(folder: Path) -> Path:
    """CSV in GBK with full-width digits, thousands set apart, limits and spans in words."""
    text = (
        '地块编号,用地面积（平方米）,容积率,绿地率\nA-01,"１２，３４５．６",２．５,３５％\nA-02,"4,000",≤2.5,30%\n'
        "B-01,4 000,1.5~2.0,０．３\nB-02,4千,不大于3.0,不低于25%\n"
    )
    path = folder / "指标.csv"
    path.write_bytes(text.encode("gb18030"))
    return path


@case("odd", "parcels", "sheet_asides", "names_lost", beside="parcels")
def workbook_with_notes_between(folder: Path) -> Path:
    """Workbook with headings of groups, notes, subtotals and a total between its rows."""
    rows: list[list[object]] = [
        ["地块编号", "容积率", "绿地率(%)"], ["一、居住用地", None, None], ["A-01", 2.0, 35],
        ["注：A-02 为保留用地", None, None], ["A-02", 1.2, 30], ["小计", 3.2, None], ["二、商业用地", None, None],
        ["B-01", 3.0, 20], ["B-02", 4.0, 15], ["合计", 10.2, None], ["备注：容积率为上限", None, None],
    ]  # fmt: skip
    return workbook(folder / "指标.xlsx", {"指标": rows})


@case("odd", "parcels", "cell_no_number", beside="parcels")
def workbook_of_errors(folder: Path) -> Path:
    """Workbook with cells that show errors of formulas."""
    rows: list[list[object]] = [
        ["地块编号", "容积率"], ["A-01", "#DIV/0!"], ["A-02", "#N/A"], ["B-01", 2.0], ["B-02", "2.0 "],
    ]  # fmt: skip
    return workbook(folder / "指标.xlsx", {"指标": rows})


@case("odd", "daily_rain", "rain_record_read", beside="parcels")
def workbook_of_serial_days(folder: Path) -> Path:
    """Workbook of daily rain whose dates are days as a spreadsheet counts them."""
    rows: list[list[object]] = [["日期", "降雨量(mm)"]]
    rows += [[43831 + at, float(at % 5)] for at in range(3653)]
    return workbook(folder / "rain.xlsx", {"雨": rows})


@case("odd", "buildings", "cell_decade", "cell_about", "cell_above_ground", "cell_out_of_range")
def buildings_in_words(folder: Path) -> Path:
    """Buildings with -2 floors, 地上6地下1, 约1985, 1980年代, 90s and 15.5米."""
    return houses(
        folder / "建筑.gpkg", floors=["-2", "6", "6F", "六层", "地上6地下1", "18/-2"],
        建成年代=["约1985", "1980年代", "90s", "2000年前后", "80后", "一九八五"],
        height=["18m", "20", "15.5米", "-3", "约30", ""],
    )  # fmt: skip


@case("odd", "buildings", "cell_years", "cell_first_year", "cell_date_serial", "cell_no_number")
def buildings_of_several_years(folder: Path) -> Path:
    """Buildings of 1995-2000, 1992至98年, 1985（2010改造）, day 36526, May 1999 and 95-00."""
    years = ["1995-2000", "1992至98年", "1985（2010改造）", "36526", "1999-05", "95-00"]
    return houses(folder / "建筑.gpkg", floors=[6] * 6, 建成年代=years)


@case("odd", "buildings", "floor_area_unit")
def floor_areas_in_wan(folder: Path) -> Path:
    """Floor areas in 万m² under a heading that says m²."""
    return houses(folder / "建筑.gpkg", **{"floors": [6, 6, 6, 6], "建筑面积(m2)": [0.24, 0.24, 0.25, 0.23]})


@case("odd", "parcels", "plot_area_unit")
def plot_areas_in_mu(folder: Path) -> Path:
    """Plot areas in mu under a heading that says m²."""
    plots = parcels()
    plots["用地面积(m2)"] = plots.area * 15 / 1e4
    plots.to_file(folder / "地块.gpkg")
    return folder / "地块.gpkg"


@case("odd", "units", "column_matched")
def residents_in_words(folder: Path) -> Path:
    """Residents as 1.2万 and ３千人."""
    shapes = [box(WEST, SOUTH, WEST + 100, SOUTH + 100), box(WEST + 100, SOUTH, WEST + 200, SOUTH + 100)]
    frame = gpd.GeoDataFrame({"名称": ["甲", "乙"], "人口": ["1.2万", "３千人"]}, geometry=shapes, crs=CRS)
    frame.to_file(folder / "单元.gpkg")
    return folder / "单元.gpkg"


@case("odd", "parcels", "shape_collection", "shape_kind")
def plots_as_lines(folder: Path) -> Path:
    """Parcels as lines: one closed, one that lacks its last side, one straight."""
    lines = [
        LineString([(WEST, SOUTH), (WEST + 50, SOUTH), (WEST + 50, SOUTH + 50), (WEST, SOUTH + 50)]),
        LineString([(WEST + 60, SOUTH), (WEST + 90, SOUTH), (WEST + 90, SOUTH + 50), (WEST + 60, SOUTH)]),
        LineString([(WEST + 100, SOUTH), (WEST + 150, SOUTH)]),
    ]
    gpd.GeoDataFrame({"id": list("abc")}, geometry=lines, crs=CRS).to_file(folder / "地块.gpkg")
    return folder / "地块.gpkg"


@case("odd", "parcels", "encoding_wrong")
def shapefile_that_says_latin(folder: Path) -> Path:
    """Shapefile in GBK whose .cpg says ISO-8859-1."""
    parcels().assign(备注=["居住用地", "商业用地", "绿地", "道路用地"]).to_file(folder / "地块.shp", encoding="gbk")
    (folder / "地块.cpg").write_text("ISO-8859-1", encoding="ascii")
    return folder / "地块.shp"


@case("odd", "parcels")
def geopackage_of_two_geometries(folder: Path) -> Path:
    """GeoPackage whose table has a second column of shapes that its contents do not list."""
    path = folder / "地块.gpkg"
    parcels().to_file(path, layer="地块")
    with sqlite3.connect(path) as base:
        for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            base.execute(f'DROP TRIGGER "{name}"')
        base.execute('ALTER TABLE "地块" ADD COLUMN geom2 BLOB')
        base.execute('UPDATE "地块" SET geom2 = geom')
    base.close()
    return path


@case("odd", "parcels", "encoding_stated", layers=PLOTS, crs=CRS)
def dxf_of_scaled_blocks(folder: Path) -> Path:
    """Blocks in blocks, scaled unevenly, turned by 90 degrees and mirrored."""
    document, space = blank()
    inner, outer = document.blocks.new("内"), document.blocks.new("外")
    inner.add_lwpolyline([(0, 0), (10, 0), (10, 10), (0, 10)], close=True, dxfattribs=LAYER)
    outer.add_blockref("内", (0, 0), dxfattribs={"xscale": 2, "yscale": 3, **LAYER})
    space.add_blockref("外", (WEST, SOUTH), dxfattribs={"xscale": 2, "yscale": 2, "rotation": 90, **LAYER})
    space.add_blockref("内", (WEST + 100, SOUTH), dxfattribs={"xscale": -4, "yscale": 4, **LAYER})
    return saved(document, folder / "控规.dxf")


@case("odd", "parcels", "unit_stated", layers=PLOTS, crs=CRS)
def dxf_in_inches(folder: Path) -> Path:
    """Drawing in inches that says so."""
    document, space = blank()
    document.header["$INSUNITS"] = 1
    space.add_lwpolyline([(x / 0.0254, y / 0.0254) for x, y in RING], close=True, dxfattribs=LAYER)
    return saved(document, folder / "控规.dxf")


@case("odd", "parcels", "drawing_unit_wrong", layers=PLOTS, crs=CRS)
def dxf_that_says_inches(folder: Path) -> Path:
    """Drawing in metres that says inches."""
    document, space = blank()
    document.header["$INSUNITS"] = 1
    space.add_lwpolyline(RING, close=True, dxfattribs=LAYER)
    return saved(document, folder / "控规.dxf")


@case("odd", "terrain", "heights_idle", "heights_read", beside="parcels")
def contours_with_idle_heights(folder: Path) -> Path:
    """Contours as lines with heights in space, and a column ELEV of zeros."""
    lines = [
        LineString([(WEST - 20 + 5 * at, SOUTH - 20 + 45 * row + 3 * np.sin(at / 4), 5 + row / 2) for at in range(70)])
        for row in range(8)
    ]
    gpd.GeoDataFrame({"ELEV": [0.0] * 8}, geometry=lines, crs=CRS).to_file(folder / "等高线.shp", encoding="utf-8")
    return folder / "等高线.shp"


@case("odd", "terrain", "raster_scaled")
def geotiff_of_scaled_integers(folder: Path) -> Path:
    """GeoTIFF of whole numbers with scale and offset."""
    path = tif(folder / "地形.tif", (heights() * 100).astype(np.int16))
    with rasterio.open(path, "r+") as target:
        target.scales, target.offsets = (0.01,), (5.0,)
    return path


@case("odd", "terrain", "raster_read")
def geotiff_of_signed_bytes(folder: Path) -> Path:
    """GeoTIFF of signed bytes, half of them below zero."""
    return tif(folder / "地形.tif", (heights() - 8).round().astype(np.int8))


@case("odd", "terrain", refusal="raster_palette")
def geotiff_of_coloured_heights(folder: Path) -> Path:
    """GeoTIFF of heights drawn with a table of colours."""
    path = tif(folder / "地形.tif", heights().round().astype(np.uint8))
    with rasterio.open(path, "r+") as target:
        target.write_colormap(1, {each: (each, each, each, 255) for each in range(256)})
    return path


@case("odd", "terrain", "raster_unit_stated")
def geotiff_of_feet_by_its_crs(folder: Path) -> Path:
    """GeoTIFF of feet whose compound CRS says so."""
    return tif(folder / "地形.tif", (heights() * 3.28084).astype(np.float32), crs="EPSG:4549+8228")


@case("odd", "terrain", refusal="foreign_grid")
def grid_of_bands(folder: Path) -> Path:
    """BIL with its HDR."""
    return tif(folder / "地形.bil", heights().astype(np.float32), driver="EHdr")


def rewritten(folder: Path, *, fields: int = 99, mark: str = ",", ends: tuple[str, ...] = ("\n",)) -> Path:
    """Write a weather file with so many fields a row, another mark between them, or ends of lines in turn."""
    path = weather(folder / "a.epw")
    lines = path.read_text(encoding="utf-8").splitlines()
    lines = [*lines[:8], *(",".join(each.split(",")[:fields]) for each in lines[8:])]
    text = "".join(line.replace(",", mark) + ends[at % len(ends)] for at, line in enumerate(lines))
    path.write_bytes(text.encode())
    return path


@case("odd", "weather", "weather_read", beside="units")
def epw_of_mixed_lines(folder: Path) -> Path:
    """EPW whose lines end in LF and CRLF by turns."""
    return rewritten(folder, ends=("\n", "\r\n"))


@case("broken", "weather", refusal="weather_row", beside="units")
def epw_of_twenty_fields(folder: Path) -> Path:
    """EPW without its last columns."""
    return rewritten(folder, fields=20)


@case("broken", "weather", refusal="weather_row", beside="units")
def epw_of_semicolons(folder: Path) -> Path:
    """EPW with semicolons between its fields."""
    return rewritten(folder, mark=";")
