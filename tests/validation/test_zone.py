"""The zone model against VDI 6007-1."""

import json
from pathlib import Path

import numpy as np
import pytest

from citybraid.kernels.buildings.zone import RESIDUAL, SUPPLIED
from citybraid.kernels.buildings.zone_network import Elements, Films, reduce_network
from tests.validation.publishing import Published
from tests.validation.vdi_6007 import GIVEN, PRINTED, simulated
from tests.zone_case import exposure, one, operation, plant, run, weather

VDI = "validation/energy_vdi6007/cases.json"
DAYS_OF_VDI = 60


@pytest.mark.case(VDI)
@pytest.mark.parametrize("case", ["1", "2", "3", "4"])
def test_vdi_6007(cases: Path, case: str, published: Published) -> None:
    """Gains to air or surfaces of a light and a heavy room: 60 days within 0.15 K."""
    given = json.loads((cases / VDI).read_text(encoding="utf-8"))[case]
    p = given["params"]
    outdoors = p["RExtRem"] + 1 / (25 * 10.5)
    net = reduce_network(
        Elements(
            one(p["AExt"][0]), one(p["AInt"]), one(0.0), one(p["RExt"][0]), one(outdoors), one(p["RInt"][0]), one(1.0),
            one(p["CExt"][0]), one(p["CInt"][0]),
        ),
        Films(p["hConExt"], p["hConInt"], p["hConWin"], p["hRad"]),
    )  # fmt: skip
    hours = 24 * DAYS_OF_VDI
    hour = np.arange(hours) % 24
    gain = np.where((hour >= 6) & (hour < 18), 1000.0, 0.0)
    how = operation(hours, low=-1000.0, high=1000.0)
    share = (1.0, 0.0) if case in {"1", "3"} else (0.0, 1.0)
    how = how._replace(
        convective=share[0] * gain[None], radiative=share[1] * gain[None], ventilation=np.zeros((1, hours))
    )
    none = np.zeros((1, 2))
    closed = exposure(
        wall_solar=none, window_through=none, window_absorbed=none, wall_sky=one(0.0), window_sky=one(0.0)
    )
    year, trace = run(net, closed, weather(hours, air=22.0), how, plant(area=1.0))
    assert year[RESIDUAL] < 1e-9 * year[SUPPLIED]
    found = trace[:, 0]
    reference = np.array(given["tables"]["reference"])[1:]
    error = found[(reference[:, 0] / 3600).astype(int) - 1] - reference[:, 1]
    published.at_most(f"Case {case}: largest error of air temperature", abs(error).max(), 0.15, unit="K")


@pytest.mark.parametrize(("case", "row", "sign", "limit", "unit"), [
    ("5", 0, 1.0, 0.15, "K"), ("6", 1, -1.0, 1.5, "W"), ("7", 1, 1.0, 1.5, "W"), ("8", 0, 1.0, 0.15, "K"),
    ("9", 0, 1.0, 0.15, "K"), ("10", 0, 1.0, 0.15, "K"), ("12", 0, 1.0, 0.15, "K"),
])  # fmt: skip
def test_vdi_6007_driven(case: str, row: int, sign: float, limit: float, unit: str, published: Published) -> None:
    """Sun, blinds, set points, limited plant, two walls, the sky, a room below, fresh air: within what VDI 6007-1 asks.

    Case 11 cools by a ceiling: its printed hours are not at hand, `tests/kernels/test_zone_panel.py` solves it densely.
    """
    error = sign * simulated(GIVEN[case])[row] - PRINTED[f"case_{case}"].to_numpy()
    what = "air temperature" if unit == "K" else "heat load"
    published.at_most(f"Case {case}: largest error of {what}", abs(error).max(), limit, unit=unit)
