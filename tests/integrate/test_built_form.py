"""Built form: controls met, set-backs kept, ground laid out, and nothing left to chance."""

import math

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from shapely import affinity

from citybraid.core.errors import InputError
from citybraid.core.factor import shipped
from citybraid.integrate.bridges.building_residents import BuildingResidents, building_residents
from citybraid.integrate.measures.built_form import BuiltForm, BuiltFormParams, built_form
from citybraid.integrate.measures.form.blocks import Archetype, layout
from citybraid.integrate.measures.form.plot import Controls, build, uses_of
from citybraid.integrate.measures.form.storeys import storeys
from citybraid.integrate.measures.siting import CODE
from tests.integrate.plan import BUILDINGS, CELL, PARCELS, UNITS, box, centres, run, table

P = BuiltFormParams(year=2030)
SHAPE = Archetype(setback=6.0, depth=14.0, length=60.0, gap=12.0, podium=0)


def factor(name: str) -> dict[str, float]:
    return dict(shipped().resolve(name, region="CN-ZJ", year=2025))


def test_controls_are_met() -> None:
    found = run(built_form, P)
    assert found.realised_floor_area_ratio["offices"] == pytest.approx(2.3, rel=0.02)
    assert found.realised_density["offices"] == pytest.approx(0.4, rel=0.02)
    assert found.realised_green_ratio["offices"] == pytest.approx(0.25, abs=0.01)
    assert found.realised_floor_area_ratio.drop("offices").isna().all()


def test_an_end_that_alone_is_stated_counts_and_of_a_span_the_upper_one() -> None:
    parcels = PARCELS.copy()
    parcels["least_floor_area_ratio"], parcels["least_building_density"] = 1.0, 0.1
    parcels["most_green_ratio"] = 0.6
    spans = run(built_form, P, parcels=parcels)
    assert spans.planned_floor_area.equals(run(built_form, P).planned_floor_area)
    parcels.loc["offices", ["floor_area_ratio", "building_density", "green_ratio"]] = np.nan
    parcels.loc["offices", ["least_floor_area_ratio", "least_building_density"]] = [1.2, 0.4]
    parcels.loc["offices", "most_green_ratio"] = 0.2
    found = run(built_form, P, parcels=parcels)
    assert found.realised_floor_area_ratio["offices"] == pytest.approx(1.2, rel=0.02)
    assert found.realised_density["offices"] == pytest.approx(0.4, rel=0.02)
    assert found.realised_green_ratio["offices"] == pytest.approx(0.2, abs=0.01)


def test_columns_are_whole_and_old_rows_stay() -> None:
    found = run(built_form, P)
    table = pd.DataFrame({name: getattr(found, name) for name in ("floors", "height", "year_built", "free_roof")})
    assert list(found.buildings.index) == list(table.index)
    assert table.notna().all().all()
    assert found.planned_residents[["slab", "villa"]].isna().all()
    assert table["year_built"].loc["slab"] == 1995
    assert table["year_built"].loc["offices-01"] == 2030
    assert found.envelope_standard.to_list() == ["as_built"] * len(table)
    assert found.building_use["slab"] == "residential"


def test_a_known_floor_area_becomes_storeys() -> None:
    buildings = BUILDINGS.copy()
    buildings.loc["slab", "floor_area"] = 1800.0
    found = run(built_form, P, buildings=buildings)
    assert found.floors["slab"] == pytest.approx(5.0)
    assert found.floors["villa"] == 3.0


def test_buildings_on_planned_ground_make_way() -> None:
    buildings = BUILDINGS.copy()
    buildings.loc["shop", "geometry"] = box(70, 20, 80, 30)
    assert "shop" not in run(built_form, P, buildings=buildings).buildings.index


def test_a_place_without_buildings_gets_some() -> None:
    found = run(built_form, P, buildings=None)
    assert set(found.building_use) == {"office", "retail"} or set(found.building_use) == {"office"}
    assert found.planned_floor_area["east"] == pytest.approx(2.3 * 45 * 45, rel=0.02)


def test_new_homes_bring_residents() -> None:
    parcels = PARCELS.copy()
    parcels.loc["offices", "land_use"] = "070102"
    found = run(built_form, P, parcels=parcels)
    assert found.population["east"] == pytest.approx(40 + 2.3 * 45 * 45 / 36.5, rel=0.02)
    assert found.population["west"] == 300


