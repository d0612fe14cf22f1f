"""What two measures do to each other comes out of the physics: its sign, its size by hand, and nothing where it is cut.

Every case runs the study's own models from files; the joint effect is the second difference of four runs.
"""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from shapely.geometry import box

from citybraid.core.factor import shipped
from citybraid.lowcarbon.envelope import standard_of
from citybraid.study.open.open_study import open_study
from citybraid.study.run.interplay.paths import meeting
from tests.braided_town import Braided, Opened
from tests.geotiffs import CRS, NORTH, WEST, write_raster

pytestmark = pytest.mark.slow

ROOMY = ("green_roof_share,office,0.5,,,,1,CN,,,user,test,", "pv_roof_share,office,0.7,,,,1,CN,,,user,test,")
"""Roofs of which half is to be green and seven tenths modules: two tenths meet."""
HOMES = slice(0, 7)
OFFICES = slice(7, 12)
"""Homes stand south of the street, offices north of it, their roofs' middles 15 m from its line."""


def row(factor: str, key: str, value: float) -> str:
    return f"{factor},{key},{value},,,,1,CN,,,user,test,"


@pytest.fixture(scope="module")
def low(tmp_path_factory: pytest.TempPathFactory) -> Opened:
    """Roofs of 3 m between street trees of 8 m."""
    return Braided(tmp_path_factory.mktemp("low"), height=3.0).opened()


def test_trees_that_stand_above_roofs_take_light_from_modules(low: Opened) -> None:
    """Homes have the trees to their north, where the sun never stands: they lose light of the even sky only.

    Crowns of 19.6 m2 every 12 m a side hide 16 % of the strip of cells that they stand in. Seen from a roof 11.5 m
    away their tops are at t = 5 / 11.5; over the half circle towards them an even sky loses 1 - 1 / sqrt(1 + t2) of its
    light below that height, over all azimuths half of it.
    """
    alone = low.value("pv_generation", "rooftop_pv")
    lost = -low.joint("pv_generation", "rooftop_pv", "street_trees") / alone
    assert (lost > 0.0).all()
    tangent = (8.0 - 3.0) / 11.5
    even = 0.5 * (1.0 - 1.0 / np.sqrt(1.0 + tangent**2)) * (np.pi / 4 * 25.0 / 120.0) * 0.97
    diffuse = float(low.value("diffuse_horizontal").sum() / low.value("global_horizontal").sum())
    assert lost[HOMES].mean() == pytest.approx(even * diffuse, rel=0.35)
    assert lost[OFFICES].min() > 1.2 * lost[HOMES].max(), "trees to the south take the sun as well"


def test_trees_without_leaves_take_as_much_less_as_they_let_through(low: Opened, tmp_path: Path) -> None:
    thin = Braided(tmp_path, height=3.0, factors=(row("tree_crown", "transmissivity", 0.5),)).opened()
    lost, less = (town.joint("pv_generation", "rooftop_pv", "street_trees").sum() for town in (low, thin))
    assert less / lost == pytest.approx(0.5 / 0.97, rel=0.02)


def test_trees_below_roofs_take_nothing(tmp_path: Path) -> None:
    high = Braided(tmp_path, height=12.0).opened()
    assert high.value("pv_generation", "rooftop_pv").min() > 0.0
    np.testing.assert_array_equal(high.joint("pv_generation", "rooftop_pv", "street_trees"), 0.0)
    # Without modules there is nothing to shade either.
    np.testing.assert_array_equal(high.value("pv_generation", "street_trees"), 0.0)


def test_planted_roofs_leave_modules_less_room(tmp_path: Path) -> None:
    """Half of the roof green leaves half for the 0.7 that modules would cover: they lose 0.2 of 0.7."""
    town = Braided(tmp_path, factors=ROOMY).opened()
    alone = town.value("pv_generation", "rooftop_pv")
    joint = town.joint("pv_generation", "rooftop_pv", "green_roof")
    np.testing.assert_allclose(joint[OFFICES] / alone[OFFICES], -0.2 / 0.7, rtol=1e-9)
    np.testing.assert_allclose(joint[HOMES], 0.0, atol=1e-9 * alone.max())
    green, modules = town.use("green_roof"), town.use("rooftop_pv")
    met = meeting(town.evaluator, green, modules, indicator="pv_avoided", grid="full")
    assert met is not None
    assert (met.model, met.quantity) == ("integrate.measures.rooftop_pv", "pv_roof")
    assert met.first == "free_roof"


