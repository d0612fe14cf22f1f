"""What street trees of the measure do to heat on the hottest day, by pencil and against published measurements."""

from typing import Any

import numpy as np
import pytest

from citybraid.integrate.measures.siting import CODE
from citybraid.integrate.measures.street_trees import StreetTrees, StreetTreesParams, street_trees
from citybraid.resilience.heat.outdoor_comfort import OutdoorComfort, OutdoorComfortParams
from tests.canopy_case import air_of
from tests.integrate.plan import STREETS, arguments, raster
from tests.outdoor_case import comfort
from tests.outdoor_case import raster as plain

NOON = OutdoorComfortParams(hour=12, around=0)
PAVED = np.full((20, 20), CODE["paved"])


def planted(p: StreetTreesParams | None = None, **given: object) -> StreetTrees:
    """Return the small plan's lane with as many trees as its verge takes, on paving without buildings."""
    streets = STREETS.loc[["lane"]]
    found: StreetTrees = street_trees(**arguments(street_trees, p or StreetTreesParams(), streets=streets, **given))
    return found


def felt(trees: StreetTrees, **given: Any) -> OutdoorComfort:
    return comfort(PAVED, cell=5.0, canopy=trees.canopy_cover.to_numpy(), p=NOON, **given)


def shaded(trees: StreetTrees, *, least: float = 0.6) -> np.ndarray:
    return trees.canopy_cover.to_numpy() >= least


def test_noon_under_a_street_tree_is_ten_to_thirty_kelvin_cooler() -> None:
    """Mean radiant temperature under trees at noon in summer.

    Published: 10 to 25 K under single street trees in temperate cities, above 30 K under dense crowns on bright dry
    days (Middel et al. 2021, Bull. Am. Meteorol. Soc. 102: E1805-E1820). Crowns of 5 m let light pass beside them
    within cells of 5 m, so the cells under them, two thirds covered, are held to 10 to 25 K.
    """
    trees = planted()
    here = shaded(trees)
    assert here.sum() >= 5
    without = comfort(PAVED, cell=5.0, p=NOON).radiant_temperature.to_numpy()
    cooler = (without - felt(trees).radiant_temperature.to_numpy())[here]
    assert 10.0 <= cooler.mean() <= 25.0


def test_the_shade_of_a_wide_canopy_is_the_heat_that_no_longer_arrives() -> None:
    """By pencil, what a standing person takes up less under closed leaves than on open paving at noon [W/m2].

    Beam of 830 W/m2 at 82 degrees: f_p = 0.308 cos(82 (1 - 82^2 / 48 402)) = 0.102, 0.7 x 0.102 x 830 = 59. Sky light
    of 200 W/m2 on the upper half: 0.7 x 0.5 x 200 = 70. Of 1 000 W/m2 the ground sends back a fifth to the lower half:
    0.7 x 0.5 x 200 = 70. Paving at 60 and not 35 degC: 0.97 x 0.5 x sigma (333^4 - 308^4) = 91. Together 290.
    """
    pencil = 59.0 + 70.0 + 70.0 + 91.0
    sun, shade = (
        273.15 + comfort(PAVED, cell=5.0, p=NOON, canopy=canopy).radiant_temperature.to_numpy()[10, 10]
        for canopy in (None, np.ones((20, 20)))
    )
    assert 0.97 * 5.67e-8 * (sun**4 - shade**4) == pytest.approx(pencil, rel=0.15)


def test_one_tree_on_a_square_shades_its_own_crown() -> None:
    """A crown of 5 m on paving at 1 m: 10 to 25 K cooler on about the 20 m2 under it, a few kelvin beside it."""
    y, x = np.indices((60, 60))
    crown = np.where(np.hypot(y - 30, x - 30) < 2.5, 1.0, 0.0)
    square = np.full((60, 60), CODE["paved"])
    sun, shade = (
        comfort(square, cell=1.0, canopy=canopy, p=NOON).radiant_temperature.to_numpy() for canopy in (None, crown)
    )
    cooler = sun - shade
    assert 10.0 <= cooler.max() <= 25.0
    assert crown.sum() <= (cooler > 10.0).sum() <= 2.0 * crown.sum()


def test_trees_of_the_measure_shade_where_a_raster_of_heights_says_that_nothing_stands() -> None:
    """A file of canopy heights is 0 along the lane: without the heights of the planted trees they would not count."""
    flat = np.zeros((20, 20))
    trees = planted(canopy_height=raster(flat))
    here = shaded(trees)
    without = comfort(PAVED, cell=5.0, p=NOON).radiant_temperature.to_numpy()
    blind = felt(trees, canopy_height=plain(flat)).radiant_temperature.to_numpy()
    assert np.allclose(blind, without)
    seen = felt(trees, canopy_height=plain(trees.canopy_height.to_numpy())).radiant_temperature.to_numpy()
    assert (without - seen)[here].mean() >= 10.0


def test_trees_of_two_years_shade_less_than_grown_ones() -> None:
    young, grown = planted(StreetTreesParams(age=2.0)), planted()
    here = shaded(grown)
    without = comfort(PAVED, cell=5.0, p=NOON).radiant_temperature.to_numpy()
    little, much = (
        (without - felt(trees, canopy_height=plain(trees.canopy_height.to_numpy())).radiant_temperature.to_numpy())
        for trees in (young, grown)
    )
    assert 0.5 < little[here].mean() < 0.5 * much[here].mean()


def test_a_quarter_with_trees_over_a_fifth_of_it_has_cooler_air() -> None:
    """Air of the day: 0.1 to 1 K cooler where crowns cover a fifth more of the ground.

    Published: 0.2 to 0.4 K for each tenth more of canopy (Krayenhoff et al. 2021, Environ. Res. Lett. 16: 053007, about
    0.3 K per 0.10 of canopy, median of models at neighbourhood scale, as recalled).
    """
    cover = np.full((40, 40), CODE["paved"])
    bare, wooded = (
        air_of(cover, canopy=np.full((40, 40), share)).day_heat_island.to_numpy().mean() for share in (0.0, 0.2)
    )
    assert 0.1 <= bare - wooded <= 1.0


def test_evapotranspiration_goes_by_the_hour() -> None:
    """Leaves evaporate by day and close at night: trees cool the afternoon twice as much as 22:00."""
    cover = np.full((40, 40), CODE["paved"])
    bare, wooded = (
        air_of(cover, canopy=np.full((40, 40), share)).hourly_air.to_numpy().mean(axis=(1, 2)) for share in (0.0, 0.2)
    )
    cooler = bare - wooded
    assert cooler[12:16].mean() >= 2.0 * cooler[22] > 0.0