def test_homes_that_stay_keep_their_residents() -> None:
    """West: 300 people by floor area; a block of the plan beside them brings its own and takes nobody in."""
    before = run(building_residents)
    parcels = PARCELS.copy()
    parcels.loc["offices", ["land_use", "geometry"]] = ["070102", box(10, 55, 45, 95)]
    form = run(built_form, P, parcels=parcels)
    new = [name for name in form.buildings.index if name not in before.residents.index]
    assert form.planned_residents[new].sum() > 1.0
    after = residents_of(form)
    old = before.residents.index.intersection(after.index)
    pd.testing.assert_series_equal(after[old], before.residents[old], check_names=False)
    pd.testing.assert_series_equal(after[new], form.planned_residents[new], check_names=False)
    assert form.population["west"] == pytest.approx(300 + form.planned_residents[new].sum())


def test_residents_of_homes_that_make_way_leave() -> None:
    """The villa (300 m2 of the west's 2 460 m2 of homes) gives way: its people go, the slab's stay."""
    before = run(building_residents)
    parcels = PARCELS.copy()
    parcels.loc["offices", "geometry"] = box(6, 25, 40, 49)
    form = run(built_form, P, parcels=parcels)
    assert "villa" not in form.buildings.index
    assert form.population["west"] == pytest.approx(300 - before.residents["villa"])
    assert residents_of(form)["slab"] == pytest.approx(before.residents["slab"])


def residents_of(form: BuiltForm) -> pd.Series:
    columns = {name: getattr(form, name) for name in ("building_use", "planned_residents", "living_weight")}
    table = gpd.GeoDataFrame(columns, geometry=form.buildings, crs=BUILDINGS.crs)
    table["floor_area"] = form.floors * form.buildings.area
    found: BuildingResidents = run(building_residents, buildings=table, units=UNITS.assign(population=form.population))
    assert found.residents_error == pytest.approx(0.0, abs=1e-12)
    return found.residents


def test_ground_has_roofs_green_and_paving() -> None:
    found = run(built_form, P)
    x, y = centres()
    plot = (x > 55) & (y < 45)
    cover = found.land_cover.to_numpy()
    assert set(np.unique(cover[plot])) == {CODE["roof"], CODE["trees"], CODE["grass"], CODE["paved"]}
    roofs = (cover[plot] == CODE["roof"]).sum() * CELL
    assert roofs == pytest.approx(0.4 * 45 * 45, abs=4 * CELL)
    assert np.array_equal(found.canopy_cover.to_numpy()[plot] == 1.0, cover[plot] == CODE["trees"])


def test_only_named_units_are_built() -> None:
    found = run(built_form, BuiltFormParams(year=2030, where=("west",)))
    assert found.planned_floor_area.sum() == 0.0
    assert list(found.buildings.index) == list(BUILDINGS.index)


def test_ids_must_not_clash() -> None:
    buildings = BUILDINGS.rename(index={"slab": "offices-01"})
    with pytest.raises(InputError, match="offices-01"):
        run(built_form, P, buildings=buildings)


PLOTS = {
    "square": box(0, 0, 90, 90),
    "slanted": affinity.rotate(box(0, 0, 120, 70), 33.0),
    "wedge": shapely.Polygon([(0, 0), (110, 10), (90, 95), (10, 70)]),
    "corner": shapely.Polygon([(0, 0), (100, 0), (100, 40), (45, 40), (45, 100), (0, 100)]),
    "strip": box(0, 0, 240, 24),
}


@pytest.mark.parametrize("plot", PLOTS.values(), ids=PLOTS.keys())
@pytest.mark.parametrize("density", [0.12, 0.25, 0.45, 0.6])
def test_layout_covers_what_is_asked_inside_the_plot(plot: shapely.Polygon, density: float) -> None:
    plan = layout(plot, area=density * plot.area, shape=SHAPE)
    blocks = [plan.placed(block) for block in plan.blocks]
    assert sum(block.area for block in blocks) == pytest.approx(density * plot.area, rel=1e-3)
    assert all(block.within(plot.buffer(1e-3)) for block in blocks)
    assert all(a.distance(b) > 0 for at, a in enumerate(blocks) for b in blocks[:at])


def test_layout_keeps_the_set_back_where_there_is_room() -> None:
    plot = PLOTS["square"]
    plan = layout(plot, area=0.25 * plot.area, shape=SHAPE)
    inside = plot.buffer(-SHAPE.setback + 1e-3)
    assert all(plan.placed(block).within(inside) for block in plan.blocks)


def test_an_impossible_density_is_cut_at_the_plot() -> None:
    plot = box(0, 0, 30, 30)
    plan = layout(plot, area=1.5 * plot.area, shape=SHAPE)
    assert sum(block.area for block in plan.blocks) == pytest.approx(plot.area)