def test_planted_roofs_and_modules_that_both_fit_do_not_meet(low: Opened) -> None:
    """Shipped shares are 0.3 and 0.3 (0.4 of homes): no roof is short of room, and nothing else joins the two.

    That planted roofs cool the modules above them is not in the models.
    """
    np.testing.assert_array_equal(low.joint("pv_generation", "rooftop_pv", "green_roof"), 0.0)
    uses = low.use("green_roof"), low.use("rooftop_pv")
    assert meeting(low.evaluator, *uses, indicator="pv_avoided", grid="full") is None


def test_a_cool_roof_saves_less_where_the_roof_is_insulated(low: Opened) -> None:
    """Both act on the heat through the roof: what reflection saves is in proportion to the roof's transmittance."""
    cool, renewed = low.use("cool_roof"), low.use("envelope_retrofit", standard="renewed_roof")
    saved = low.value("cooling_demand") - low.value("cooling_demand", cool)
    assert (saved > 0.0).all()
    joint = low.joint("cooling_demand", cool, renewed)
    left = (saved - joint) / saved
    rows = shipped().resolve("envelope", region="CN-ZJ", year=2025)
    since = shipped().resolve("standard_since", region="CN-ZJ", year=2025)
    for kind, part in (("residential", HOMES), ("public", OFFICES)):
        built = rows[f"{kind}/{standard_of(kind, '3A', 1995.0, since)}/3/roof"]
        assert left[part] == pytest.approx(rows[f"{kind}/renewed_roof/3/roof"] / built, rel=0.25)
    windows = low.use("envelope_retrofit", standard="renewed_windows")
    other = low.joint("cooling_demand", cool, windows)
    assert (np.abs(other) < 0.3 * joint).all(), "windows do not touch the path through the roof"


def test_a_cool_roof_and_insulation_meet_in_the_energy_of_buildings(low: Opened) -> None:
    uses = low.use("cool_roof"), low.use("envelope_retrofit", standard="renewed_roof")
    met = meeting(low.evaluator, *uses, indicator="net_emissions", grid="full")
    assert met is not None
    assert met.model == "lowcarbon.building_energy"
    assert (met.first, met.second) == ("cool_roof", "envelope_standard")


def test_modules_leave_a_cool_roof_less_to_cover(low: Opened) -> None:
    """Of 0.8 that would be coated 0.7 is left beside modules on 0.3 of offices, 0.6 beside 0.4 of homes.

    What is lost is what coating that much less saves less. Demand is what passes a set point, so that it is about the
    share of the roof, not just that.
    """
    bare = low.value("cooling_demand")
    saved = bare - low.value("cooling_demand", "cool_roof")
    joint = low.joint("cooling_demand", "cool_roof", "rooftop_pv")
    for part, left in ((OFFICES, 0.7 / 0.8), (HOMES, 0.6 / 0.8)):
        less = bare - low.value("cooling_demand", low.use("cool_roof", share=left))
        np.testing.assert_allclose(joint[part], (saved - less)[part], rtol=1e-6)
        assert (joint / saved)[part] == pytest.approx(1.0 - left, rel=0.15)
    np.testing.assert_array_equal(low.joint("pv_generation", "cool_roof", "rooftop_pv"), 0.0)


