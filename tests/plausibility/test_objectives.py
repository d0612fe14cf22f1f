"""Measures against objectives: grass stays green whether sunk or dug out, so blue and green space gains nothing."""

import numpy as np
import pytest

from citybraid.core.vocabulary.surface import COVER
from citybraid.study.run.run import Run

pytestmark = pytest.mark.slow

BLUE_GREEN = ("trees", "shrubs", "grass", "cropland", "water", "wetland")


def test_rain_gardens_and_wetlands_are_told_not_to_add_blue_or_green(ran: Run) -> None:
    told = {(link.text, link.name) for link in ran.manifest.chain if link.objective == "blue_green"}
    assert told == {("chain.no_path", "rain_garden"), ("chain.no_effect", "detention_wetland")}


def test_the_share_of_blue_and_green_is_the_same_with_them(ran: Run) -> None:
    """Scheme B has both on half of their sites: only a wetland dug in bare ground can add to blue and green."""
    codes = [code for code, name in COVER if name in BLUE_GREEN]
    bare = next(code for code, name in COVER if name == "bare")
    plain, with_both = (
        np.asarray(ran.value(ran.layers(name)["land_cover"][""])) for name in ("as_planned", "scheme_b")
    )
    changed = np.isin(plain, codes) != np.isin(with_both, codes)
    assert (plain[changed] == bare).all()
    assert changed.mean() < 0.002


def test_no_measure_is_told_to_fail_an_objective_that_it_improves(ran: Run) -> None:
    effects = ran.table("effects")
    assert effects is not None
    whole = effects[effects["zone"] == ""].set_index(["measure", "indicator"])["change"]
    objectives = {each.id: each.indicator for each in ran.manifest.asked.objectives}
    for link in ran.manifest.chain:
        if link.text == "chain.no_effect":
            assert abs(float(whole[link.name, objectives[link.objective]])) < 1e-6
