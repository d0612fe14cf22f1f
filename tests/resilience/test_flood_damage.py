"""Damage by hand: curve, storeys, value, price; uses without a sector are refused."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np
import pytest
from shapely.geometry import box

from citybraid.core.errors import InputError
from citybraid.core.factor import resolve
from citybraid.resilience.damage.flood_damage import FloodDamage, FloodDamageParams, flood_damage

PLAIN: dict[str, Any] = {
    "flood_damage_share": {"homes/0": 0.0, "homes/1": 0.5, "homes/3": 1.0, "shops/0": 0.0, "shops/1": 1.0},
    "flood_damage_sector": {"residential/homes": 1.0, "mixed/homes": 0.75, "mixed/shops": 0.25},
    "flood_damage_value": {"homes": 100.0, "shops": 400.0},
    "flood_damage_price": {"currency": 10.0, "price_level": 1.5},
    "flood_contents_share": {"homes": 0.25, "shops": 0.5},
    "flood_warning": {"lead_time": 1.0, "contents_saving": 0.2},
    "ground_floor_height": {"any": 0.0},
}
RAISED = PLAIN | {"ground_floor_height": {"any": 0.6}}
NAMES = ("damage_share", "damage_sector", "damage_value", "damage_price", "contents_share", "warning")


def losses(
    depth: float, *, use: str, floors: float, p: FloodDamageParams, factors: dict[str, Any],
    warning: float | None = None, **columns: float,
) -> FloodDamage:  # fmt: skip
    told = {"building_depth": [depth], "building_use": [use], "floors": [floors]}
    buildings = gpd.GeoDataFrame(
        {**told, **{name: [value] for name, value in columns.items()}},
        geometry=[box(0, 0, 4, 5)],
        index=["b"],
        crs="EPSG:32651",
    )
    return flood_damage(buildings=buildings, **factors, p=p, warning_time=warning)


def damage(depth: float, *, use: str, floors: float, p: FloodDamageParams, factors: dict[str, Any]) -> float:
    return float(losses(depth, use=use, floors=floors, p=p, factors=factors).building_damage.iloc[0])


def homes(depth: float, *, factors: dict[str, Any] | None = None, **words: float) -> float:
    told = losses(depth, use="residential", floors=1, p=FloodDamageParams(), factors=factors or PLAIN, **words)
    return float(told.building_damage.iloc[0]) / (20 * 10 * 1.5)


@pytest.mark.parametrize(
    ("depth", "use", "floors", "expected"),
    [
        (0.0, "residential", 1, 0.0),
        (0.5, "residential", 1, 0.25 * 100),
        (2.0, "residential", 1, 0.75 * 100),
        (9.0, "residential", 1, 1.0 * 100),
        (3.5, "residential", 2, (1.0 + 0.25) * 100),
        (3.5, "residential", 1.2, (1.0 + 0.25) * 100),
        (0.5, "mixed", 3, 0.75 * 0.25 * 100 + 0.25 * 0.5 * 400),
    ],
)
def test_by_hand(depth: float, use: str, floors: float, expected: float) -> None:
    found = damage(depth, use=use, floors=floors, p=FloodDamageParams(), factors=PLAIN)
    assert found == pytest.approx(expected * 20 * 10 * 1.5)


def test_raised_ground_floor() -> None:
    assert homes(0.6, factors=RAISED) == 0.0
    assert homes(1.1, factors=RAISED) == pytest.approx(0.25 * 100)


def test_floor_height_of_a_building_wins_over_the_factor() -> None:
    assert homes(1.1, factors=RAISED, floor_height=0.1) == pytest.approx(0.5 * 100)
    assert homes(1.1, factors=RAISED, floor_height=float("nan")) == pytest.approx(0.25 * 100)


def test_dry_ground_costs_nothing_whatever_the_floor() -> None:
    assert homes(0.0, floor_height=-1.0) == 0.0
    assert homes(0.0, factors=PLAIN | {"ground_floor_height": {"any": -2.0}}) == 0.0
    assert homes(0.5, floor_height=-1.0) == pytest.approx(0.625 * 100)


def test_a_dry_house_costs_nothing_whatever_its_neighbour_and_curve() -> None:
    curve = PLAIN | {"flood_damage_share": {"homes/0": 0.3, "homes/1": 0.5}}
    table = gpd.GeoDataFrame(
        {"building_depth": [0.0, 1.0, 3.0], "building_use": "residential", "floors": 2.0},
        geometry=[box(0, 0, 4, 5)] * 3,
        index=["dry", "wet", "ceiling"],
        crs="EPSG:32651",
    )
    found = flood_damage(buildings=table, **curve, p=FloodDamageParams()).building_damage / (20 * 10 * 1.5)
    assert found.to_dict() == pytest.approx({"dry": 0.0, "wet": 50.0, "ceiling": 50.0})


def test_barriers_hold_until_they_are_overtopped() -> None:
    assert homes(0.8, protection_height=0.8) == 0.0
    assert homes(0.81, protection_height=0.8) == pytest.approx(homes(0.81))
    assert homes(0.5, protection_height=float("nan")) == pytest.approx(homes(0.5))
    assert homes(0.8, protection_height=0.8, floor_height=-1.0) == 0.0


def test_parts_add_up_and_a_warning_saves_contents_only() -> None:
    plain, late, warned = (
        losses(1.0, use="residential", floors=1, p=FloodDamageParams(), factors=PLAIN, warning=hours)
        for hours in (None, 0.5, 1.0)
    )
    for found in (plain, warned):
        parts = found.structure_damage.iloc[0] + found.contents_damage.iloc[0]
        assert found.building_damage.iloc[0] == pytest.approx(parts)
    assert plain.contents_damage.iloc[0] == pytest.approx(0.25 * plain.building_damage.iloc[0])
    assert late.building_damage.iloc[0] == plain.building_damage.iloc[0]
    assert warned.structure_damage.iloc[0] == plain.structure_damage.iloc[0]
    assert warned.contents_damage.iloc[0] == pytest.approx(0.8 * plain.contents_damage.iloc[0])
    half = FloodDamageParams(prepared_share=0.5)
    partly = losses(1.0, use="residential", floors=1, p=half, factors=PLAIN, warning=2.0)
    assert partly.contents_damage.iloc[0] == pytest.approx(0.9 * plain.contents_damage.iloc[0])


def test_unknown_use_is_refused() -> None:
    with pytest.raises(InputError, match="lighthouse"):
        damage(1.0, use="lighthouse", floors=1, p=FloodDamageParams(), factors=PLAIN)


def shipped(region: str = "CN") -> dict[str, Any]:
    factors = {f"flood_{name}": resolve(f"flood_{name}", region=region) for name in NAMES}
    return factors | {"ground_floor_height": resolve("ground_floor_height", region=region)}


def test_every_use_has_its_sectors_and_they_add_up() -> None:
    uses = (
        "residential",
        "office",
        "retail",
        "hotel",
        "school",
        "hospital",
        "industrial",
        "transport",
        "public",
        "other",
    )
    shares = shipped()["flood_damage_sector"]
    for use in uses:
        assert sum(share for key, share in shares.items() if key.startswith(f"{use}/")) == 1.0
        assert damage(1.0, use=use, floors=1, p=FloodDamageParams(), factors=shipped()) > 0.0


def test_figure(figure: Callable[[str], Path]) -> None:
    depth = np.linspace(0, 7, 141)
    axes = plt.figure(figsize=(6.4, 4.2)).subplots()
    for use, colour in (("residential", "#c0665a"), ("office", "#3f6fb5"), ("industrial", "#7a5195")):
        for floors, style in ((1, "--"), (6, "-")):
            values = [damage(d, use=use, floors=floors, p=FloodDamageParams(), factors=shipped()) / 20 for d in depth]
            axes.plot(depth, values, style, color=colour, label=f"{use}, {floors} storey{'s' * (floors > 1)}")
            assert (np.diff(values) >= 0).all()
    axes.set(xlabel="depth [m]", ylabel="damage [CNY of 2024 per m² of footprint]", title="Damage by depth, China")
    axes.legend(fontsize=8)
    axes.grid(alpha=0.3)
    plt.savefig(figure("resilience.flood_damage"), dpi=110, bbox_inches="tight")
    plt.close("all")