def test_a_dug_wetland_costs_runoff_control_by_its_open_water(tmp_path: Path) -> None:
    """A tenth of the park turns from grass (0.15) to wetland (1.0): W = 0, so the plot keeps 1 - psi of its rain.

    The volume that the wetland could hold is not counted by the volume method here, whose facilities are rain gardens
    and tanks; the flood model sees it, as lower ground.
    """
    extra = '\n[parameters."resilience.annual_runoff_control"]\ndaily_rain = "published"\n'
    rain = "sponge_design_rain,0.6,15,,,,mm,CN,,,user,test,\nsponge_design_rain,0.8,30,,,,mm,CN,,,user,test,"
    town = Braided(tmp_path / "psi", extra=extra, factors=(rain,)).opened()
    park = Braided(tmp_path / "same", extra=extra, factors=(rain, row("runoff_coefficient", "wetland", 0.15))).opened()
    change = town.value("annual_runoff_control", "detention_wetland") - town.value("annual_runoff_control")
    dug = town.value("detention_area", "detention_wetland").sum() / 100.0
    rows, columns = np.nonzero(np.abs(change) > 1e-9)
    assert dug > 0.0
    cells = len(rows)
    # The park is one plot: its kept share falls by 0.85 times the share of its cells that is dug.
    assert change[rows, columns] == pytest.approx(-0.85 * dug / cells, rel=1e-6)
    same = park.value("annual_runoff_control", "detention_wetland") - park.value("annual_runoff_control")
    np.testing.assert_allclose(same, 0.0, atol=1e-12)


BASIN = '\n[parameters."resilience.flood"]\nalpha = 0.1\nduration = 7200\nrecession = 0\n' + "".join(
    f'{side} = "closed"\n' for side in ("north", "south", "east", "west")
)
"""An event of two hours, whatever water still moves, in short steps.

All places of an event share its end and its steps. With paving it had ended 600 s later (10 depths of its course, not
9), and the wetland beyond the ridge took in 1.2 mm more: 0.4 % of what it holds. With one end 2e-5 are left: half of
it follows the steps, half is rain on the ridge's own cells, which the levels of the water on both sides share out.
Without these too, behind a ridge of three cells and in 72 013 equal steps, 2e-8 are left, the rounding of depths.
"""


def drained(folder: Path, *, ridge: bool) -> Opened:
    """Write the town as one basin with the park at its bottom, or with a ridge around the park; an hour of 36 mm."""
    town = Braided(folder, extra=BASIN)
    town.written()
    rain = "\n".join(["time_min,rain_mm", *(f"{5 * step},3.0" for step in range(12))])
    (folder / "rain.csv").write_text(rain + "\n", encoding="utf-8")
    down, across = np.indices((24, 24)).astype(np.float32)
    to_park, away = (4.0 + 0.02 * np.hypot(down - row, across - column) for row, column in ((6, 20), (18, 6)))
    inside = (down < 12) & (across >= 16)
    wall = ((down == 12) & (across >= 15)) | ((across == 15) & (down <= 12))
    ground = np.where(wall, 8.0, np.where(inside, to_park, away)) if ridge else to_park
    write_raster(folder / "terrain.tif", ground.astype(np.float32), cell=10.0, nodata=-9999.0)
    return Opened.of(open_study(folder / "study.toml"))


def held(town: Opened) -> tuple[float, float]:
    """Return what less water paving beyond the park leaves in the wetland, and how much that is by the sum of both."""
    paving, wetland = town.use("permeable_paving", where=("NW", "SW")), town.use("detention_wetland")
    dug = town.value("terrain", wetland) < town.value("terrain")

    def water(*measures: object) -> float:
        return float(np.nan_to_num(town.value("max_depth", *measures))[dug].sum())  # type: ignore[arg-type]

    bare, beside = water(), water(wetland)
    return water(paving, wetland) - water(paving) - beside + bare, beside - bare


def test_paving_upstream_leaves_a_wetland_less_to_hold_unless_a_ridge_parts_them(tmp_path: Path) -> None:
    """Both keep the same rain back: together they hold less than the sum. Beyond a ridge no water comes across."""
    joint, alone = held(drained(tmp_path / "basin", ridge=False))
    cut, dry = held(drained(tmp_path / "ridge", ridge=True))
    assert alone > 1.0
    assert dry > 1.0
    assert -0.2 * alone < joint < -0.005 * alone
    assert abs(cut) < min(5e-5 * dry, 0.01 * abs(joint))


