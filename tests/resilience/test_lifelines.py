"""Lifelines without repairs: by hand on a small town, bands, refusals, invariants; the figure of the method."""

from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString

from citybraid.core.errors import InputError
from citybraid.core.vocabulary.place import RESIDENTS
from citybraid.core.vocabulary.resilience.lifelines import LIFELINE_HIT_CHANCE, POWER_RESERVE
from citybraid.resilience.lifelines.lifelines import LifelineFailures, LifelinesParams
from citybraid.resilience.lifelines.lifelines import lifelines as model
from citybraid.resilience.lifelines.network import NetworkParams, read_network
from tests.examples import at_most
from tests.ranges import ends
from tests.resilience.lifeline_town import COMPONENTS, components, homes, links

RUNS = 200


def failures(
    table: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame | None = None, lines: gpd.GeoDataFrame | None = None, **p: Any
) -> LifelineFailures:
    return model(
        lifelines=table, buildings=homes() if buildings is None else buildings, bed_occupancy={"": 0.8},
        p=LifelinesParams.model_validate({"runs": RUNS, **p}), lifeline_links=lines,
    )  # fmt: skip


def test_what_fails_with_a_substation_by_hand() -> None:
    """E1 is hit at 1 h: the mast falls silent at 9 h when its battery is empty; water has E2 yet, the hospital too."""
    found = failures(components({"E1": 1.0}))
    assert found.lifeline_fail_chance.to_dict() == {"E0": 0, "E1": 1, "E2": 0, "W1": 0, "T1": 1, "H1": 0}
    assert found.lifeline_fail_time.dropna().to_dict() == {"E1": 1.0, "T1": 9.0}
    assert found.spread_failures == 0.5
    assert found.people_unserved.tolist() == [300.0, 100.0], "b0 lacks power, and all have the one mast"
    assert found.system_unserved.to_dict() == {"health": 0.0, "power": 300.0, "telecom": 400.0, "water": 0.0}
    # Of 4 x 400 services 300 are lost from 1 h on, 400 more from 9 h on.
    assert found.service_course.loc[[0.0, 1.0, 8.0, 9.0]].tolist() == pytest.approx([1.0, 13 / 16, 13 / 16, 9 / 16])
    assert found.service_course_low.equals(found.service_course), "no run differs"
    assert found.beds_lost == 0.0
    assert found.hospital_load == pytest.approx(0.8)


def test_a_fed_network_fails_as_a_whole_and_the_hospital_last() -> None:
    """Without the feed all power fails at once, water after 4 h, the mast after 8 h, the hospital 12 h after water."""
    found = failures(components({"E0": 1.0}))
    assert found.lifeline_fail_time.to_dict() == {"E0": 1.0, "E1": 1.0, "E2": 1.0, "W1": 5.0, "T1": 9.0, "H1": 17.0}
    assert found.beds_lost == 400.0
    assert np.isnan(found.hospital_load), "no bed is left"
    assert failures(components({"E0": 1.0}), horizon=10.0).beds_lost == 0.0, "the horizon comes first"


def test_without_stated_beds_nothing_is_known_of_hospitals() -> None:
    found = failures(components({"E0": 1.0}).drop(columns="hospital_beds"))
    assert np.isnan(found.beds_lost)
    assert np.isnan(found.hospital_load)


def test_links_say_what_the_column_says() -> None:
    bare = components({"E1": 0.7, "E2": 0.4}, needs_from=[""] * len(COMPONENTS))
    stated = [("E0", "E1"), ("E0", "E2"), ("E1", "W1"), ("E2", "W1"), ("E1", "T1"), ("E2", "H1"), ("W1", "H1")]
    one = failures(components({"E1": 0.7, "E2": 0.4}))
    for ids in (True, False):
        other = failures(bare, lines=links(*stated, ids=ids))
        assert other.lifeline_fail_chance.equals(one.lifeline_fail_chance)


def test_bands_are_those_of_independent_chances() -> None:
    """Water fails where both substations are hit: 0.6 x 0.5; at 2000 runs the error of 0.3 is below 3 x 0.0103."""
    found = failures(components({"E1": 0.6, "E2": 0.5}), runs=2000)
    assert found.lifeline_fail_chance["W1"] == pytest.approx(0.3, abs=0.031)
    alike = failures(components({"E1": 0.6, "E2": 0.5}), runs=2000, correlation=0.95)
    assert 0.4 < alike.lifeline_fail_chance["W1"] <= 0.5 + 0.034, "they fail together"
    assert found.service_course_low.iloc[-1] < found.service_course.iloc[-1] < found.service_course_high.iloc[-1]


def test_the_seed_draws_the_same_runs_and_the_order_of_rows_does_not_matter() -> None:
    table = components(dict.fromkeys(COMPONENTS, 0.5))
    one, other = failures(table), failures(table.iloc[::-1])
    assert other.lifeline_fail_chance.sort_index().equals(one.lifeline_fail_chance.sort_index())
    assert not failures(table, seed=2).lifeline_fail_chance.equals(one.lifeline_fail_chance)


def changed(name: str, column: str, value: object) -> gpd.GeoDataFrame:
    table = components()
    table.loc[name, column] = value
    return table


