"""Raised parts of lifelines on the small plan: lower ones rise, higher ones stay; the figure."""

from collections.abc import Callable
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.resilience.lifelines import COMPONENT_HEIGHT
from citybraid.integrate.measures.lifelines.raised_components import RaisedComponentsParams, raised_components
from tests.examples import at_most
from tests.integrate.plan import LIFELINES, ends, run


def test_parts_are_raised_and_higher_ones_stay() -> None:
    found = run(raised_components, RaisedComponentsParams(height=0.8))
    assert found.component_height.to_dict() == {"clinic": 0.8, "pump": 0.9, "kiosk": 0.8, "works": 0.8}
    assert found.raised_components.to_dict() == {"west": 1.0, "east": 2.0}, "the kiosk stood at its system's 0.6 m"


@at_most(15)
@given(st.floats(0, 1), st.floats(0, 1), st.floats(0.1, 3))
def test_more_share_never_lowers_a_part(one: float, two: float, height: float) -> None:
    less, more = (
        run(raised_components, RaisedComponentsParams(share=share, height=height)) for share in sorted((one, two))
    )
    assert (more.raised_components >= less.raised_components).all()
    assert (more.component_height.fillna(0) >= less.component_height.fillna(0)).all()
    assert (less.component_height.fillna(0) >= LIFELINES["component_height"].fillna(0)).all()


def corners() -> list[float]:
    return [*ends(COMPONENT_HEIGHT), float("nan")]


@pytest.mark.parametrize("height", corners())
def test_corners(height: float) -> None:
    table = LIFELINES[["geometry", "lifeline_system"]].assign(component_height=height)
    found = run(raised_components, lifelines=table)
    assert found.component_height["clinic"] == max(1.5, np.nan_to_num(height))


def test_figure(figure: Callable[[str], Path]) -> None:
    heights = np.linspace(0.2, 2.5, 24)
    raised = [
        run(raised_components, RaisedComponentsParams(height=float(each))).component_height.fillna(0.6)
        for each in heights
    ]
    fig, axis = plt.subplots(figsize=(6.0, 3.4), layout="constrained")
    for name, colour in zip(LIFELINES.index, ("#d55e00", "#0072b2", "#009e73", "#cc79a7"), strict=True):
        axis.plot(heights, [each[name] for each in raised], color=colour, label=str(name))
    axis.set(xlabel="height asked for [m]", ylabel="parts above the ground [m]", xlim=(0.2, 2.5), ylim=(0, 2.6))
    axis.legend(frameon=False)
    fig.savefig(figure("integrate.measures.raised_components"), dpi=110)
