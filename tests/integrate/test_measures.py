"""Measures on the small plan: where they go, where they do not, what they use up, what they count."""

from typing import Any

import geopandas as gpd
import numpy as np
import pytest

from citybraid.core.errors import InputError
from citybraid.core.factor import shipped
from citybraid.core.model import MeasureParams, Model
from citybraid.integrate.measures.detention_wetland import detention_wetland
from citybraid.integrate.measures.envelope_retrofit import EnvelopeRetrofitParams, envelope_retrofit
from citybraid.integrate.measures.green_roof import green_roof
from citybraid.integrate.measures.oldest_first import oldest
from citybraid.integrate.measures.permeable_paving import permeable_paving
from citybraid.integrate.measures.rain_garden import rain_garden
from citybraid.integrate.measures.rooftop_pv import rooftop_pv
from citybraid.integrate.measures.siting import CODE, rule
from citybraid.integrate.measures.street_trees import StreetTreesParams, crowns, street_trees
from tests.discovered import AnyModel, models
from tests.golden.values import golden_case
from tests.integrate.plan import BUILDINGS, CELL, GRID, TABLES, centres, land_cover, run, terrain

MEASURES = [measure for measure in models() if measure.stage]
COUNTED = pytest.mark.parametrize(
    "measure", [each for each in MEASURES if each.quantity is not None], ids=lambda measure: measure.name
)
"""Measures that install something; those that only state a plan have no quantity."""
EVERY = pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.name)


def can_be_left_out(measure: AnyModel) -> bool:
    """Tell whether a measure takes a share of zero; a built form is carried out whole."""
    assert measure.params is not None
    return bool(measure.params.model_json_schema()["properties"]["share"]["minimum"] == 0.0)


def given(measure: AnyModel, **changes: object) -> dict[str, Any]:
    """Return the arguments of a measure's golden case, the small plan where it has none, some parameters changed."""
    case = dict(golden_case(measure))
    assert isinstance(case["p"], MeasureParams)
    return case | {"p": case["p"].model_copy(update=changes)}


def quantity(measure: Model[Any, Any], found: Any) -> Any:
    assert measure.quantity is not None
    return getattr(found, measure.quantity.name)


@COUNTED
def test_something_is_installed(measure: AnyModel) -> None:
    assert quantity(measure, measure(**given(measure))).sum() > 0


@pytest.mark.parametrize("measure", [*filter(can_be_left_out, MEASURES)], ids=lambda measure: measure.name)
def test_a_share_of_zero_changes_nothing(measure: AnyModel) -> None:
    case = given(measure, share=0.0)
    found = measure(**case)
    assert quantity(measure, found).sum() == 0
    for name, value in zip(measure.makes, found, strict=True):
        if case.get(name) is not None and not isinstance(value, gpd.GeoSeries):
            assert np.array_equal(np.asarray(value), np.asarray(case[name]))


@COUNTED
def test_only_the_named_units_take_it(measure: AnyModel) -> None:
    both, west = (quantity(measure, measure(**given(measure, where=where))) for where in (None, ("west",)))
    assert west["east"] == 0
    # Measures of a stated count, such as stops, put all of it into the named units
    assert west["west"] == pytest.approx(both["west"]) or west.sum() == pytest.approx(both.sum())


@EVERY
def test_an_unknown_unit_is_told(measure: AnyModel) -> None:
    with pytest.raises(InputError, match="south"):
        measure(**given(measure, where=("south",)))


def test_green_roofs_keep_off_high_light_and_listed_roofs() -> None:
    green = run(green_roof).green_roof
    assert green["tower"] == 0, "above 50 m"
    assert green["hall"] == 0, "heritage land"
    assert green["slab"] == green["shop"] == pytest.approx(0.3)


def test_green_roof_takes_free_roof_and_counts_its_area() -> None:
    found = run(green_roof)
    assert found.free_roof.to_list() == pytest.approx((1.0 - found.green_roof).to_list())
    assert found.green_roof_area["west"] == pytest.approx(0.3 * BUILDINGS.loc[["slab", "villa", "shop"]].area.sum())


def test_modules_only_get_the_roof_that_is_left() -> None:
    tight = BUILDINGS[["geometry", "building_use", "pv_roof"]].assign(free_roof=0.25)
    found = run(rooftop_pv, buildings=tight)
    assert found.pv_roof["slab"] == pytest.approx(0.25)
    assert found.free_roof["slab"] == pytest.approx(0.0)
    assert found.pv_roof["hall"] == 0
    assert run(rooftop_pv).pv_roof["slab"] == pytest.approx(0.4)


def test_capacity_is_module_area_times_power_density() -> None:
    found = run(rooftop_pv)
    area = found.pv_roof * BUILDINGS.area
    assert found.pv_capacity["west"] == pytest.approx(0.175 * area[["slab", "villa", "shop"]].sum())


