"""Layers that lie where they should not: refused, or told with the likeliest cause and the word that mends it."""

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from odc.geo.geobox import GeoBox
from pyproj import CRS

from citybraid.core.errors import InputError, InputErrors, PlanError
from citybraid.core.finding import Finding
from citybraid.sources.intake.intake import Intake, take_in
from citybraid.sources.placement.coordinate_ranges import require_possible_coordinates
from citybraid.sources.placement.datum import DATUMS, Datum, from_wgs84
from citybraid.sources.placement.few_neighbours import few_misfits
from citybraid.sources.placement.georeferencing import georeferencing_findings
from citybraid.sources.placement.mercator_areas import mercator_area_findings
from citybraid.sources.placement.neighbours import misfits
from citybraid.sources.placement.outside_plan_area import files_outside, likeliest, raster_outside
from citybraid.sources.placement.plausibility import areal_distortion, ranked
from citybraid.sources.placement.positioned import PositionedLayer, PositionedShapes
from citybraid.sources.placement.zones import candidates
from citybraid.sources.protocol.filespec import FileSpec
from citybraid.sources.protocol.position import Position
from citybraid.sources.protocol.target import Bounds, Target
from citybraid.sources.synthetic.buildings import buildings
from citybraid.sources.synthetic.frame import on_map
from citybraid.sources.synthetic.parcels import parcels
from citybraid.sources.synthetic.streets import street_surface, streets
from citybraid.sources.synthetic.waters import network

TARGET = Target("EPSG:4549", 5.0)
TOWN: Bounds = (572_000.0, 3_397_000.0, 574_000.0, 3_399_000.0)
Town = dict[str, gpd.GeoSeries]
GAUSS_KRUGER = (
    'PROJCS["CGCS2000_3_Degree_GK_CM_120E",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",'
    'SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],'
    'PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],'
    'PARAMETER["Central_Meridian",120.0],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],'
    'UNIT["Meter",1.0]]'
)
"""EPSG:4549 as ArcGIS words it."""


def position(bounds: Bounds, crs: int | str = 4549, *, named: str = "", stated: str = "") -> Position:
    return Position("a.shp", CRS.from_user_input(crs).to_wkt(), bounds, named, stated)


@pytest.mark.parametrize(
    ("crs", "bounds", "problem"),
    [
        (4490, (30.7, 120.7, 30.8, 120.8), "intake.axes_swapped_degrees"), (4490, TOWN, "intake.metres_in_degrees"),
        (4549, (120.7, 30.7, 120.8, 30.8), "intake.degrees_in_metres"),
        (4549, (30.7, 120.7, 30.8, 120.8), "intake.degrees_in_metres_swapped"),
        (4549, (3_397_000.0, 572_000.0, 3_399_000.0, 574_000.0), "intake.axes_swapped_metres"),
        (4549, (3_397_000.0, 40_572_000.0, 3_399_000.0, 40_574_000.0), "intake.axes_swapped_metres"),
        (4549, (40_572_000.0, 3_397_000.0, 40_574_000.0, 3_399_000.0), "intake.zone_extra"),
        (4549, (21_072_000.0, 3_397_000.0, 21_074_000.0, 3_399_000.0), "intake.zone_extra"),
        (4528, TOWN, "intake.zone_lacking"),
    ],
)  # fmt: skip
def test_numbers_that_cannot_lie_in_their_crs_are_refused(crs: int, bounds: Bounds, problem: str) -> None:
    with pytest.raises(InputError) as caught:
        require_possible_coordinates(CRS.from_epsg(crs), bounds, name="a.shp")
    assert caught.value.text == problem
    for language in ("en", "zh"):
        assert "a.shp" in caught.value.say(language)


@pytest.mark.parametrize(
    ("crs", "bounds"),
    [
        (4549, TOWN), (4528, (40_572_000.0, 3_397_000.0, 40_574_000.0, 3_399_000.0)),
        (4490, (120.7, 30.7, 120.8, 30.8)), (32748, (700_000.0, 9_310_000.0, 710_000.0, 9_320_000.0)),
        (27700, (530_000.0, 180_000.0, 531_000.0, 181_000.0)),
        (3857, (13_436_000.0, 3_590_000.0, 13_440_000.0, 3_594_000.0)), (4549, (0.0, 0.0, 80.0, 60.0)),
        (4326, (-180.0, -90.0, 180.0, 90.0)),
    ],
)  # fmt: skip
def test_numbers_that_can_are_left_alone(crs: int, bounds: Bounds) -> None:
    require_possible_coordinates(CRS.from_epsg(crs), bounds, name="a.shp")