def refused(table: gpd.GeoDataFrame, lines: gpd.GeoDataFrame | None = None, **p: Any) -> InputError:
    with pytest.raises(InputError) as failure:
        failures(table, lines=lines, **p)
    assert failure.value.say("zh") != failure.value.say("en")
    assert "{" not in failure.value.say("zh") + failure.value.say("en")
    return failure.value


@pytest.mark.parametrize(
    ("text", "table", "named"),
    [
        ("lifelines.unknown", changed("W1", "needs_from", "E9"), "W1 → E9"),
        ("lifelines.itself", changed("W1", "needs_from", "W1"), "W1"),
        ("lifelines.no_system", changed("T1", "lifeline_system", ""), "T1"),
        ("lifelines.no_beds", changed("H1", "hospital_beds", 0.0), "H1"),
    ],
)
def test_refuses_a_component(text: str, table: gpd.GeoDataFrame, named: str) -> None:
    failure = refused(table)
    assert failure.text == text
    assert named in failure.say("zh")
    assert named in failure.say("en")


def test_refuses_a_network_in_two_pieces() -> None:
    cut = changed("E2", "needs_from", "").assign(lifeline_source=["是", "", "", "", "", ""])
    failure = refused(cut)
    assert failure.text == "lifelines.pieces"
    assert failure.say("zh").startswith("生命线设施：电力网络不连通：1 处设施")
    assert failure.say("en").startswith("lifelines: the power network is in pieces: 1 component is not fed")
    assert "E2" in failure.say("zh")
    assert failures(components().assign(lifeline_source=["yes", "", "", "", "", ""])).beds_lost == 0.0


def test_refuses_components_of_one_id() -> None:
    """They ended in a traceback: a supplier named by an id that two have is neither."""
    twice = components()
    twice.index = ["E0", "E1", "E1", "W1", "T1", "H1"]
    failure = refused(twice)
    assert failure.text == "lifelines.twice"
    assert "E1" in failure.say("zh")
    assert failure.say("en").startswith("lifelines: 1 id stands for more than one component (E1).")


def test_refuses_a_link_that_ends_nowhere() -> None:
    loose = links(("E0", "E1"), ids=False)
    loose.geometry = [LineString([(500.0, 1000.0), (77.0, 0.0)])]
    assert refused(components(), loose).text == "lifelines.loose_link"
    assert failures(components(), lines=loose, snap=80.0).beds_lost == 0.0


def test_a_cycle_is_told_and_refused_on_request() -> None:
    table = changed("E0", "needs_from", "T1")
    network = read_network(table, None, NetworkParams())
    assert network.cycles == (("E0", "E1", "T1"),)
    assert failures(table.assign(lifeline_hit_chance=[0, 1, 0, 0, 0, 0], lifeline_hit_time=1.0)).beds_lost == 400.0
    failure = refused(table, cycles="refused")
    assert failure.text == "lifelines.cycle"
    assert "E0" in failure.say("en")


chances = st.fixed_dictionaries(dict.fromkeys(COMPONENTS, st.sampled_from([0.0, 0.3, 1.0])))


@at_most(12)
@given(chances, st.floats(0, 50), st.floats(0, 50))
def test_more_reserve_never_worsens(chance: dict[str, float], one: float, two: float) -> None:
    less, more = sorted((one, two))
    found = [failures(components(chance, power_reserve=hours), runs=40) for hours in (less, more)]
    assert (found[1].lifeline_fail_chance <= found[0].lifeline_fail_chance + 1e-12).all()
    assert (found[1].service_course >= found[0].service_course - 1e-12).all()
    assert (found[1].people_unserved <= found[0].people_unserved + 1e-9).all()


def corners() -> list[tuple[float, float, float]]:
    return list(product(ends(LIFELINE_HIT_CHANCE), ends(POWER_RESERVE), ends(RESIDENTS)))


@pytest.mark.parametrize(("chance", "reserve", "people"), corners())
def test_corners(chance: float, reserve: float, people: float) -> None:
    found = failures(components({"E0": chance}, power_reserve=reserve), homes(people, people), runs=10)
    lost = chance > 0.0 and not reserve
    assert found.people_unserved.tolist() == ([people, people] if lost else [0.0, 0.0])
    assert found.service_course.iloc[-1] == (0.0 if lost and people else 1.0)


def test_figure(figure: Callable[[str], Path]) -> None:
    found = failures(components({"E0": 0.3, "E1": 0.8, "E2": 0.4}), runs=2000)
    fig, axis = plt.subplots(figsize=(6.4, 3.6), layout="constrained")
    hours = found.service_course.index.to_numpy()
    axis.fill_between(hours, 100 * found.service_course_low, 100 * found.service_course_high, color="#56b4e9",
                      alpha=0.35, step="post", label="5th to 95th percentile")  # fmt: skip
    axis.step(hours, 100 * found.service_course, where="post", color="#0072b2", label="mean of 2000 runs")
    axis.set(xlabel="h from the start of the event", ylabel="share of all services [%]", ylim=(0, 102), xlim=(0, 30),
             title="Reserves run out: a made-up town of six components")  # fmt: skip
    axis.legend(frameon=False)
    fig.savefig(figure("resilience.lifelines"), dpi=110)