def test_paving_stays_off_roads_roofs_banks_and_listed_ground() -> None:
    laid = run(permeable_paving).permeable_paving.to_numpy()
    assert set(np.unique(laid.round(9))) == {0.0, 0.7}
    assert (laid[land_cover().to_numpy() != CODE["paved"]] == 0).all()
    x, y = centres()
    assert (laid[(x > 55) & (y > 55)] == 0).all()
    assert (laid[(x < 8) & (y < 8)] == 0).all(), "30 % slope"


def test_paving_counts_what_it_laid() -> None:
    found = run(permeable_paving)
    assert found.permeable_paving_area.sum() == pytest.approx(found.permeable_paving.to_numpy().sum() * CELL)


def test_rain_gardens_go_into_grass_of_parcels_but_not_on_listed_ground() -> None:
    built = run(rain_garden).rain_garden.to_numpy()
    x, y = centres()
    park = (x < 45) & (y > 55)
    assert built[park].max() == pytest.approx(0.5)
    assert (built[~park] == 0).all()


def test_wetland_takes_the_lowest_tenth_of_the_park() -> None:
    found = run(detention_wetland)
    dug = found.land_cover.to_numpy() == CODE["wetland"]
    x, y = centres()
    park = (x < 45) & (y > 55)
    assert dug.sum() == int(0.1 * park.sum() + 0.5)
    height = terrain().to_numpy()
    assert height[dug].max() <= height[park & ~dug].min()
    assert (height - found.terrain.to_numpy())[dug] == pytest.approx(0.5)
    assert np.array_equal(height[~dug], found.terrain.to_numpy()[~dug])
    assert found.detention_area["west"] == dug.sum() * CELL


def test_trees_line_the_lane_but_not_the_highway() -> None:
    found = run(street_trees)
    assert found.tree_count.to_dict() == {"lane": 2.0 + 20.0, "highway": 0.0}
    assert found.verge_length.to_dict() == {"lane": 0.0, "highway": 100.0}
    assert found.street_trees_planted.to_dict() == {"west": 10.0, "east": 10.0}


def test_crowns_keep_their_area() -> None:
    found = run(street_trees)
    assert found.canopy_cover.to_numpy().sum() * CELL == pytest.approx(20 * np.pi * 2.5**2, rel=1e-4)
    assert crowns(np.array([[50.0, 50.0]]), diameter=6.0, grid=GRID).sum() * CELL == pytest.approx(np.pi * 9)


def test_half_the_trees_stand_evenly() -> None:
    found = run(street_trees, StreetTreesParams(share=0.5))
    assert found.street_trees_planted.to_dict() == {"west": 5.0, "east": 5.0}
    assert found.verge_length["lane"] == pytest.approx(60.0)


def test_retrofit_leaves_new_and_listed_buildings() -> None:
    found = run(envelope_retrofit)
    assert found.envelope_standard.to_dict() == {
        "slab": "gb55015", "villa": "as_built", "shop": "gb55015", "tower": "gb55015", "hall": "as_built",
    }  # fmt: skip
    assert found.retrofitted_area["west"] == pytest.approx(6 * 360 + 100)


def test_retrofit_starts_with_the_oldest() -> None:
    found = run(envelope_retrofit, EnvelopeRetrofitParams(share=0.03))
    assert found.envelope_standard["shop"] == "gb55015"
    assert found.envelope_standard["slab"] == "as_built"


def test_buildings_of_one_year_are_an_even_sample_whatever_the_order_of_the_file() -> None:
    """Fifty homes and fifty offices of 100 to 5 000 m2, all of 1985: a fifth takes a fifth of each, of all sizes."""
    area, use = np.tile(np.arange(1.0, 51.0), 2) * 100.0, np.repeat(["residential", "office"], 50)
    unit, year = np.zeros(100, np.int64), np.full(100, 1985.0)
    chosen = oldest(unit, year=year, area=area, share=0.2, use=use)
    for kind in ("residential", "office"):
        taken = area[chosen & (use == kind)]
        assert taken.sum() / area[use == kind].sum() == pytest.approx(0.2, abs=0.06)
        assert taken.min() < 1000.0
        assert taken.max() > 3000.0
    mixed = np.random.default_rng(3).permutation(100)
    again = oldest(unit, year=year, area=area[mixed], share=0.2, use=use[mixed])
    assert sorted(zip(use[mixed][again], area[mixed][again], strict=True)) == sorted(
        zip(use[chosen], area[chosen], strict=True)
    )
    year[7] = 1950.0
    first = oldest(unit, year=year, area=area, share=0.003, use=use)
    assert np.flatnonzero(first).tolist() == [7], "the oldest still comes first"


def test_the_longest_rule_wins() -> None:
    site = shipped().resolve("measure_site", region="CN", year=2025)
    assert rule(site, "rain_garden", "0701") == 0.5
    assert rule(site, "rain_garden", "0301") == 0.0
    assert rule(site, "detention_wetland", "140101") == 0.1
    with pytest.raises(InputError, match="solar_road"):
        rule(site, "solar_road", "07")


def test_measures_write_homes_only() -> None:
    assert {name for measure in MEASURES for name in measure.makes}.isdisjoint({"floor_area", "building_fraction"})
    assert set(TABLES) == {"units", "parcels", "buildings", "streets", "lifelines"}