@pytest.mark.parametrize(
    ("crs", "bounds", "pixel"),
    [
        (4549, (1.0, 1.0, 11.0, 11.0), 0.0), (4549, (0.0, 0.0, 10.0, 0.2), 0.02),
        (32632, (1.0, 1.0, 11.0, 11.0), 1.0), (3857, (0.0, 0.0, 12.0, 12.0), 0.5),
    ],
)  # fmt: skip
def test_a_plain_grid_by_its_origin_is_in_metres(crs: int, bounds: Bounds, pixel: float) -> None:
    """Grids of published cases begin at 0 and are some metres wide."""
    require_possible_coordinates(CRS.from_epsg(crs), bounds, name="a.asc", pixel=pixel)


@pytest.mark.parametrize(
    ("crs", "bounds"), [(32632, (8.0, 47.0, 8.2, 47.2)), (32650, (106.7, -6.3, 106.9, -6.1))]
)  # fmt: skip
def test_degrees_near_the_place_of_a_crs_in_metres_are_refused(crs: int, bounds: Bounds) -> None:
    with pytest.raises(InputError) as caught:
        require_possible_coordinates(CRS.from_epsg(crs), bounds, name="a.asc", pixel=0.0003)
    assert caught.value.text == "intake.degrees_in_metres"


def test_a_zone_added_or_cut_off_is_named() -> None:
    for crs, bounds, likely in (
        (4549, (40_572_000.0, 3_397_000.0, 40_574_000.0, 3_399_000.0), "EPSG:4528"), (4528, TOWN, "EPSG:4549"),
    ):  # fmt: skip
        with pytest.raises(InputError) as caught:
            require_possible_coordinates(CRS.from_epsg(crs), bounds, name="a.shp")
        assert caught.value.values["likely"] == likely


@pytest.mark.slow
def test_candidates_stand_in_order_of_what_they_lie_near() -> None:
    assert candidates(TOWN, (120.76, 30.7))[0] == "EPSG:4549 (120E)"
    assert candidates(TOWN, (117.76, 30.7))[0] == "EPSG:4548 (117E)"
    assert candidates((700_000.0, 9_310_000.0, 710_000.0, 9_320_000.0), (106.8, -6.2))[0].startswith("EPSG:32748 ")
    missing = InputError(
        "intake.crs_missing", name="a", candidates=("EPSG:4543 (102E)",),
        west=TOWN[0], south=TOWN[1], east=TOWN[2], north=TOWN[3],
    )  # fmt: skip
    assert str(ranked(missing, (120.76, 30.7)).values["candidates"]).startswith("('EPSG:4549 (120E)'")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("at", "text", "likely"),
    [
        (position(TOWN, 4548), "intake.cause_crs", "EPSG:4549"),
        (position(TOWN, 32651), "intake.cause_crs", "EPSG:4549"),
        (position((120.75, 30.69, 120.77, 30.71), 4549), "intake.cause_crs", "EPSG:4490"),
        (position((3_397_000.0, 572_000.0, 3_399_000.0, 574_000.0), 4549), "intake.cause_axes", ""),
        (position((3_397_000.0, 572_000.0, 3_399_000.0, 574_000.0), 3857), "intake.cause_axes_crs", "EPSG:4549"),
        (position((TOWN[0] / 0.3048, TOWN[1] / 0.3048, TOWN[2] / 0.3048, TOWN[3] / 0.3048)), "intake.cause_feet", ""),
        (position((572e6, 3397e6, 574e6, 3399e6)), "intake.cause_scale", ""),
        (position(TOWN, 4548, named="EPSG:4548", stated=CRS.from_epsg(4549).to_wkt()), "intake.cause_crs", "EPSG:4549"),
    ],
)  # fmt: skip
def test_a_layer_elsewhere_gets_its_likeliest_cause(at: Position, text: str, likely: str) -> None:
    cause = likeliest(at, TOWN, TARGET)
    assert cause is not None
    assert cause.text == text
    assert cause.values.get("likely", "") == likely


def test_a_raster_elsewhere_gets_its_cause_too() -> None:
    target = TARGET.placed(TOWN)
    problem = raster_outside(position(TOWN, 4548), target)
    assert problem.text == "intake.raster_elsewhere_likely"
    assert 'crs = "EPSG:4549"' in problem.say("en")
    assert 'crs = "EPSG:4549"' in problem.say("zh")
    assert raster_outside(position((7e5, 4.4e6, 7.01e5, 4.401e6)), target).text == "intake.raster_elsewhere"


