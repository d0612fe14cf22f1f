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
from citybraid.resilience.flood_damage import FloodDamageParams, flood_damage

PLAIN: dict[str, Any] = {
    "flood_damage_share": {"homes/0": 0.0, "homes/1": 0.5, "homes/3": 1.0, "shops/0": 0.0, "shops/1": 1.0},
    "flood_damage_sector": {"residential/homes": 1.0, "mixed/homes": 0.75, "mixed/shops": 0.25},
    "flood_damage_value": {"homes": 100.0, "shops": 400.0},
    "flood_damage_price": {"currency": 10.0, "price_level": 1.5},
}


def damage(depth: float, *, use: str, floors: float, p: FloodDamageParams, factors: dict[str, Any]) -> float:
    buildings = gpd.GeoDataFrame(
        {"building_depth": [depth], "building_use": [use], "floors": [floors]},
        geometry=[box(0, 0, 4, 5)],
        index=["b"],
        crs="EPSG:32651",
    )
    return float(flood_damage(buildings=buildings, **factors, p=p).building_damage.iloc[0])


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
    p = FloodDamageParams(floor_level=0.6)
    assert damage(0.6, use="residential", floors=1, p=p, factors=PLAIN) == 0.0
    assert damage(1.1, use="residential", floors=1, p=p, factors=PLAIN) == pytest.approx(0.25 * 100 * 300)


def test_unknown_use_is_refused() -> None:
    with pytest.raises(InputError, match="lighthouse"):
        damage(1.0, use="lighthouse", floors=1, p=FloodDamageParams(), factors=PLAIN)


def shipped(region: str = "CN") -> dict[str, Any]:
    return {
        f"flood_damage_{name}": resolve(f"flood_damage_{name}", region=region)
        for name in ("share", "sector", "value", "price")
    }


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