@pytest.mark.parametrize("podium", [0, 3])
@pytest.mark.parametrize("mean", [1.0, 2.5, 3.2, 7.75, 11.98])
def test_storeys_sum_to_the_floor_area(podium: int, mean: float) -> None:
    blocks = tuple(box(40 * at, 0, 40 * at + 30, 14) for at in range(4))
    built = storeys(blocks, floor_area=mean * 4 * 420, most=40, podium=podium)
    assert sum(one.floors * one.footprint.area for one in built) == pytest.approx(mean * 4 * 420, rel=0.02)
    assert sum(one.footprint.area for one in built) == pytest.approx(4 * 420)


def test_the_height_limit_is_never_passed() -> None:
    found = build(
        box(0, 0, 80, 80), Controls(6.0, 0.3, 24.0), uses={"office": 0.85, "retail": 0.15},
        archetype=factor("archetype"), storey_height=factor("storey_height"),
    )  # fmt: skip
    assert max(one.height for one in found) <= 24.0
    assert sum(one.floors * one.footprint.area for one in found) < 6.0 * 6400


def test_no_height_limit_is_no_limit() -> None:
    found = build(
        box(0, 0, 80, 80), Controls(9.0, 0.3, math.nan), uses={"residential": 1.0},
        archetype=factor("archetype"), storey_height=factor("storey_height"),
    )  # fmt: skip
    assert sum(one.floors * one.footprint.area for one in found) == pytest.approx(9.0 * 6400, rel=0.02)


def test_uses_come_from_the_longest_code() -> None:
    share = factor("parcel_use")
    assert uses_of("090104", share) == {"hotel": 1.0}
    assert uses_of("0901", share) == {"retail": 1.0}
    assert uses_of("0902", share) == pytest.approx({"office": 0.85, "retail": 0.15})
    assert uses_of("1401", share) == {}
    assert uses_of(None, share) == {}


USES = {"070102": (1.0, 3.0), "0901": (0.8, 3.0), "0902": (2.0, 6.0), "080403": (0.5, 1.0), "100101": (1.0, 2.0)}
"""Land uses of the random plots and their ranges of floor area ratio."""


def random_plots(count: int) -> gpd.GeoDataFrame:
    """Return plots side by side, a third of them irregular, a tenth with a corner cut out, all turned a little."""
    random = np.random.default_rng(1)
    rows: dict[str, tuple[object, ...]] = {}
    for number in range(count):
        width, depth = random.uniform(40, 95, 2)
        plot: shapely.geometry.base.BaseGeometry = box(0, 0, width, depth)
        if number % 3 == 0:
            plot = shapely.Polygon([(0, 0), (width, 0.15 * depth), (0.8 * width, depth), (0, depth)])
        if number % 10 == 0:
            plot = plot.difference(box(0.5 * width, 0.5 * depth, width, depth))
        plot = affinity.rotate(plot, random.uniform(-20, 20), origin=(0.0, 0.0))
        use = str(random.choice(list(USES)))
        controls = (
            random.uniform(*USES[use]),
            random.uniform(0.15, 0.5),
            random.choice([24.0, 60.0, 100.0]),
            random.uniform(0.15, 0.4),
        )
        at = (200.0 * (number % 20), 200.0 * (number // 20))
        rows[f"plot{number:03d}"] = (affinity.translate(plot, *at), use, "planned", *controls)
    return table(
        rows, ("land_use", "parcel_status", "floor_area_ratio", "building_density", "height_limit", "green_ratio")
    )


def test_controls_of_many_plots_are_met_unless_the_height_forbids_it() -> None:
    parcels = random_plots(400)
    found = run(built_form, P, parcels=parcels, buildings=None)
    assert np.abs(found.realised_density / parcels["building_density"] - 1).max() < 0.02
    ratio = found.realised_floor_area_ratio
    met = np.abs(ratio / parcels["floor_area_ratio"] - 1) < 0.02
    assert met.mean() > 0.75
    storey = factor("storey_height")
    for name, plot in parcels[~met].iterrows():
        main = max(uses_of(plot["land_use"], factor("parcel_use")).items(), key=lambda pair: pair[1])[0]
        most = plot["building_density"] * math.floor(plot["height_limit"] / storey[main])
        assert ratio[str(name)] == pytest.approx(most, rel=0.02), name


def test_existing_buildings_keep_what_they_have_against_floods() -> None:
    ready = BUILDINGS.assign(floor_height=[0.3, np.nan, 0.1, 0.0, 0.2], protection_height=0.5, prepared_share=0.4)
    found = run(built_form, BuiltFormParams(year=2030), buildings=ready)
    kept = found.floor_height.index.intersection(BUILDINGS.index)
    assert found.floor_height["slab"] == 0.3
    assert (found.protection_height[kept] == 0.5).all()
    assert (found.prepared_share[kept] == 0.4).all()
    new = found.floor_height.index.difference(BUILDINGS.index)
    assert len(new) > 0
    assert found.floor_height[new].isna().all()