def test_another_place_has_no_cause() -> None:
    assert likeliest(position((700_000.0, 4_400_000.0, 701_000.0, 4_401_000.0)), TOWN, TARGET) is None


@pytest.fixture(scope="module")
def town() -> Town:
    pieces, ground = streets(1), network()
    plan = parcels(1, ground, street_surface(pieces))
    return {
        "parcels": gpd.GeoSeries([on_map(each.shape) for each in plan], crs=4549),
        "buildings": gpd.GeoSeries([on_map(each.shape) for each in buildings(1, plan)], crs=4549),
        "streets": gpd.GeoSeries([on_map(each.line) for each in pieces], crs=4549),
    }


def sheets(town: Town, moved: str = "", datum: Datum = "GCJ-02") -> list[PositionedShapes]:
    """The town's files, one of them (or all) as a web map shows it."""
    return [
        PositionedShapes(name, web(shapes, datum) if moved in (name, "all") else shapes,
              Position(f"{name}.shp", CRS.from_epsg(4549).to_wkt(), TOWN))
        for name, shapes in town.items()
    ]  # fmt: skip


def web(shapes: gpd.GeoSeries, datum: Datum) -> gpd.GeoSeries:
    degrees = shapes.to_crs(4326)
    there = shapely.transform(degrees.to_numpy(), lambda points: from_wgs84(points, datum))
    return gpd.GeoSeries(there, index=shapes.index, crs=4326).to_crs(4549)


