"""Timber and low-carbon concrete: where they go, and what the embodied carbon becomes, by pencil."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np
import pytest

from citybraid.core.errors import InputError
from citybraid.integrate.measures.structure.low_carbon_concrete import LowCarbonConcreteParams, low_carbon_concrete
from citybraid.integrate.measures.structure.timber_structure import TimberStructureParams, timber_structure
from citybraid.lowcarbon.embodied.embodied_carbon import EmbodiedCarbon, embodied_carbon
from tests.blocks import materials
from tests.integrate.plan import BUILDINGS, arguments, run

NEW = BUILDINGS.assign(
    year_built=[2030.0, 2030.0, 1988.0, 2030.0, 2030.0], structure_system="as_built", concrete_mix="as_built"
)
"""Of the plan: slab (6 storeys), villa (3), tower (16, offices) and hall (on protected land); the shop stands."""
FRAME = (40.0, 0.34)
"""Steel [kg] and concrete [m3] of a square metre of a frame."""


def timber(plan: gpd.GeoDataFrame = NEW, **params: Any) -> Any:
    view = plan[list(arguments(timber_structure)["buildings"].columns)]
    return run(timber_structure, TimberStructureParams.model_validate(params), buildings=view)


def concrete(plan: gpd.GeoDataFrame = NEW, **params: Any) -> Any:
    view = plan[list(arguments(low_carbon_concrete)["buildings"].columns)]
    return run(low_carbon_concrete, LowCarbonConcreteParams.model_validate(params), buildings=view)


def embodied(plan: gpd.GeoDataFrame) -> EmbodiedCarbon:
    return embodied_carbon(buildings=plan, materials=materials())


def test_new_buildings_up_to_the_limit_take_timber() -> None:
    found = timber()
    assert found.structure_system.to_dict() == {
        "slab": "timber", "villa": "timber", "shop": "as_built", "tower": "timber", "hall": "as_built"
    }  # fmt: skip
    assert found.timber_area.sum() == pytest.approx(NEW.loc[["slab", "villa", "tower"], "floor_area"].sum())
    tall = timber(NEW.assign(floors=[6.0, 3.0, 1.0, 19.0, 2.0]))
    assert tall.structure_system["tower"] == "as_built"


def test_the_lowest_buildings_first_and_only_new_ones_in_the_units() -> None:
    half = timber(share=0.2, where=["west"])
    assert half.structure_system[["slab", "villa"]].to_list() == ["as_built", "timber"]
    assert timber(built_from=2031).timber_area.sum() == 0.0
    assert timber(where=["west"]).timber_area["east"] == 0.0


def test_a_stated_structure_or_concrete_is_left_alone() -> None:
    assert (timber(NEW.assign(structure_system="frame")).structure_system == "frame").all()
    assert (concrete(NEW.assign(concrete_mix="mine")).concrete_mix == "mine").all()


def test_timber_by_pencil() -> None:
    """The slab, 2 160 m2: 40 kg of steel and 0.34 m3 of concrete become 20.6 kg, 0.175 m3 and 0.148 m3 of timber."""
    before = embodied(NEW)
    after = embodied(NEW.assign(structure_system=timber().structure_system))
    windows = 0.22 * 254
    frame = 40 * 2.34 + 0.34 * 295 + windows
    wood = 20.6 * 2.34 + 0.175 * 295 + 0.148 * 225 + windows
    assert before.embodied_carbon["slab"] == pytest.approx(2160 * frame * 1.0608)
    assert after.embodied_carbon["slab"] == pytest.approx(2160 * wood * 1.0608)
    assert after.rebuild_embodied["slab"] == pytest.approx(after.embodied_carbon["slab"])
    assert after.embodied_carbon["shop"] == before.embodied_carbon["shop"]


def test_carbon_stored_in_wood_stands_apart() -> None:
    after = embodied(NEW.assign(structure_system=timber().structure_system))
    assert after.biogenic_storage["slab"] == pytest.approx(2160 * 0.148 * 850)
    assert after.biogenic_storage[["shop", "hall"]].to_list() == [0.0, 0.0]
    assert embodied(NEW).biogenic_storage.sum() == 0.0
    richer = materials()
    doubled = richer._replace(wood_storage={"": 2 * 850.0})
    other = embodied_carbon(buildings=NEW.assign(structure_system=timber().structure_system), materials=doubled)
    assert other.embodied_carbon.to_list() == after.embodied_carbon.to_list()
    assert other.embodied_yearly.to_list() == after.embodied_yearly.to_list()


def test_low_carbon_concrete_by_pencil() -> None:
    """The slab: 0.34 m3 of concrete at 187 instead of 295 kg a cubic metre."""
    before, after = embodied(NEW), embodied(NEW.assign(concrete_mix=concrete().concrete_mix))
    saved = before.embodied_carbon["slab"] - after.embodied_carbon["slab"]
    assert saved == pytest.approx(2160 * 0.34 * (295 - 187) * 1.0608)
    assert materials().material_emission_factor["concrete/low_carbon"] == pytest.approx(295 * 214 / 338, abs=0.5)


def test_both_together_are_timber_with_that_concrete() -> None:
    both = NEW.assign(structure_system=timber().structure_system, concrete_mix=concrete().concrete_mix)
    wood = 20.6 * 2.34 + 0.175 * 187 + 0.148 * 225 + 0.22 * 254
    assert embodied(both).embodied_carbon["slab"] == pytest.approx(2160 * wood * 1.0608)


def test_the_stored_carbon_of_a_real_building() -> None:
    """Brock Commons states 1 753 t of CO2 in its wood: the rows give it within a tenth."""
    tables = materials()
    stored = 15_115 * tables.material_intensity["timber/timber"] * tables.wood_storage[""] / 1000
    assert stored == pytest.approx(1753, rel=0.1)


@pytest.mark.parametrize(("column", "key"), [("structure_system", "straw/steel"), ("concrete_mix", "concrete/magic")])
def test_a_structure_or_concrete_without_rows_is_told(column: str, key: str) -> None:
    with pytest.raises(InputError, match=key):
        embodied(NEW.assign(**{column: key.split("/")[column == "concrete_mix"]}))


def bars(axis: Any, plans: dict[str, gpd.GeoDataFrame]) -> None:
    names = ["slab", "villa", "tower"]
    for at, (label, plan) in enumerate(plans.items()):
        found = embodied(plan)
        per_area = found.embodied_carbon[names] / plan.loc[names, "floor_area"]
        axis.bar(np.arange(3) + 0.4 * at - 0.2, per_area, 0.38, label=label)
    axis.set_xticks(np.arange(3), [f"{name}, {NEW.loc[name, 'floors']:.0f} storeys" for name in names])
    axis.set_ylabel("kg CO₂e per m², A1 to A5")
    axis.legend(frameon=False, fontsize=8)


def test_figure_of_timber(figure: Callable[[str], Path]) -> None:
    fig, (left, right) = plt.subplots(1, 2, figsize=(9.0, 3.4), layout="constrained")
    built = NEW.assign(structure_system=timber().structure_system)
    bars(left, {"as built": NEW, "timber": built})
    names = ["slab", "villa", "tower"]
    stored = embodied(built).biogenic_storage[names] / built.loc[names, "floor_area"]
    right.bar(names, stored, color="#8c6d4f")
    right.set_ylabel("kg CO₂ per m² stored in wood (memo)")
    fig.savefig(figure("integrate.measures.timber_structure"), dpi=130)
    plt.close(fig)


def test_figure_of_concrete(figure: Callable[[str], Path]) -> None:
    fig, axis = plt.subplots(figsize=(6.0, 3.4), layout="constrained")
    bars(axis, {"ordinary concrete": NEW, "low-carbon concrete": NEW.assign(concrete_mix=concrete().concrete_mix)})
    fig.savefig(figure("integrate.measures.low_carbon_concrete"), dpi=130)
    plt.close(fig)
