"""Light on planes and modules under it by public names: geometry by hand, and what is refused."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import citybraid as cb
from citybraid.core.errors import PlanError

NONE, ALL = np.zeros(8760), np.full(8760, 100.0)
PLACE: dict[str, Any] = {"latitude": 31.2, "longitude": 121.5, "time_zone": 8.0}
NOON = np.arange(365) * 24 + 12
GLASS = cb.Glazing(0.834, 0.075, 2, 2.7, 7.7, 25.0)


def test_diffuse_light_by_hand() -> None:
    """Without beam, upward planes get the sky, downward ones the ground; parts add up; noon is steep in summer."""
    up = cb.plane_light(NONE, ALL, tilt=0.0, azimuth=0.0, **PLACE)
    assert up["total"][NOON].to_numpy() == pytest.approx(100.0)
    down = cb.plane_light(NONE, ALL, tilt=180.0, azimuth=0.0, albedo=0.3, **PLACE)
    assert down["total"].to_numpy() == pytest.approx(30.0)
    south = cb.plane_light(ALL, ALL, tilt=90.0, azimuth=180.0, glazing=GLASS, **PLACE)
    assert south["total"].to_numpy() == pytest.approx(south[["beam", "sky", "ground"]].sum(axis=1).to_numpy())
    noon = 171 * 24 + 11
    assert south["incidence"][noon] > 75.0
    assert (south["passed"] + south["absorbed"] <= south["total"] + 1e-9).all()
    assert south["passed"][noon] < 0.6 * south["total"][noon]


def test_a_module_by_hand() -> None:
    """100 W/m2 of even light, no wind, 25 degC: King's rise, PVWatts' losses and inverter at part load."""
    light = cb.plane_light(NONE, ALL, tilt=0.0, azimuth=0.0, **PLACE)
    found = cb.module_course(light, air=np.full(8760, 25.0), wind=NONE, power=5.0, loss=0.1, temperature_factor=-0.004)
    cell = 25.0 + 100.0 * np.exp(-3.56) + 0.1 * 3.0
    direct = 0.1 * (1.0 - 0.004 * (cell - 25.0)) * 0.9
    load = direct * 1.2 * 0.96
    part = 0.96 / 0.9637 * (-0.0162 * load - 0.0059 / load + 0.9858)
    assert found["cell"][NOON].to_numpy() == pytest.approx(cell)
    assert found["direct"][NOON].to_numpy() == pytest.approx(5.0 * direct)
    assert found["alternating"][NOON].to_numpy() == pytest.approx(5.0 * direct * part)


def test_what_is_none_is_refused() -> None:
    light = cb.plane_light(NONE, ALL, tilt=0.0, azimuth=0.0, **PLACE)
    given: tuple[Callable[[], object], ...] = (
        lambda: cb.plane_light(NONE[:8], ALL, tilt=0.0, azimuth=0.0, **PLACE),
        lambda: cb.plane_light(NONE, -ALL, tilt=0.0, azimuth=0.0, **PLACE),
        lambda: cb.plane_light(NONE, ALL * np.nan, tilt=0.0, azimuth=0.0, **PLACE),
        lambda: cb.plane_light(NONE, ALL, tilt=200.0, azimuth=0.0, **PLACE),
        lambda: cb.plane_light(NONE, ALL, tilt=0.0, azimuth=0.0, glazing=GLASS._replace(u=0.0), **PLACE),
        lambda: cb.module_course(ALL, air=ALL, wind=NONE),  # type: ignore[arg-type]
        lambda: cb.module_course(light, air=ALL[:5], wind=NONE), lambda: cb.module_course(light, air=ALL, wind=-ALL),
        lambda: cb.module_course(light, air=NONE, wind=NONE, loss=2.0),
    )  # fmt: skip
    for give in given:
        with pytest.raises(PlanError) as caught:
            give()
        assert all(caught.value.say(language) for language in ("en", "zh"))
