from collections.abc import Callable
from pathlib import Path

import matplotlib.pyplot as plt
import pytest

from citybraid.core.factor import resolve
from citybraid.lowcarbon.transport import DAYS, transport
from tests.energy_year import row_of_buildings

FACTORS = ("trip_rate", "mode_share", "trip_distance", "travel_emission_factor")
BUILDINGS = row_of_buildings(("residential", "office", "residential")).assign(residents=[100.0, 0.0, 50.0])


def test_residents_times_travel() -> None:
    found = transport(
        buildings=BUILDINGS, trip_rate={"": 2.0}, mode_share={"car": 0.5, "walk": 0.5},
        trip_distance={"car": 10.0, "walk": 1.0}, travel_emission_factor={"car": 0.1, "walk": 0.0},
    ).transport_emissions  # fmt: skip
    assert found.to_numpy() == pytest.approx([100 * 2 * DAYS * 0.5, 0.0, 50 * 2 * DAYS * 0.5])


def test_shares_are_brought_to_one() -> None:
    travel = {"trip_rate": {"": 2.0}, "trip_distance": {"car": 10.0}, "travel_emission_factor": {"car": 0.1}}
    one, two = (
        transport(buildings=BUILDINGS, mode_share={"car": share}, **travel).transport_emissions for share in (1.0, 0.4)
    )
    assert one.to_numpy() == pytest.approx(two.to_numpy())


def test_shipped_factors_are_whole() -> None:
    share, distance, factor = (resolve(name) for name in FACTORS[1:])
    assert sum(share.values()) == pytest.approx(1.0)
    assert set(share) == set(distance) == set(factor)
    found = transport(buildings=BUILDINGS, **{name: resolve(name) for name in FACTORS}).transport_emissions
    assert 100 < found["b0"] / 100 < 1000, "kg a year and person"


def test_figure(figure: Callable[[str], Path]) -> None:
    rate, share, distance, factor = (resolve(name) for name in FACTORS)
    modes = sorted(share, key=lambda mode: share[mode] * distance[mode] * factor[mode])
    fig, axis = plt.subplots(figsize=(6.5, 3.6), layout="constrained")
    yearly = [rate[""] * DAYS * share[mode] * distance[mode] * factor[mode] for mode in modes]
    axis.barh([mode.replace("_", " ") for mode in modes], yearly, color="#7f7f7f")
    for at, mode in enumerate(modes):
        axis.text(yearly[at], at, f"  {share[mode]:.0%} of trips, {distance[mode]:g} km", va="center", fontsize=8)
    axis.set_xlim(0, max(yearly) * 1.35)
    axis.set_xlabel("kg CO₂ per resident and year")
    axis.set_title("Daily travel by mode, shipped factors (recalled, unverified)", fontsize=10)
    fig.savefig(figure("lowcarbon.transport"), dpi=130)
    plt.close(fig)