def strip(folder: Path, barrier: int) -> Opened:
    """Write one row of cells of 100 m: wood, paving, grass, a barrier, grass, wood."""
    folder.mkdir(parents=True)
    cover = np.array([[10, 50, 30, barrier, 30, 10]], np.uint8)
    write_raster(folder / "cover.tif", cover, cell=100.0, nodata=0)
    write_raster(folder / "terrain.tif", np.full((1, 6), 5.0, np.float32), cell=100.0, nodata=-9999.0)
    whole = box(WEST, NORTH - 100.0, WEST + 600.0, NORTH)
    gpd.GeoDataFrame({"unit_name": ["u"]}, geometry=[whole], crs=CRS).to_file(folder / "units.gpkg")
    paved = box(WEST + 100.0, NORTH - 100.0, WEST + 200.0, NORTH)
    gpd.GeoDataFrame({"id": ["yard"], "land_use": ["0902"]}, geometry=[paved], crs=CRS).to_file(folder / "parcels.gpkg")
    head = "factor,key,value,low,high,distribution,unit,region,year_from,year_to,status,source,note"
    (folder / "factors.csv").write_text(f"{head}\n{row('measure_site', 'depaving/', 1.0)}\n", encoding="utf-8")
    files = {"land_cover": "cover.tif", "terrain": "terrain.tif", "units": "units.gpkg", "parcels": "parcels.gpkg"}
    (folder / "study.toml").write_text(
        'factors = "factors.csv"\n[study]\nname = "strip"\ntitle = { zh = "条", en = "Strip" }\n'
        'crs = "EPSG:4549"\nregion = "CN-ZJ"\nyear = 2025\nresolution = 100\nsynthetic = true\n'
        '[parameters."biodiversity.connectivity"]\nsmallest = 0\n'
        '[parameters."biodiversity.circuit_connectivity"]\nneighbours = "4"\n'
        + "".join(f'[files.{role}]\npath = "{name}"\n' for role, name in files.items()),
        encoding="utf-8",
    )
    return Opened.of(open_study(folder / "study.toml"))


def test_a_culvert_and_a_mended_corridor_help_each_other(tmp_path: Path) -> None:
    """Resistances in series: 1 / R rises more by both than by the sum, for each lowers the R that the other divides."""
    town = strip(tmp_path / "road", 51)
    rows = shipped().resolve("movement_resistance", region="CN-ZJ", year=2025)
    width = shipped().resolve("wildlife_crossing_width", region="CN-ZJ", year=2025)["culvert"]
    wood, paved, grass, road = (rows[f"beijing/{name}"] for name in ("trees", "paved", "grass", "road"))
    culvert = 1.0 / (width / 100.0 / grass + (1.0 - width / 100.0) / road)

    def conductance(*, green: bool, built: bool) -> float:
        return 1.0 / (wood + (grass if green else paved) + 2.0 * grass + (culvert if built else road))

    by_hand = (
        conductance(green=True, built=True) - conductance(green=True, built=False)
        - conductance(green=False, built=True) + conductance(green=False, built=False)
    )  # fmt: skip
    assert town.value("patch_conductance")[0] == pytest.approx(conductance(green=False, built=False), rel=1e-6)
    joint = float(town.joint("patch_conductance", "wildlife_crossing", "depaving")[0])
    assert joint > 0.0
    assert joint == pytest.approx(by_hand, rel=1e-4)


def test_without_a_road_a_culvert_does_nothing_for_a_corridor(tmp_path: Path) -> None:
    town = strip(tmp_path / "meadow", 30)
    assert town.value("crossings_built", "wildlife_crossing")[0] == 0.0
    assert town.value("patch_conductance", "depaving")[0] > town.value("patch_conductance")[0]
    assert town.joint("patch_conductance", "wildlife_crossing", "depaving")[0] == pytest.approx(0.0, abs=1e-15)
