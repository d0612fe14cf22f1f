"""Assignment of given files: forms of published networks solved by hand, invariants, what is refused, the figure."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import citybraid as cb
from citybraid.core.errors import InputError
from citybraid.lowcarbon.travel.traffic_assignment import TrafficAssignment, TrafficAssignmentParams, traffic_assignment
from tests.commands import citybraid
from tests.examples import at_most

HEAD = (
    "<NUMBER OF ZONES> {zones}\t\n<NUMBER OF NODES> {nodes}\n<FIRST THRU NODE> {through}\n<NUMBER OF LINKS> {links}\n"
)
TITLE = (
    "<ORIGINAL HEADER>~ \tInit node \tTerm node \tCapacity ;\n<END OF METADATA>\t\t\n\n\n"
    "~\tinit_node\tterm_node\tcapacity\tlength\tfree_flow_time\tb\tpower\tspeed\ttoll\tlink_type\t;\n"
)
TRIPS = (
    "<NUMBER OF ZONES> {zones}\n<TOTAL OD FLOW> {trips}\n<END OF METADATA>\n\n\n"
    "Origin \t1 \n    1 :      0.0;    2 : {trips};  \n"
)


def net(*rows: str, zones: int = 2, nodes: int = 4, through: int = 1, more: str = "") -> str:
    head = HEAD.format(zones=zones, nodes=nodes, through=through, links=len(rows))
    return head + more + TITLE + "".join(f"\t{row.replace(' ', chr(9))}\t;\n" for row in rows)


def trips(amount: float, zones: int = 2) -> str:
    return TRIPS.format(zones=zones, trips=amount)


def assigned(network: str, table: str, **words: Any) -> TrafficAssignment:
    p = TrafficAssignmentParams.model_validate({"gap": 1e-9, **words})
    return traffic_assignment(road_network=network, trip_table=table, p=p, tick=lambda _: None)


PIGOU = net("1 2 1 5 10 0 0 0 0 1", "1 2 10 1 5 1 1 0 0 1", nodes=2)
"""A road of 10 minutes whatever its flow, and one of 5 (1 + v / 10): equal at a flow of 10."""


def test_two_roads_by_hand() -> None:
    """20 drivers: 10 on each road in equilibrium, 5 on the second where all trips cost least."""
    found = assigned(PIGOU, trips(20.0))
    assert found.assigned_flow.to_dict() == pytest.approx({"1-2": 10.0, "1-2.2": 10.0}, rel=1e-6)
    assert found.assigned_pair_cost["1-2"] == pytest.approx(10.0)
    assert found.assigned_total == pytest.approx(200.0)
    assert found.assigned_objective == pytest.approx(100.0 + 50.0 + 25.0)
    best = assigned(PIGOU, trips(20.0), target="system")
    assert best.assigned_flow["1-2.2"] == pytest.approx(5.0, rel=1e-6)
    assert best.assigned_total == pytest.approx(best.assigned_objective) == pytest.approx(187.5)


def test_tolls_and_lengths_are_worth_time() -> None:
    """A toll of 5 at 0.5, by the option or by the head, moves 5 drivers: 10 = 5 (1 + v / 10) + 2.5 at v = 5."""
    rows = "1 2 1 5 10 0 0 0 0 1", "1 2 10 1 5 1 1 0 5 1"
    for head, words in (("", {"toll_factor": 0.5}), ("<TOLL FACTOR> 0.5\n", {})):
        found = assigned(net(*rows, nodes=2, more=head), trips(20.0), **words)
        assert found.assigned_flow["1-2.2"] == pytest.approx(5.0, rel=1e-6)
        assert found.assigned_cost["1-2.2"] == pytest.approx(10.0, rel=1e-6)
    longer = assigned(net(*rows, nodes=2, more="<DISTANCE FACTOR> 0.25\n"), trips(20.0))
    assert longer.assigned_flow["1-2.2"] == pytest.approx(12.0, rel=1e-6)  # 10 + 1.25 = 5 + v / 2 + 0.25
    assert assigned(net(*rows, nodes=2), trips(20.0)).assigned_flow["1-2.2"] == pytest.approx(10.0, rel=1e-6)


def test_paths_lead_through_no_zone() -> None:
    """The short way leads over zone 2, the long one over node 4; only where node 1 may be passed is it taken."""
    rows = (
        "1 2 9 1 1 0 0 0 0 1", "2 3 9 1 1 0 0 0 0 1", "1 4 9 1 5 0 0 0 0 1", "4 3 9 1 5 0 0 0 0 1",
    )  # fmt: skip
    table = "<NUMBER OF ZONES> 3\n<END OF METADATA>\nOrigin 1\n3 : 7.0;\n"
    assert assigned(net(*rows, zones=3, through=4), table).assigned_flow.tolist() == [0.0, 0.0, 7.0, 7.0]
    assert assigned(net(*rows, zones=3), table).assigned_flow.tolist() == [7.0, 7.0, 0.0, 0.0]
    assert assigned(net(*rows, zones=3), table, first_through=4).assigned_flow.tolist() == [0.0, 0.0, 7.0, 7.0]


def test_free_links_huge_capacities_and_other_powers() -> None:
    """Connectors of no time, links of no congestion, b and power in scientific notation, power 0 and no capacity."""
    rows = (
        "1 3 1e10 0 0 0.15 4 0 0 3", "4 2 0 0 0 0 0 0 0 3",
        "3 4 1 2.5e0 2 1.2e-2 2.5 0 0 1", "3 4 1E+09 1 6 0.5 0 60 0 1",
    )  # fmt: skip
    found = assigned(net(*rows), trips(80.0))
    flow = ((9.0 / 2.0 - 1.0) / 1.2e-2) ** (1.0 / 2.5)
    assert found.assigned_flow["3-4"] == pytest.approx(flow, rel=1e-6)
    assert found.assigned_flow[["1-3", "4-2"]].tolist() == pytest.approx([80.0, 80.0])
    assert found.assigned_cost["3-4.2"] == pytest.approx(9.0)
    assert found.assigned_pair_cost["1-2"] == pytest.approx(9.0, rel=1e-6)


def test_other_forms_of_the_same_files() -> None:
    """Comments within, Windows line ends, rows without a last mark, a table with a header, pairs, and a square."""
    wanted = assigned(PIGOU, trips(20.0)).assigned_flow
    remarked = PIGOU.replace("\t;\n", "\t; ~ a remark\r\n").replace(
        "<NUMBER OF ZONES> 2", "<number of zones>   2 ~ two"
    )
    plain = "from,to,capacity,free_flow_time,alpha,beta\n1,2,1,10,0,0\n1,2,10,5,1,1\n"
    for network in (remarked, plain, PIGOU.replace("\t;", "")):
        for table in (
            trips(20.0),
            "origin;destination;trips\n1;2;20\n",
            "0 20\n0 0\n",
            trips(20.0).replace(";    2", ";\n2"),
        ):
            pd.testing.assert_series_equal(assigned(network, table).assigned_flow, wanted)


@pytest.mark.parametrize(("network", "table", "text"), [
    (PIGOU.replace("LINKS> 2", "LINKS> 3"), trips(1.0), "assignment.link_count"),
    (PIGOU.replace("1\t2\t10", "1\t9\t10"), trips(1.0), "assignment.node"),
    (PIGOU.replace("1\t2\t10", "1\t2\t-10"), trips(1.0), "assignment.negative"),
    (PIGOU.replace("1\t2\t10", "1\t2\t0"), trips(1.0), "assignment.capacity"),
    (PIGOU.replace("1\t2\t10\t", "1\t2\tten\t"), trips(1.0), "listing.number"),
    (PIGOU.replace("NODES> 2", "NODES> two"), trips(1.0), "assignment.tag"),
    (PIGOU, trips(1.0).replace(" 2 : 1.0", " 3 : 1.0"), "assignment.zone"),
    (PIGOU, trips(-1.0), "assignment.negative"),
    (PIGOU, trips(1.0).replace("1.0;", "one;"), "listing.number"),
    (PIGOU, trips(1.0).replace(" 2 : 1.0", " 2 1.0"), "assignment.trips"),
    (PIGOU, "0 1 1\n0 0 0\n", "assignment.square"),
    (PIGOU, "origin,destination,trips\n2,1,5\n", "assignment.no_path"),
    ("", trips(1.0), "listing.empty"),
    ("capacity,free_flow_time\n1,2\n", trips(1.0), "assignment.columns"),
    ("1 2 3\n", trips(1.0), "listing.columns"),
])  # fmt: skip
def test_what_is_refused(network: str, table: str, text: str) -> None:
    with pytest.raises(InputError) as caught:
        assigned(network, table)
    assert caught.value.text == text
    assert caught.value.say("zh")


def test_a_square_of_three_zones_is_no_list_of_pairs() -> None:
    rows = ("1 2 9 1 1 0 0 0 0 1", "2 3 9 1 1 0 0 0 0 1", "3 1 9 1 1 0 0 0 0 1")
    found = assigned(net(*rows, zones=3, nodes=3), "0 4 0\n0 0 2\n0 0 9\n")
    assert found.assigned_flow.tolist() == [4.0, 2.0, 0.0]
    assert found.assigned_trips == 6.0


def test_a_search_that_does_not_end_writes_nothing(tmp_path: Path) -> None:
    """Through the command: exit code 2 and no folder; then the same files with a gap that is reached."""
    (tmp_path / "two_net.tntp").write_text(PIGOU, "utf-8")
    (tmp_path / "two_trips.tntp").write_text(trips(20.0), "utf-8")
    words = ["--road-network", "two_net.tntp", "--trip-table", "two_trips.tntp", "--lang", "en"]
    hard = net(*(f"1 2 {10 + at} 1 {5 + 0.3 * at:g} 0.5 4 0 0 1" for at in range(4)), nodes=2)
    (tmp_path / "hard_net.tntp").write_text(hard, "utf-8")
    short = ["--road-network", "hard_net.tntp", *words[2:], "--gap", "1e-12", "--most", "1", "--out", "none"]
    refused = citybraid("model", "lowcarbon.traffic_assignment", *short, folder=tmp_path)
    assert (refused.returncode, "relative gap" in refused.stderr) == (2, True)
    assert not (tmp_path / "none").exists()
    done = citybraid("model", "lowcarbon.traffic_assignment", *words, "--out", "o", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    flow = pd.read_csv(tmp_path / "o" / "assigned_flow.csv", index_col=0).iloc[:, 0]
    assert flow["1-2"] == pytest.approx(10.0, rel=1e-5)
    gone = citybraid("model", "lowcarbon.traffic_assignment", "--road-network", "no.tntp", *words[2:], folder=tmp_path)
    assert (gone.returncode, "no.tntp" in gone.stderr) == (2, True)
    by_call = cb.models.traffic_assignment(
        road_network=tmp_path / "two_net.tntp", trip_table=pd.DataFrame({"o": [1], "d": [2], "trips": [20.0]})
    )
    assert by_call.assigned_flow.to_dict() == pytest.approx(flow.to_dict(), rel=1e-6)


def corners() -> tuple[float, float, float]:
    return 0.0, 1e-6, 1e6


@pytest.mark.parametrize("amount", corners())
def test_corners(amount: float) -> None:
    found = assigned(PIGOU, trips(amount))
    assert found.assigned_flow.sum() == pytest.approx(amount)
    assert np.isfinite(found.assigned_cost).all()


@given(st.lists(st.tuples(st.floats(1.0, 50.0), st.floats(1.0, 9.0), st.floats(1.0, 4.0)), min_size=2, max_size=5),
       st.floats(1.0, 200.0))  # fmt: skip
@at_most(15)
def test_used_links_cost_the_same_and_the_optimum_no_more(
    roads: list[tuple[float, float, float]], amount: float
) -> None:
    rows = [f"1 2 {capacity!r} 1 {free!r} 0.15 {power!r} 0 0 1" for capacity, free, power in roads]
    user, best = (assigned(net(*rows, nodes=2), trips(amount), target=each, gap=1e-7) for each in ("user", "system"))
    used = user.assigned_cost[user.assigned_flow > 1e-3 * amount]
    assert used.max() <= user.assigned_cost.min() * (1.0 + 1e-3)
    assert best.assigned_total <= user.assigned_total * (1.0 + 1e-6)
    assert user.assigned_flow.sum() == pytest.approx(amount)


def golden_case() -> Mapping[str, Any]:
    rows = (
        "1 3 9 1 2 0.15 4 0 1 1", "1 4 20 2 5 0.3 2 0 0 1", "3 2 12 1 4 0.15 4 0 0 1", "4 2 9 1 2 0.15 4 0 0 1",
        "3 4 6 1 1 0.5 1 0 0 1",
    )  # fmt: skip
    return {
        "road_network": net(*rows, more="<TOLL FACTOR> 0.5\n"), "trip_table": trips(24.0),
        "p": TrafficAssignmentParams(gap=1e-10), "tick": lambda _: None,
    }  # fmt: skip


def test_figure(figure: Callable[[str], Path]) -> None:
    """Two roads under growing demand: flows in equilibrium and at the least cost of all trips."""
    demand = np.linspace(1.0, 40.0, 14)
    fig, axes = plt.subplots(1, 2, figsize=(8.2, 3.2), layout="constrained")
    for target, style in (("user", "-"), ("system", "--")):
        found = [assigned(PIGOU, trips(each), target=target) for each in demand]
        for link, name, colour in (
            ("1-2", "10 min at any flow", "tab:blue"),
            ("1-2.2", "5 (1 + v / 10) min", "tab:red"),
        ):
            axes[0].plot(
                demand, [each.assigned_flow[link] for each in found], style, color=colour, label=f"{name}, {target}"
            )
        axes[1].plot(
            demand,
            [each.assigned_total / trip for each, trip in zip(found, demand, strict=True)],
            style,
            color="k",
            label=target,
        )
    axes[0].set(xlabel="trips", ylabel="flow")
    axes[1].set(xlabel="trips", ylabel="cost of a trip [min]")
    for each in axes:
        each.legend(fontsize=8)
    fig.savefig(figure("lowcarbon.traffic_assignment"), dpi=130)
    plt.close(fig)
