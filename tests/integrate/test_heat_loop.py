"""Waste heat, air and cooling: by hand, what is refused, and the halves of both strands on a compact quarter."""

import numpy as np
import pytest

from citybraid.core.errors import InputError
from citybraid.integrate.couplings.heat_loop import Cooled, HeatLoop, heat_loop
from citybraid.resilience.heat.canopy_air import CanopyAirParams
from tests.canopy_case import air_of, compact
from tests.energy_year import energy, energy_year, row_of_buildings
from tests.outdoor_case import hot_year

HOURS = np.zeros(24)


def by_hand(warming_per_heat: float, heat_per_warming: float, **words: float | bool) -> HeatLoop:
    """Return a linear loop: 20 W m-2 at first."""
    return heat_loop(
        lambda warming: Cooled(20.0 + heat_per_warming * warming, 100.0 + 5.0 * float(warming.mean())),
        lambda released: warming_per_heat * released, start=HOURS, **words,  # type: ignore[arg-type]
    )  # fmt: skip


def test_a_linear_loop_comes_to_its_limit() -> None:
    """20 W m-2 at 0.03 K each, 2 W m-2 more per kelvin: 0.6 K open, 0.6 / (1 - 0.06) closed."""
    found = by_hand(0.03, 2.0, tolerance=1e-9)
    assert found.open_warming.mean() == pytest.approx(0.6)
    assert found.warming.mean() == pytest.approx(0.6 / 0.94, abs=1e-8)
    assert found.air_gain == pytest.approx(0.6 / 0.94 - 0.6, abs=1e-8)
    assert found.demand_gain == pytest.approx(0.05 * 0.6 / 0.94, abs=1e-6)
    assert found.residual <= 1e-9


def test_a_cut_loop_leaves_cooling_in_the_weather_files_air() -> None:
    found = by_hand(0.03, 2.0, cut=True)
    assert found.demand == found.open_demand == 100.0
    assert found.air_gain == 0.0


def test_a_loop_that_runs_away_is_refused() -> None:
    with pytest.raises(InputError) as failure:
        by_hand(0.6, 2.0)
    assert failure.value.text == "heat_loop.open"
    with pytest.raises(InputError):
        by_hand(float("nan"), 2.0)


@pytest.mark.slow
def test_both_strands_close_the_loop_on_a_compact_quarter() -> None:
    """Buildings of six storeys with cooling: the air gains tenths of a kelvin, cooling a few per cent."""
    buildings = row_of_buildings(("residential", "office", "retail"))
    share = 0.3
    ground = float(buildings.geometry.area.sum()) / share
    cover, built, year = np.full((40, 40), 50), compact(), energy_year()
    summer = np.arange(151 * 24, 243 * 24)

    def cooling(warming: np.ndarray) -> Cooled:
        air = year["dry_bulb"].copy()
        air.iloc[summer] += warming[summer % 24]
        used = energy(buildings, dry_bulb=air)
        return Cooled(np.full(24, float(used.heat_rejected.sum()) / ground), float(used.cooling_demand.sum()))

    def field(heat: float) -> np.ndarray:
        found = air_of(cover, built=built, heat=heat, p=CanopyAirParams(warm_up=3), **hot_year(wind=2.0))
        return np.asarray(found.hourly_air.isel(time=slice(0, 24)).mean(("y", "x")).to_numpy())

    plain = field(0.0)
    found, again = (
        heat_loop(cooling, lambda released: field(float(released.mean())) - plain, start=HOURS) for _ in range(2)
    )
    assert found.rounds <= 6
    np.testing.assert_array_equal(found.warming, again.warming)
    assert 0.05 < found.open_warming.mean() < 2.0
    assert 0.0 < found.air_gain < 0.3 * found.open_warming.mean()
    assert 0.002 < found.demand_gain < 0.2
