"""Cool roofs: where they go, what they leave free, and what they save and cost over a year."""

from collections.abc import Callable
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from citybraid.core.errors import InputError
from citybraid.core.factor import resolve, shipped
from citybraid.core.model import STAGES
from citybraid.integrate.measures.cool_roof import CoolRoofParams, cool_roof
from citybraid.integrate.measures.green_roof import green_roof
from citybraid.integrate.measures.rooftop_pv import rooftop_pv
from citybraid.lowcarbon.envelope import envelopes, roof_absorptance, shapes
from tests.energy_year import THREE_A, energy, energy_year, row_of_buildings
from tests.integrate.plan import BUILDINGS, run

USES = ("residential", "office", "retail")
FLAT = row_of_buildings(USES, floors=2.0)


def test_every_roof_but_that_of_the_temple_is_covered_by_its_share() -> None:
    found = run(cool_roof)
    area = BUILDINGS.geometry.area
    assert found.cool_roof.to_dict() == {"slab": 0.8, "villa": 0.8, "shop": 0.8, "tower": 0.8, "hall": 0.0}
    assert found.cool_roof_area.sum() == pytest.approx(0.8 * (area.sum() - area["hall"]))


def test_modules_and_planted_roofs_come_first() -> None:
    """Of a roof of which 0.3 is modules and 0.3 green, 0.4 is left to be coated; a coat takes no room from them."""
    stages = [STAGES.index(each.stage or "plan") for each in (green_roof, rooftop_pv, cool_roof)]
    assert stages == sorted(stages)
    left = BUILDINGS[["geometry", "building_use"]].assign(free_roof=0.4, cool_roof=0.0)
    assert run(cool_roof, buildings=left).cool_roof.max() == pytest.approx(0.4)
    assert "free_roof" not in cool_roof.makes


def test_an_unknown_unit_is_told() -> None:
    with pytest.raises(InputError):
        run(cool_roof, CoolRoofParams(where=("nowhere",)))


def test_the_sun_that_a_roof_absorbs_is_that_of_both_parts() -> None:
    physics = resolve("building_physics")
    cool = pd.DataFrame({"cool_roof": [0.0, 0.5, 1.0]})
    assert roof_absorptance(cool, physics).tolist() == pytest.approx([0.6, 0.535, 0.47])
    assert roof_absorptance(cool.drop(columns="cool_roof"), physics).tolist() == [0.6] * 3


def test_a_cool_roof_saves_cooling_and_costs_heating() -> None:
    """By hand: the sun that is no longer absorbed, times U / h, is all that can be saved or must be heated."""
    plain, cool = energy(FLAT), energy(FLAT.assign(cool_roof=1.0))
    saved, cost = plain.cooling_demand - cool.cooling_demand, cool.heating_demand - plain.heating_demand
    assert (saved > 0.0).all()
    assert (cost > 0.0).all()
    physics = resolve("building_physics")
    skin = envelopes(
        FLAT, zone="3A", since=resolve("standard_since", region="CN"), envelope=resolve("envelope", region="CN")
    )
    sun = float(energy_year()["global_horizontal"].sum()) / 1000.0
    through = 0.13 * sun * skin.roof * shapes(FLAT).footprint / physics["outside"]
    assert ((saved + cost) < through).all()
    part = ((saved + cost) / through).to_numpy()
    assert (part[1:] > 0.3).all(), "offices and shops are conditioned in most of the hours of sun"
    assert 0.05 < part[0] < part[1:].min(), "homes are in few of their rooms and hours"
    assert ((cost / saved)[1:] < 0.5).all(), "in such a climate the summer counts for more"


def test_without_a_winter_there_is_no_penalty() -> None:
    warm = energy_year(warmer=14.0)
    plain, cool = (energy(each, **warm) for each in (FLAT, FLAT.assign(cool_roof=1.0)))
    assert plain.heating_demand.sum() == cool.heating_demand.sum() == 0.0
    assert (cool.cooling_demand < plain.cooling_demand).all()


def test_no_share_of_cool_roof_changes_nothing() -> None:
    plain, none = energy(FLAT), energy(FLAT.assign(cool_roof=0.0))
    np.testing.assert_array_equal(plain.electricity, none.electricity)


def test_the_price_is_that_of_its_source() -> None:
    """0.67 USD per m2 and year of service over 4.7 years, at the mean rate of 2023."""
    book = shipped()
    cost = book.resolve("measure_cost", region="CN-ZJ", year=2025)["cool_roof"]
    life = book.resolve("measure_lifetime", region="CN-ZJ", year=2025)["cool_roof"]
    assert cost == pytest.approx(0.67 * 7.05 * life, abs=0.05)


def test_cool_roof_figure(figure: Callable[[str], Path]) -> None:
    shares = np.linspace(0.0, 1.0, 6)
    results = [energy(FLAT.assign(cool_roof=share), p=THREE_A) for share in shares]
    _, axes = plt.subplots(1, 3, figsize=(10.5, 3.4), layout="constrained", sharey=True)
    area = FLAT["floor_area"].to_numpy()
    for at, (axis, use) in enumerate(zip(axes, USES, strict=True)):
        for name, colour in (("cooling_demand", "#3b76af"), ("heating_demand", "#c8553d")):
            values = [float(getattr(each, name).iloc[at]) / area[at] for each in results]
            axis.plot(shares, np.array(values) - values[0], color=colour, marker="o", label=name.replace("_", " "))
        axis.axhline(0.0, color="0.6", linewidth=0.8)
        axis.set_title(f"{use}, two storeys of 2008", fontsize=10)
        axis.set_xlabel("reflective share of roof [-]")
    axes[0].set_ylabel("change of demand [kWh m$^{-2}$ year$^{-1}$]")
    axes[0].legend(frameon=False, fontsize=8)
    assert axes[0].lines[0].get_ydata()[-1] < 0.0 < axes[0].lines[1].get_ydata()[-1]
    plt.savefig(figure("integrate.measures.cool_roof"), dpi=110)