@pytest.mark.parametrize("datum", ["GCJ-02", pytest.param("BD-09", marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    "table", ["parcels", *(pytest.param(name, marks=pytest.mark.slow) for name in ("buildings", "streets"))]
)
def test_a_file_in_web_map_coordinates_is_told_and_only_that(town: Town, table: str, datum: Datum) -> None:
    found = misfits(sheets(town, table, datum), TARGET)
    assert [(each.layer, each.text, each.values["datum"]) for each in found] == [
        (table, "intake.datum_suspected", datum)
    ]
    assert found[0].kind == "warning", "printed by the commands: it moves a plan by half a kilometre"
    assert float(str(found[0].values["after"])) > 95
    assert f'crs = "{datum}"' in found[0].say("en")
    assert datum in found[0].say("zh")


def test_a_dozen_buildings_in_web_map_coordinates_are_told_too(town: Town) -> None:
    """Ten houses of a KMZ lay half a kilometre off in silence: too few to be told, though all fit once moved back."""
    few = {**town, "buildings": town["buildings"].iloc[:12]}
    found = misfits(sheets(few, "buildings", "GCJ-02"), TARGET)
    assert [(each.layer, each.values["datum"]) for each in found] == [("buildings", "GCJ-02")]
    assert misfits(sheets(few), TARGET) == []


@pytest.fixture(scope="module")
def tens(town: Town) -> list[Town]:
    """Ten buildings of a part of the town, in four places; the parcel of one of them is missing from the plan."""
    chance, homes = np.random.default_rng(4), town["buildings"]
    places = []
    for middle in homes.centroid.iloc[[200, 500, 800, 1100]]:
        near = np.argsort(homes.distance(middle).to_numpy(), kind="stable")[:30]
        few = homes.iloc[chance.choice(near, 10, replace=False)]
        held = town["parcels"].intersects(few.union_all())
        largest = town["parcels"][held].area.idxmin()
        places.append({**town, "parcels": town["parcels"].drop(largest), "buildings": few})
    return places


def test_ten_buildings_with_a_parcel_missing_are_told_in_web_map_coordinates(tens: list[Town]) -> None:
    """Six of ten stand in other parcels by chance, so no neighbour alone told them, and one has none once moved."""
    told = [list(few_misfits(sheets(each, "buildings"), TARGET)) for each in tens]
    assert [[finding.values["datum"] for finding in each] for each in told].count(["GCJ-02"]) >= 2
    found = next(finding for each in told for finding in each)
    assert (found.kind, found.text, found.count) == ("warning", "intake.datum_suspected", 10)
    assert 400 < float(str(found.values["metres"])) < 700
    assert "GCJ-02" in found.say("zh")


def test_few_buildings_that_fit_or_are_off_otherwise_are_not_accused(tens: list[Town]) -> None:
    assert [list(few_misfits(sheets(each), TARGET)) for each in tens] == [[]] * len(tens)
    off = [
        [sheet._replace(shapes=sheet.shapes.translate(-257.0, -413.0)) if sheet.table == "buildings" else sheet
         for sheet in sheets(each)]
        for each in tens
    ]  # fmt: skip
    assert [list(few_misfits(each, TARGET)) for each in off] == [[]] * len(tens)


@pytest.mark.slow
def test_files_that_fit_or_are_off_otherwise_are_not_accused(town: Town) -> None:
    assert misfits(sheets(town), TARGET) == []
    assert misfits(sheets(town, "all"), TARGET) == []
    for step in ((300.0, 200.0), (-257.0, -413.0), (257.0, 413.0)):
        off = [
            each._replace(shapes=each.shapes.translate(*step)) if each.table == "buildings" else each
            for each in sheets(town)
        ]
        assert misfits(off, TARGET) == []


@pytest.mark.slow
def test_utm_taken_for_a_zone_of_cgcs2000_is_told(town: Town) -> None:
    target = Target("EPSG:4550", 5.0)
    there = {name: shapes.set_crs(4550, allow_override=True) for name, shapes in town.items()}
    wrong = there["buildings"].to_crs(32651).set_crs(4550, allow_override=True)
    moved = {**there, "buildings": wrong}
    placed = [
        PositionedShapes(name, shapes, Position(f"{name}.shp", CRS.from_epsg(4550).to_wkt(), TOWN))
        for name, shapes in moved.items()
    ]
    found = misfits(placed, target)
    assert [(each.layer, each.text, each.values["likely"]) for each in found] == [
        ("buildings", "intake.utm_suspected", "EPSG:32651")
    ]


def test_shapes_of_two_systems_in_one_file_are_told() -> None:
    """Half of the buildings had eastings with the zone number, 40 000 km off, and went without a word."""
    squares = [shapely.box(540_000 + 50 * at, 3_410_000, 540_020 + 50 * at, 3_410_020) for at in range(6)]
    homes = gpd.GeoSeries(squares, crs=4549)
    homes[3:] = homes[3:].translate(xoff=40_000_000.0)
    west, south, east, north = (float(edge) for edge in homes.total_bounds)
    position = Position("b.shp", CRS.from_epsg(4549).to_wkt(), (west, south, east, north))
    sheet = PositionedShapes("buildings", homes, position)
    grid = GeoBox.from_bbox((539_900.0, 3_409_900.0, 540_500.0, 3_410_200.0), crs="EPSG:4549", resolution=5.0)
    target = replace(TARGET, base=grid)
    (found,) = files_outside([sheet], target)
    assert (found.kind, found.text, found.count) == ("warning", "intake.shapes_elsewhere", 3)
    whole = sheet._replace(shapes=homes[:3])
    assert files_outside([whole], target) == []


def told(*placed: PositionedLayer) -> list[Finding]:
    return georeferencing_findings(placed, TARGET)


def test_how_a_file_was_placed_is_told() -> None:
    wkt = CRS.from_epsg(4549).to_wkt()
    assert told(PositionedLayer("parcels", 4, position(TOWN))) == []
    assert told(PositionedLayer("parcels", 4, position((120.7, 30.6, 120.8, 30.7), 4326))) == []
    (old,) = told(PositionedLayer("parcels", 4, position(TOWN, 2437)))
    assert (old.text, old.values["metres"]) == ("intake.crs_accuracy", 80.0)
    (older,) = told(PositionedLayer("parcels", 4, position(TOWN, 2382)))
    assert older.text == "intake.crs_accuracy_rough"
    (named,) = told(
        PositionedLayer("parcels", 4, position(TOWN, named="EPSG:4549", stated=CRS.from_epsg(4548).to_wkt()))
    )
    assert named.text == "intake.crs_contradicts"
    assert 280 < float(str(named.values["kilometres"])) < 295
    same = position(TOWN, named="EPSG:4549", stated=wkt)
    assert told(PositionedLayer("parcels", 4, same)) == []
    worded = position(TOWN, named="EPSG:4549", stated=GAUSS_KRUGER)
    assert told(PositionedLayer("parcels", 4, worded)) == []
    esri = CRS.from_epsg(4326).to_wkt("WKT1_ESRI")
    assert told(PositionedLayer("parcels", 4, position((120.7, 30.6, 120.8, 30.7), esri))) == []
    always = position(TOWN, named="EPSG:4549", stated=CRS.from_epsg(4326).to_wkt())
    assert told(PositionedLayer("parcels", 4, always)) == []
    (feet,) = [
        each for each in told(PositionedLayer("parcels", 4, position(TOWN, 2263))) if each.text == "intake.crs_in_feet"
    ]
    assert "foot" in str(feet.values["unit"])
    mixed = told(PositionedLayer("parcels", 4, position(TOWN)), PositionedLayer("terrain", 9, position(TOWN, 32650)))
    assert [each.text for each in mixed] == ["intake.crs_mixture"]
    web = Position("a.shp", CRS.from_epsg(4326).to_wkt(), TOWN, "GCJ-02", "", "", "GCJ-02", 487.2)
    assert [each.text for each in told(PositionedLayer("parcels", 4, web))] == ["intake.datum_converted"]


def test_files_that_may_all_carry_the_offset_of_web_maps_are_told() -> None:
    degrees = Position("甲.geojson", CRS.from_epsg(4326).to_wkt(), (120.74, 30.69, 120.76, 30.70), "", "")
    one, two = PositionedLayer("parcels", 4, degrees), PositionedLayer("buildings", 9, replace(degrees, name="乙.gpkg"))
    (alike,) = [each for each in told(one, two) if each.text == "intake.degrees_alike"]
    assert 300 < float(str(alike.values["metres"])) < 700
    assert told(one) == []
    beside = PositionedLayer("streets", 3, position(TOWN))
    assert told(one, two, beside) == []
    abroad = replace(degrees, bounds=(2.3, 48.8, 2.4, 48.9))
    apart = two._replace(position=replace(abroad, name="乙.gpkg"))
    assert [each.text for each in told(one._replace(position=abroad), apart)] == []


def test_a_study_in_web_mercator_is_refused_with_how_much_areas_are_off() -> None:
    area = (13_440_000.0, 3_590_000.0, 13_442_000.0, 3_592_000.0)
    (problem,) = areal_distortion(Target("EPSG:3857", 5.0).placed(area))
    assert problem.values["likely"] == "EPSG:4549"
    latitude = float(str(problem.values["latitude"]))
    wanted = 100 * (1 / np.cos(np.radians(latitude)) ** 2 - 1)
    assert abs(float(str(problem.values["percent"])) - wanted) < 0.6
    assert areal_distortion(TARGET.placed(TOWN)) == []
    assert areal_distortion(Target("EPSG:32651", 5.0).placed((285_000.0, 3_397_000.0, 286_000.0, 3_398_000.0))) == []
    assert areal_distortion(Target("EPSG:4549", 5.0)) == []


def test_areas_measured_in_web_mercator_are_told(town: Town) -> None:
    shapes = town["parcels"]
    for crs, count in ((3857, 1), (4549, 0), (32651, 0)):
        raw = pd.DataFrame({"面积": shapes.to_crs(crs).area, "名称": "a"})
        assert len(mercator_area_findings(raw, shapes, layer="parcels")) == count


def square_file(path: Path, crs: int | None, *, side: float = 100.0) -> None:
    boxes = [shapely.box(572_000 + 200 * n, 3_397_000, 572_000 + 200 * n + side, 3_397_000 + side) for n in range(4)]
    frame = gpd.GeoDataFrame({"编号": [f"A{n}" for n in range(4)]}, geometry=boxes, crs=4549)
    (frame.to_crs(crs) if crs else frame).to_file(path)


def taken(folder: Path, **files: FileSpec) -> Intake:
    return take_in(files, TARGET, root=folder)


def refused(folder: Path, **files: FileSpec) -> tuple[PlanError, ...]:
    with pytest.raises(InputErrors) as caught:
        taken(folder, **files)
    return caught.value.problems


@pytest.mark.slow
def test_the_whole_way_from_files(tmp_path: Path) -> None:
    square_file(tmp_path / "parcels.gpkg", 4549)
    square_file(tmp_path / "buildings.shp", 4549, side=40.0)
    good, there = FileSpec(path="parcels.gpkg"), tmp_path / "buildings.shp"
    wrong = refused(tmp_path, parcels=good, buildings=FileSpec(path="buildings.shp", crs="EPSG:4548"))
    assert [each.text for each in wrong] == ["intake.layer_elsewhere_likely"]
    assert 'crs = "EPSG:4549"' in wrong[0].say("en")
    assert 'crs = "EPSG:4549"' in wrong[0].say("zh")
    frame = gpd.read_file(there).to_crs(4326)
    points = shapely.transform(frame.geometry.to_numpy(), lambda each: from_wgs84(each, "GCJ-02"))
    frame.set_geometry(gpd.GeoSeries(points, crs=4326)).to_file(tmp_path / "web.geojson")
    intake = taken(tmp_path, parcels=good, buildings=FileSpec(path="web.geojson", crs="GCJ-02"))
    found = next(each for each in intake.layers if each.var.name == "buildings")
    true = gpd.read_file(there).geometry
    assert np.abs(found.value.centroid.x.to_numpy() - true.centroid.x.to_numpy()).max() < 0.1
    assert "intake.datum_converted" in {each.text for each in intake.findings}
    turned = frame.set_geometry(gpd.GeoSeries(shapely.transform(true.to_numpy(), lambda each: each[:, ::-1]), crs=4549))
    turned.to_file(tmp_path / "turned.gpkg")
    assert (
        refused(tmp_path, parcels=good, buildings=FileSpec(path="turned.gpkg"))[0].text == "intake.axes_swapped_metres"
    )
    mended = taken(tmp_path, parcels=good, buildings=FileSpec(path="turned.gpkg", axes="yx"))
    found = next(each for each in mended.layers if each.var.name == "buildings")
    assert np.abs(found.value.centroid.x.to_numpy() - true.centroid.x.to_numpy()).max() < 0.1


def test_candidates_of_a_file_without_crs_begin_where_the_others_lie(tmp_path: Path) -> None:
    square_file(tmp_path / "parcels.gpkg", 4549)
    square_file(tmp_path / "buildings.shp", 4549)
    (tmp_path / "buildings.prj").unlink()
    (problem,) = refused(tmp_path, parcels=FileSpec(path="parcels.gpkg"), buildings=FileSpec(path="buildings.shp"))
    assert problem.text == "intake.crs_missing"
    assert "EPSG:4549 (120E), EPSG" in problem.say("en")


@pytest.mark.slow
def test_the_one_table_that_stands_alone_is_the_stray(tmp_path: Path) -> None:
    for name in ("parcels", "buildings"):
        square_file(tmp_path / f"{name}.gpkg", 4549)
    square_file(tmp_path / "study_area.shp", 4549)
    files = {name: FileSpec(path=f"{name}.gpkg") for name in ("parcels", "buildings")}
    problems = refused(tmp_path, **files, study_area=FileSpec(path="study_area.shp", crs="EPSG:4550"))
    assert [each.values["name"] for each in problems] == ["study_area"]
    assert 'crs = "EPSG:4549"' in problems[0].say("en")


@pytest.mark.parametrize(
    ("crs", "text"), [("GCJ-02", "intake.crs_datum"), ("上海2000", "intake.crs_local"),
                      ('LOCAL_CS["a",UNIT["metre",1]]', "intake.crs_local")],
)  # fmt: skip
def test_no_study_in_a_datum_or_a_local_system(crs: str, text: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        take_in({}, Target(crs, 5.0), root=tmp_path)
    assert caught.value.text == text


@pytest.mark.case("data/xian")
@pytest.mark.parametrize("table", ["parcels", "streets"])
def test_housing_and_main_roads_of_a_real_city(cases: Path, table: str) -> None:
    """OpenStreetMap's housing areas of Xi'an keep clear of its roads; shown by a web map they do not."""
    folder = cases / "data" / "xian" / "context"
    areas = gpd.read_file(folder / "xian_landuse_residential.gpkg").to_crs(32649).geometry
    roads = [
        gpd.read_file(folder / f"xian_{kind}_roads.gpkg").to_crs(32649).geometry for kind in ("primary", "tertiary")
    ]
    real = {"parcels": areas[areas.area > 0].set_crs(32649), "streets": gpd.GeoSeries(pd.concat(roads), crs=32649)}
    wkt, target = CRS.from_epsg(32649).to_wkt(), Target("EPSG:32649", 30.0)
    placed = [
        PositionedShapes(name, each, Position(name, wkt, (3e5, 3.7e6, 4e5, 3.8e6))) for name, each in real.items()
    ]
    assert misfits(placed, target) == []
    for datum in DATUMS:
        moved = [
            each._replace(shapes=web(each.shapes, datum).to_crs(32649)) if each.table == table else each
            for each in placed
        ]
        found = misfits(moved, target)
        assert [(each.layer, each.values["datum"]) for each in found] == [(table, datum)]
