"""Culverts of floods beside EPA SWMM 5.2: two ponds and a barrel with inlet control (dynamic wave, culvert codes)."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pytest
from matplotlib.figure import Figure
from numpy.typing import NDArray
from shapely.geometry import LineString

from citybraid.resilience.swmm.engine import Engine
from citybraid.resilience.swmm.model_text import parse
from tests.resilience.basin import CLOSED, features, run
from tests.validation.publishing import Published

TEXT = """[TITLE]
Two ponds and a culvert

[OPTIONS]
FLOW_UNITS CMS
FLOW_ROUTING DYNWAVE
INERTIAL_DAMPING PARTIAL
NORMAL_FLOW_LIMITED BOTH
START_DATE 06/01/2020
START_TIME 00:00:00
END_DATE 06/01/2020
END_TIME 02:00:00
REPORT_STEP 00:05:00
WET_STEP 00:01:00
DRY_STEP 00:10:00
ROUTING_STEP 0.5
VARIABLE_STEP 0
LENGTHENING_STEP 0

[OUTFALLS]
O1 {bed} FREE NO

[STORAGE]
S1 0 9 {upper} FUNCTIONAL 0 0 2500 0 0
S2 {bed} 9 {lower} FUNCTIONAL 0 0 2500 0 0

[CONDUITS]
C1 S1 S2 50 0.013 0 {offset} 0
C2 S2 O1 50 0.013 8.9 0 0

[XSECTIONS]
C1 {section}
C2 CIRCULAR 0.1 0 0 0 1

[LOSSES]
C1 0.5 1.0 0 NO
"""
"""Ponds of 2500 m²; the second conduit, 8.9 m up, only leads to the outfall that SWMM asks for."""
MINUTES = (5, 10, 15, 20, 30, 45, 60)
BARRELS: Mapping[str, tuple[str, Mapping[str, float], float]] = {
    "round": ("CIRCULAR 0.8 0 0 0 1 1", {"culvert_diameter": 0.8}, 0.015),
    "box": ("RECT_CLOSED 0.8 1.2 0 0 1 10", {"culvert_width": 1.2, "culvert_height": 0.8}, 0.05),
}
"""SWMM's section with its culvert code, our columns, and how far levels may differ [m]."""


class Ponds(NamedTuple):
    """Depths of both ponds [m], bed of the second, and the barrel's outlet above it [m]."""

    upper: float
    lower: float
    bed: float
    offset: float


CASES = {
    "drowned inlet, free outlet": Ponds(2.0, 0.0, -3.0, 1.0),
    "level barrel, free outlet": Ponds(1.2, 0.0, -2.0, 2.0),
    "partly full barrel": Ponds(0.5, 0.0, -1.0, 1.0),
    "outlet under water": Ponds(2.0, 1.0, 0.0, 0.0),
}


def by_swmm(ponds: Ponds, section: str) -> NDArray[np.float64]:
    """Return the levels of both ponds at each time, as SWMM routes them [m]."""
    found = []
    with Engine(parse(TEXT.format(section=section, **ponds._asdict())), seconds=60.0) as engine:
        for minutes in MINUTES:
            engine.step(60.0 * minutes)
            level = dict(zip(engine.network.nodes, engine.heads(), strict=True))
            found.append((level["S1"], level["S2"]))
    return np.array(found)


def by_us(ponds: Ponds, columns: Mapping[str, float]) -> NDArray[np.float64]:
    """Return the levels of both ponds at each time, two cells of 50 m under a high wall [m]."""
    words: dict[str, Any] = {
        "initial_depth": np.array([[ponds.upper, ponds.lower]]), "cell": 50.0, "longest_step": 1.0, **CLOSED,
        "levees": features(LineString([(50, -5), (50, 55)]), crest_height=[50.0]),
        "culverts": features(
            LineString([(25, 25), (75, 25)]), inlet_level=[0.0], outlet_level=[ponds.bed + ponds.offset],
            **_each(columns),
        ),
    }  # fmt: skip
    bed = np.array([[0.0, ponds.bed]])
    found = [run(bed, duration=60.0 * minutes, **words).final_depth.to_numpy()[0] + bed[0] for minutes in MINUTES]
    return np.array(found)


def _each(columns: Mapping[str, float]) -> Mapping[str, Sequence[float]]:
    return {name: [value] for name, value in columns.items()}


@pytest.mark.parametrize("barrel", BARRELS)
def test_flood_culvert_beside_swmm(barrel: str, published: Published) -> None:
    """Levels of two ponds joined by a culvert of 50 m, over an hour."""
    section, columns, by = BARRELS[barrel]
    picture = Figure(figsize=(6.4, 3.6), layout="constrained")
    axes = picture.subplots()
    for name, ponds in CASES.items():
        want, got = by_swmm(ponds, section), by_us(ponds, columns)
        published.at_most(f"{barrel}, {name}: levels beside SWMM's", np.abs(got - want).max(), by, unit="m")
        (drawn,) = axes.plot(MINUTES, got[:, 0], label=name)
        axes.plot(MINUTES, want[:, 0], "o", color=drawn.get_color(), ms=4)
    axes.set(xlabel="time (min)", ylabel="level of the upper pond (m)")
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False)
    where = published.figure(f"culvert-{barrel}", f"Upper pond above a {barrel} culvert: citybraid, and SWMM as dots.")
    picture.savefig(where, dpi=110)
