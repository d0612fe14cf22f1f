"""Jakarta and Gothenburg: the same framework abroad, their numbers read again from the files without our models.

| number | Jakarta | another route |
|---|---|---|
| flooded buildings | 3 982 | 4 038 by the file's own pixel at each building |
| buildings in the city | 18 612 | inner points in the outlines, each shape once |
| flooded buildings by event | the same 3 982 | chapter and indicator count the same buildings |
| flooded land | 18 291 ha, 29 % of the land | area of pixels deeper than 0.15 m within the districts |
| roads in water deeper than 0.3 m | 1 502 km | points every 25 m on the file's own lines |
| most flooded district | Cilincing, 370 | 362 by pixels |
| land of the most flooded district | 2 795 ha | its pixels deeper than 0.15 m |
| districts | 42 | names of the file |

| number | Gothenburg | another route |
|---|---|---|
| rain of 100 years | 54.55 mm in an hour | Dahlström (2010), typed in again |
| rain of 10 years | 25.71 mm | the same |
| built share | 27 %, on cells of 10 m | pixels of 2 m that stand 2 m above the terrain |
| canopy | 8.2 % | pixels of trees of 2 m and more |
| rain on the grid | depth times area | formula, and cells |
| drains | 20 mm/h | 0.8 of the rain of ten years |
| twelve units of one size | a twelfth of the area each | their shapes |
| flooded land | cells deeper than 0.15 m | without the water of the cover |
| permeable ground | cells of trees, grass, bare ground and water | the cover file's classes |
"""

import math
import re
from collections.abc import Iterator
from importlib.resources import as_file
from importlib.resources import files as files_of
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
from matplotlib.text import Text
from numpy.typing import NDArray
from rasterio.features import geometry_mask

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.report.answers import flooded_districts, heat_water_trees
from citybraid.report.chapter import Explorer, Paragraph, Table, chapter_functions, in_words
from citybraid.report.chapters import c20_explorer, c55_risk
from citybraid.report.levels.master_plan import national_table
from citybraid.report.review.evaluation import evaluation_sentence, evaluation_table
from citybraid.report.verdict.question import Answer
from citybraid.report.view import View
from citybraid.study.open.open_study import open_study
from citybraid.study.open.pilots import copy_pilot
from citybraid.study.run.pipeline import run_study
from citybraid.study.run.run import Run

pytestmark = pytest.mark.slow
DEPTH = "jakarta/hazard/Flood_Current_Depth_Jakarta_geographic.asc"
PILOTS = Path(__file__).parents[2] / "pilots"
UTM = "EPSG:32748"
Floats = NDArray[np.float64]
RULES = ("TD/T", "GB 5", "GB/T", "DB11", "MOHURD", "Chinese", "China", "CNY")
"""Signs of one country, its rules and its money."""


def ran(name: str, cases: Path, folder: Path, **changes: tuple[str, str]) -> Run:
    path = copy_pilot(name, folder / "pilot")
    text = path.read_text(encoding="utf-8")
    for before, after in changes.values():
        assert before in text
        text = text.replace(before, after)
    path.write_text(text, encoding="utf-8")
    return run_study(open_study(path, data=cases / "data"), threads=2)


@pytest.fixture(scope="module")
def jakarta(cases: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The pilot as it is shipped: thirteen steps."""
    return ran("jakarta", cases, tmp_path_factory.mktemp("jakarta"))


@pytest.fixture(scope="module")
def gothenburg(cases: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The pilot on cells of 10 m."""
    cells = ("resolution = 5\nscreening_resolution = 20", "resolution = 10\nscreening_resolution = 20")
    return ran("gothenburg", cases, tmp_path_factory.mktemp("gothenburg"), cells=cells)


def whole(run: Run, indicator: str, alternative: str = "as_is") -> float:
    table = run.table(f"units/{alternative}")
    assert table is not None
    return float(table[indicator][WHOLE_AREA])


@pytest.fixture(scope="module")
def files(cases: Path) -> Path:
    return cases / "data" / "jakarta"


def depth_at(cases: Path, x: Floats, y: Floats) -> Floats:
    """Return the file's own depth at longitudes and latitudes, 0 off it and where it has none."""
    with rasterio.open(cases / "data" / DEPTH) as source:
        values = np.where(source.read(1) == source.nodata, 0.0, source.read(1).astype(np.float64))
        column, row = ~source.transform * (x, y)
    rows, columns = np.floor(row).astype(int), np.floor(column).astype(int)
    inside = (rows >= 0) & (columns >= 0) & (rows < values.shape[0]) & (columns < values.shape[1])
    found = np.zeros(len(x))
    found[inside] = values[rows[inside], columns[inside]]
    return found


def districts(files: Path) -> gpd.GeoDataFrame:
    return gpd.read_file(files / "boundaries/kecamatan_jakarta.shp").set_crs(4326, allow_override=True)


@pytest.mark.case("data/jakarta")
def test_buildings_stand_in_the_pixels_of_the_flood(jakarta: Run, files: Path, cases: Path) -> None:
    """Cells of 50 m beside pixels of 50: counts agree to a twentieth, by district too."""
    houses = gpd.read_file(files / "exposure/jakarta_OSM_building.shp").to_crs(4326)
    middle = houses.geometry.representative_point()
    deep = depth_at(cases, middle.x.to_numpy(), middle.y.to_numpy()) > 0.15
    assert whole(jakarta, "flooded_buildings") == pytest.approx(deep.sum(), rel=0.03)
    held = gpd.sjoin(gpd.GeoDataFrame(geometry=middle[deep]), districts(files), predicate="within")
    counts = held["KEC_NAME"].value_counts()
    found = flooded_districts.answer(View(jakarta))
    assert isinstance(found, Answer)
    assert isinstance(found.shown, Table)
    frame = found.shown.frame
    first = str(frame["unit"].iloc[0])
    assert first in set(counts.index[:2])
    assert frame["flooded_buildings"].iloc[0] == pytest.approx(counts[first], rel=0.1)


@pytest.mark.case("data/jakarta")
def test_page_one_the_chapter_and_the_indicator_count_the_same_buildings(jakarta: Run, files: Path) -> None:
    """3 610 of the 22 222 shapes lie outside of the districts: as a share of all of them, 18 % were told, not 22 %."""
    houses = gpd.read_file(files / "exposure/jakarta_OSM_building.shp").to_crs(4326).geometry
    once = houses[~houses.normalize().to_wkb().duplicated()]
    middle = gpd.GeoDataFrame(geometry=once.representative_point())
    within = gpd.sjoin(middle, districts(files), predicate="within").index.unique()
    found = flooded_districts.answer(View(jakarta))
    assert isinstance(found, Answer)
    said = in_words(found.sentences[0], "en")
    counted, held = (int(each.replace(",", "")) for each in re.findall(r"([\d,]+) of ([\d,]+)", said)[0])
    assert held == pytest.approx(len(within), rel=0.002)
    assert counted == whole(jakarta, "flooded_buildings")
    assert f"({100.0 * counted / held:.0f}%)" in said
    (table,) = (each for each in c55_risk.chapter(View(jakarta)).blocks if isinstance(each, Table))
    assert table.frame["buildings"].tolist() == [counted]
    assert in_words(table.frame["event"].iloc[0], "en") == "as the files state it"


@pytest.mark.case("data/jakarta")
def test_faults_that_the_page_and_lessons_name_are_those_of_the_files(jakarta: Run, files: Path) -> None:
    """The page told 28 roads of unknown class, and pairs that overlap as buildings."""
    found = {(each.text, each.layer): each.count for each in jakarta.manifest.findings}
    unknown, twice, pairs = (
        found[f"intake.{text}", layer]
        for text, layer in (("road_class_unknown", "streets"), ("shape_double", "buildings"),
                            ("shapes_overlap", "buildings"))
    )  # fmt: skip
    roads, houses = (gpd.read_file(files / f"exposure/jakarta_{name}.shp") for name in ("roads", "OSM_building"))
    assert roads["TYPE"].isin(["road", "construction"]).sum() == unknown
    drawn = houses.geometry.to_crs(UTM).make_valid()
    again = drawn.normalize().to_wkb().duplicated()
    assert again.sum() == pytest.approx(twice, abs=2), "two more are alike once they are mended"
    once = drawn[~again].reset_index(drop=True)
    first, second = once.sindex.query(once, predicate="intersects")
    one, other = (once.iloc[each[first < second]].reset_index(drop=True) for each in (first, second))
    assert (one.intersection(other).area > 0.0).sum() == pytest.approx(pairs, rel=0.01)
    page, lessons = ((PILOTS / "jakarta" / name).read_text(encoding="utf-8") for name in ("README.md", "lessons.toml"))
    for number in (len(houses), len(roads), unknown, twice):
        assert page.count(f"{number:,}".replace(",", " ")) >= 2, "Chinese and English"
    assert lessons.count(f"{pairs:,}".replace(",", " ")) == lessons.count(f"{twice}") == 2


@pytest.mark.case("data/jakarta")
def test_each_district_has_the_water_of_its_own_pixels(jakarta: Run, files: Path, cases: Path) -> None:
    """A cell has the depth of the pixel at its middle: as wet as the pixels, in each district too."""
    outlines = districts(files)
    table = jakarta.table("units/as_is")
    assert table is not None
    assert set(table.index) - {WHOLE_AREA} == set(outlines["KEC_NAME"])
    assert len(table) == 43
    with rasterio.open(cases / "data" / DEPTH) as source:
        values, step, at = source.read(1).astype(np.float64), source.res[0], source.transform
    pixel = (step * 111_320.0 * math.cos(math.radians(-6.12))) * (step * 110_600.0)
    for name in ("CILINCING", "CAKUNG", "KELAPA GADING", "KOJA", "CENGKARENG"):
        inside = geometry_mask(outlines[outlines["KEC_NAME"] == name].geometry, values.shape, at, invert=True)
        area = ((values > 0.15) & inside).sum() * pixel / 1e4
        assert float(table["flooded_area"][name]) == pytest.approx(area, rel=0.02), name
        wet = 100.0 * float((values[inside] > 0.15).mean())
        assert float(table["flooded_share"][name]) == pytest.approx(wet, rel=0.02), name


@pytest.mark.case("data/jakarta")
def test_the_water_covers_what_its_pixels_do(jakarta: Run, files: Path, cases: Path) -> None:
    with rasterio.open(cases / "data" / DEPTH) as source:
        values = source.read(1).astype(np.float64)
        inside = geometry_mask(districts(files).geometry, values.shape, source.transform, invert=True)
        step, latitude = source.res[0], math.radians(-6.22)
    pixel = (step * 111_320.0 * math.cos(latitude)) * (step * 110_600.0)
    wet = ((values > 0.15) & inside).sum()
    area = pixel * wet / 1e4
    assert whole(jakarta, "flooded_area") == pytest.approx(area, rel=0.005)
    assert whole(jakarta, "flooded_share") == pytest.approx(100.0 * wet / inside.sum(), abs=0.1)


@pytest.mark.case("data/jakarta")
def test_roads_in_deep_water_are_those_of_their_own_lines(jakarta: Run, files: Path, cases: Path) -> None:
    lines = gpd.read_file(files / "exposure/jakarta_roads.shp").to_crs(UTM).geometry
    points = lines.segmentize(25.0).get_coordinates()
    row = points.index.to_numpy()
    xy = points.to_numpy()
    same = row[1:] == row[:-1]
    length = np.linalg.norm(xy[1:] - xy[:-1], axis=1)[same]
    middle = gpd.GeoSeries.from_xy(*((xy[1:] + xy[:-1])[same] / 2).T, crs=UTM).to_crs(4326)
    deep = depth_at(cases, middle.x.to_numpy(), middle.y.to_numpy()) > 0.3
    found = flooded_districts.answer(View(jakarta))
    assert isinstance(found, Answer)
    assert isinstance(found.shown, Table)
    roads = found.shown.frame["roads"].sum()
    assert roads == pytest.approx(length[deep].sum() / 1e3, rel=0.05)
    page = (PILOTS / "jakarta" / "README.md").read_text(encoding="utf-8")
    assert page.count(f"{roads:,.0f} km".replace(",", " ")) == 2, "Chinese and English"
    worst = [str(each).title() for each in found.shown.frame["unit"][:3]]
    assert "、".join(worst) in page
    assert f"{worst[0]}, {worst[1]} and {worst[2]}" in page


@pytest.mark.case("data/jakarta")
def test_no_rule_of_another_country_stands_on_the_pages_of_jakarta(jakarta: Run) -> None:
    view = View(jakarta)
    said = [
        in_words(block.text, "en")
        for make in chapter_functions()
        for block in make(view).blocks
        if isinstance(block, Paragraph) and not block.appendix
    ]
    assert any("region Indonesia (ID)" in text for text in said), (
        "that no standard of Indonesia is in the table is said"
    )
    assert not any("no objective of this study" in text for text in said), "it has none"
    assert not [text for text in said for rule in RULES if rule in text]
    assert not [*national_table(view)]
    (lists,) = (block for block in evaluation_table(view) if isinstance(block, Table))
    assert not [each for each in lists.frame["list"] if "TD/T" in in_words(each, "en")]
    assert not [block for block in evaluation_sentence(view) if "TD/T" in in_words(getattr(block, "text", ""), "en")]
    assert jakarta.currency == "IDR"


@pytest.mark.case("data/jakarta")
def test_the_map_asks_for_nothing_that_the_study_lacks(jakarta: Run) -> None:
    """It asked for two alternatives and a parcel; there is one alternative, and no parcel."""
    view = View(jakarta)
    (explorer,) = (block for block in c20_explorer.chapter(view).blocks if isinstance(block, Explorer))
    assert [in_words(explorer.how, language) for language in ("en", "zh")] == ["Choose a layer.", "选择图层。"]


def dahlstrom(minutes: float, years: float) -> float:
    """Depth [mm] of Dahlström (2010): l/(s ha) of a duration [min] and a return time [month]."""
    intensity = 190.0 * (12.0 * years) ** (1 / 3) * math.log(minutes) / minutes**0.98 + 2.0
    return float(intensity * minutes * 60.0 / 1e4)


@pytest.mark.case("data/gothenburg")
@pytest.mark.parametrize(("event", "years", "depth"), [("p10", 10, 25.71), ("p100", 100, 54.55)])
def test_storms_are_those_of_the_local_formula(gothenburg: Run, event: str, years: int, depth: float) -> None:
    with as_file(files_of("citybraid").joinpath("pilots", "gothenburg", f"storm_{years}_years.csv")) as path:
        rain = pd.read_csv(path).iloc[:, 1]
    assert dahlstrom(60.0, years) == pytest.approx(depth, abs=0.01)
    assert rain.sum() == pytest.approx(depth, abs=0.03)
    assert rain.max() == pytest.approx(dahlstrom(5.0, years), abs=0.01), "the peak is the rain of five minutes"
    assert float(gothenburg.value(gothenburg.layers("as_is")["return_period"][event])) == years


@pytest.mark.case("data/gothenburg")
def test_rain_drains_units_and_covers_of_the_district(gothenburg: Run) -> None:
    layers = gothenburg.layers("as_is")
    known = np.isfinite(np.asarray(gothenburg.value(layers["terrain"][""]), np.float64)).sum()
    cell = float(gothenburg.grid.affine.a) ** 2
    volume = float(gothenburg.value(layers["rain_volume"]["p100"]))
    assert volume == pytest.approx(dahlstrom(60.0, 100) / 1000.0 * known * cell, rel=0.02)
    drains = float(np.nanmax(np.asarray(gothenburg.value(layers["drain_capacity"][""]), np.float64)))
    assert drains == pytest.approx(0.8 * dahlstrom(60.0, 10), rel=0.05)
    units = gothenburg.value(layers["units"][""])
    area = gothenburg.value(layers["study_area"][""]).area.sum()
    assert units.area.to_numpy() == pytest.approx(np.full(12, area / 12), rel=1e-6)
    cover = np.asarray(gothenburg.value(layers["land_cover"][""]))
    depth = np.nan_to_num(np.asarray(gothenburg.value(layers["max_depth"]["p100"]), np.float64))
    inside = geometry_mask(units.geometry, cover.shape, gothenburg.grid.affine, invert=True)
    land = inside & ~np.isin(cover, (80, 90))
    assert whole(gothenburg, "flooded_share") == pytest.approx(100.0 * (depth[land] > 0.15).mean(), rel=0.02)
    pervious = np.isin(cover[inside], (10, 20, 30, 40, 60, 80, 90))
    assert whole(gothenburg, "pervious_share") == pytest.approx(100.0 * pervious.mean(), abs=1.0)


def told(block: object) -> Iterator[str]:
    """Yield what a paragraph or a table of the report says beside its cells."""
    for part in ("text", "title", "note"):
        if text := getattr(block, part, ""):
            yield in_words(text, "en")


@pytest.mark.case("data/gothenburg")
def test_no_rule_or_word_of_another_country_stands_on_the_pages_of_gothenburg(gothenburg: Run) -> None:
    """A note said that heat was not compared with measurements in China."""
    view = View(gothenburg)
    blocks = [block for make in chapter_functions() for block in make(view).blocks if not getattr(block, "appendix", 0)]
    said = [text for block in blocks if isinstance(block, Paragraph | Table) for text in told(block)]
    assert len(said) > 20
    assert not [text for text in said for rule in RULES if rule in text]


@pytest.mark.case("data/gothenburg")
def test_the_plan_moves_towards_its_target_and_the_map_shows_where_units_lie(gothenburg: Run) -> None:
    """The grade was that of existing conditions, which move nowhere; units were squares on blank paper."""
    (sentence,) = (in_words(getattr(each, "text", ""), "en") for each in evaluation_sentence(View(gothenburg)))
    assert sentence.startswith('Objectives of "Permeable paving" by grade: reached 0, moving towards the target 1,')
    found = heat_water_trees.answer(View(gothenburg))
    assert isinstance(found, Answer)
    assert found.picture is not None
    drawn = found.picture.draw("en")
    assert "Buildings" in {text.get_text() for text in drawn.findobj(Text)}


@pytest.mark.case("data/gothenburg")
def test_roofs_and_trees_are_those_of_the_surfaces(gothenburg: Run, cases: Path) -> None:
    folder = cases / "data" / "gothenburg"
    with rasterio.open(folder / "torgg_dem.tif") as ground, rasterio.open(folder / "torgg_dsm.tif") as top:
        height = top.read(1) - ground.read(1)
    built = float((height >= 2.0).mean())
    lessons = (PILOTS / "gothenburg" / "lessons.toml").read_text(encoding="utf-8")
    assert f"{100.0 * built:.0f} % of the ground" in lessons
    assert f"地面的 {100.0 * built:.0f}%" in lessons
    with rasterio.open(folder / "torgg_cdsm.tif") as trees:
        canopy = float((trees.read(1) >= 2.0).mean())
    layers = gothenburg.layers("as_is")
    fraction = np.asarray(gothenburg.value(layers["building_fraction"][""]), np.float64)
    assert np.nanmean(fraction) == pytest.approx(built, abs=0.002)
    assert whole(gothenburg, "canopy_cover") == pytest.approx(100.0 * canopy, abs=0.1)


def canopy_on_land(run: Run) -> pd.Series:
    """Return by unit the canopy over the cells within its shape that are neither water nor wetland [%]."""
    cover, canopy = (np.asarray(run.value(run.layers("as_is")[name][""])) for name in ("land_cover", "canopy_cover"))
    shares = {}
    for name, shape in run.value(run.layers("as_is")["units"][""]).items():
        inside = geometry_mask([shape], cover.shape, run.grid.affine, invert=True)
        shares[str(name)] = 100.0 * float(np.nanmean(canopy[inside & ~np.isin(cover, (80, 90))]))
    return pd.Series(shares)


@pytest.mark.case("data/gothenburg")
def test_paving_dries_the_district_and_units_are_ranked(gothenburg: Run) -> None:
    found = heat_water_trees.answer(View(gothenburg))
    assert isinstance(found, Answer)
    assert isinstance(found.shown, Table)
    frame: pd.DataFrame = found.shown.frame
    assert len(frame) == 12
    assert (frame["rank"].diff().dropna() >= 0.0).all()
    first, last = frame.iloc[0], frame.iloc[-1]
    assert first["flooded_share"] > last["flooded_share"]
    assert first["canopy_on_land"] < last["canopy_on_land"]
    by_shape = canopy_on_land(gothenburg).loc[frame.index].to_numpy()
    assert frame["canopy_on_land"].to_numpy() == pytest.approx(by_shape, abs=0.1)
    assert (by_shape / frame["canopy_cover"]).max() > 3.0, "the harbour's unit was said to have the fewest trees"
    assert 0.0 < whole(gothenburg, "flooded_share", "greener") < whole(gothenburg, "flooded_share")
    assert 25.0 < whole(gothenburg, "utci") < 46.0, "the hottest day of 2018: 30 degC and sun"
    assert gothenburg.currency == "SEK"
    clauses = gothenburg.table("standards/as_is")
    assert clauses is not None
    assert set(clauses["state"]) == {"not_applicable"}, "no clause of the table holds in Sweden"
