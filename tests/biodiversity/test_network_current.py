"""Circuits on given networks: by hand in every mode, as on a grid of the same links, what is refused, the figure."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.biodiversity.network_current import NetworkCurrent, NetworkCurrentParams, network_current
from citybraid.core.errors import InputError
from citybraid.kernels.ecology.circuit_modes import flat_cells, grounded_currents, one_to_all
from citybraid.kernels.ecology.conductance import conductances
from tests.commands import citybraid
from tests.examples import at_most

SQUARE = "1 2 1\n2 3 1\n3 4 1\n4 1 1\n5 6 2\n"
"""A ring of four resistors of 1 ohm, and a link apart."""


def ran(network: str, **words: Any) -> NetworkCurrent:
    lists = ("focal_nodes", "included_pairs", "source_strengths", "node_sources", "node_grounds")
    given_lists = {name: words.pop(name) for name in lists if name in words}
    p = NetworkCurrentParams.model_validate({"link_values": "resistance", **words})
    return network_current(circuit_network=network, p=p, **given_lists)


def test_pairs_on_a_ring_by_hand() -> None:
    """Neighbours: 1 beside 3 ohm; opposite nodes: 2 beside 2; no path to the link apart. As conductances, too."""
    found = ran(SQUARE, focal_nodes="1\n2\n3\n5\n")
    resistance = found.network_resistance
    assert resistance[["1-2", "1-3", "2-3"]].to_dict() == pytest.approx({"1-2": 0.75, "1-3": 1.0, "2-3": 0.75})
    assert resistance[["1-5", "2-5", "3-5"]].isna().all()
    assert found.network_isolated == 0.0
    assert found.network_link_current["1-2"] == pytest.approx(0.75 + 0.5 + 0.25)
    assert found.network_node_current["4"] == pytest.approx(0.25 + 0.5 + 0.25)
    assert found.network_largest_current["4"] == pytest.approx(0.5)
    doubled = ran(SQUARE.replace(" 1\n", " 2\n"), focal_nodes="1\n2\n", link_values="conductance")
    assert doubled.network_resistance["1-2"] == pytest.approx(0.375)
    assert doubled.network_voltage[["1", "2", "3", "4"]].tolist() == pytest.approx([0.375, 0.0, 0.125, 0.25])


def test_pairs_that_are_listed() -> None:
    words = {"focal_nodes": "1\n2\n3\n"}
    for listed, pairs in (
        ("mode\tinclude\n3\t1\n1\t9\n", ["1-3"]), ("mode exclude\n1 3\n", ["1-2", "2-3"]),
        ("min 2\nmax 5\n0 1 2 3\n1 0 1 4\n2 1 0 9\n3 4 9 0\n", ["1-3"]),
    ):  # fmt: skip
        assert list(ran(SQUARE, included_pairs=listed, **words).network_resistance.index) == pairs


def test_one_against_all_by_hand() -> None:
    """1 to 2 and 3, both grounded: 1 ohm beside 2; all to 1: 1 A from each; strengths and a node without a path."""
    words = {"focal_nodes": "1\n2\n3\n"}
    out = ran(SQUARE, mode="one_to_all", **words)
    assert out.network_resistance["1"] == pytest.approx(2.0 / 3.0)
    assert out.network_resistance["2"] == pytest.approx(0.5)
    twice = ran(SQUARE, mode="one_to_all", source_strengths="1 2\n", **words)
    assert twice.network_resistance["1"] == pytest.approx(2.0 / 3.0)
    assert twice.network_power - out.network_power == pytest.approx(3.0 * 2.0 / 3.0)
    into = ran(SQUARE, mode="all_to_one", **words)
    assert into.network_resistance.isna().all()
    assert into.network_node_current["1"] >= 2.0
    apart = ran(SQUARE, mode="all_to_one", focal_nodes="1\n2\n5\n")
    assert apart.network_isolated == pytest.approx(1.0 + 1.0 + 2.0)


def test_given_sources_and_grounds_by_hand() -> None:
    """2 A in at 1, 3 grounded over 4 ohm: V1 = 2 (4 + 1); conflicts; grounds as conductances."""
    words = {"mode": "given", "node_sources": "1 2\n"}
    found = ran(SQUARE, node_grounds="3 4\n", **words)
    assert found.network_voltage[["1", "3"]].tolist() == pytest.approx([10.0, 8.0])
    assert found.network_power == pytest.approx(20.0)
    assert found.network_node_current["3"] == pytest.approx(2.0)
    same = ran(SQUARE, node_grounds="3 0.25\n", ground_values="conductance", **words)
    assert same.network_voltage["1"] == pytest.approx(10.0)
    for text, values in (("3 0\n", "resistance"), ("3 inf\n", "conductance")):
        assert ran(SQUARE, node_grounds=text, ground_values=values, **words).network_voltage["1"] == pytest.approx(2.0)
    both = {"node_grounds": "1 0\n3 0\n", **words}
    assert ran(SQUARE, **both).network_link_current.max() == 0.0
    assert ran(SQUARE, conflict="remove_ground", **both).network_voltage["1"] == pytest.approx(2.0)
    assert ran(SQUARE, **{**both, "node_sources": "1 2\n5 3\n"}).network_isolated == pytest.approx(3.0)


def test_the_command_and_other_forms(tmp_path: Path) -> None:
    """Decimals as in the published files, a header, parallel links; an error with exit code 2."""
    (tmp_path / "net.txt").write_text("from,to,ohm\n0.000e+00,1.0e+00,2\n0,1,2\n1,2,1\n", "utf-8")
    (tmp_path / "focal.txt").write_text("0.0\n2.0\n", "utf-8")
    words = [
        "--circuit-network",
        "net.txt",
        "--focal-nodes",
        "focal.txt",
        "--link-values",
        "resistance",
        "--lang",
        "en",
    ]
    done = citybraid("model", "biodiversity.network_current", *words, "--out", "o", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    table = pd.read_csv(tmp_path / "o" / "network_resistance.csv", index_col=0).iloc[:, 0]
    assert table["0-2"] == pytest.approx(2.0)
    links = pd.read_csv(tmp_path / "o" / "network_link_current.csv", index_col=0).iloc[:, 0]
    assert links[["0-1", "0-1.2", "1-2"]].tolist() == pytest.approx([0.5, 0.5, 1.0])
    (tmp_path / "focal.txt").write_text("0\n7\n", "utf-8")
    refused = citybraid("model", "biodiversity.network_current", *words, "--out", "p", folder=tmp_path)
    assert (refused.returncode, "no node '7'" in refused.stderr, (tmp_path / "p").exists()) == (2, True, False)


@pytest.mark.parametrize(("network", "words", "text"), [
    (SQUARE, {}, "network.no_focal"), (SQUARE, {"focal_nodes": "1\n"}, "network.few_focal"),
    (SQUARE, {"focal_nodes": "1\n9\n"}, "network.node"), (SQUARE, {"focal_nodes": "1\n1\n"}, "listing.twice"),
    ("1 1 2\n", {"focal_nodes": "1\n"}, "network.itself"), ("1 2 -2\n", {"focal_nodes": "1\n2\n"}, "network.negative"),
    ("1 2 0\n", {"focal_nodes": "1\n2\n"}, "network.zero"), ("1 2\n", {"focal_nodes": "1\n2\n"}, "listing.columns"),
    (SQUARE, {"focal_nodes": "1\n2\n", "included_pairs": "1 2\n"}, "network.pairs"),
    (SQUARE, {"mode": "given", "node_sources": "1 1\n"}, "network.no_source_or_ground"),
    (SQUARE, {"mode": "given", "node_sources": "1 1\n", "node_grounds": "2 -1\n"}, "network.ground"),
    (SQUARE, {"mode": "given", "node_sources": "1 one\n", "node_grounds": "2 1\n"}, "listing.number"),
])  # fmt: skip
def test_what_is_refused(network: str, words: dict[str, Any], text: str) -> None:
    with pytest.raises(InputError) as caught:
        ran(network, **words)
    assert caught.value.text == text
    assert caught.value.say("zh")


@given(st.integers(0, 2**32 - 1))
@at_most(10)
def test_a_grid_written_as_a_network_is_that_grid(seed: int) -> None:
    """Four links of each cell of a drawn grid as a list: the same currents in two modes."""
    drawn = np.random.default_rng(seed)
    ground = drawn.uniform(0.5, 9.0, (4, 5))
    number = np.arange(20).reshape(4, 5)
    ends = [(number[i, j], number[i + down, j + right]) for down, right in ((0, 1), (1, 0))
            for i in range(4 - down) for j in range(5 - right)]  # fmt: skip
    network = "".join(f"{a} {b} {(ground.flat[a] + ground.flat[b]) / 2.0}\n" for a, b in ends)
    grid = conductances(ground, np.ones((4, 5), bool), neighbours=4)
    focal = [flat_cells(number == each) for each in (0, 7, 19)]
    wanted = one_to_all(grid, focal)
    found = ran(network, mode="one_to_all", focal_nodes="0\n7\n19\n")
    current = found.network_node_current[[str(each) for each in number.flat]].to_numpy().reshape(4, 5)
    np.testing.assert_allclose(current, wanted.cumulative, atol=1e-6)
    np.testing.assert_allclose(found.network_resistance, wanted.resistance, rtol=1e-6)
    source, leak = np.zeros((6, 7)), np.zeros((6, 7))
    source.flat[focal[0]], leak.flat[focal[2]] = 3.0, 0.25
    whole = grounded_currents(grid, source, direct=np.zeros((6, 7), bool), ground=leak)
    found = ran(network, mode="given", node_sources="0 3\n", node_grounds="19 4\n")
    voltage = found.network_voltage[[str(each) for each in number.flat]].to_numpy().reshape(4, 5)
    np.testing.assert_allclose(voltage, whole.voltage[1:-1, 1:-1], rtol=1e-5)


def corners() -> tuple[float, float, float]:
    return 1e-6, 1.0, 1e6


@pytest.mark.parametrize("resistance", corners())
def test_corners(resistance: float) -> None:
    found = ran(f"1 2 {resistance}\n", focal_nodes="1\n2\n")
    assert found.network_resistance["1-2"] == pytest.approx(resistance)
    assert found.network_node_current.tolist() == pytest.approx([1.0, 1.0])


def golden_case() -> Mapping[str, Any]:
    return {
        "circuit_network": "1 2 1\n2 3 4\n3 4 2\n4 1 1\n1 3 0.5\n5 6 2\n", "focal_nodes": "1\n2\n3\n5\n",
        "included_pairs": "mode exclude\n1 5\n", "p": NetworkCurrentParams(link_values="resistance"),
    }  # fmt: skip


def test_figure(figure: Callable[[str], Path]) -> None:
    """Two clusters of nodes joined by one link: what flows where between four focal nodes."""
    drawn = np.random.default_rng(3)
    place = np.vstack([drawn.normal((2, 2), 1.0, (8, 2)), drawn.normal((8, 3), 1.0, (8, 2))])
    gap = np.hypot(*(place[:, None] - place[None]).transpose(2, 0, 1))
    ends = [(i, j) for i in range(16) for j in range(i) if gap[i, j] < 2.7 and (i < 8) == (j < 8)]
    bridge = min(((i, j) for i in range(8) for j in range(8, 16)), key=lambda each: gap[each])
    ends.append(bridge)
    found = ran("".join(f"{i} {j} {gap[i, j]}\n" for i, j in ends), focal_nodes="0\n3\n9\n14\n")
    assert found.network_resistance.notna().all()
    fig, axis = plt.subplots(figsize=(6.2, 3.4), layout="constrained")
    for (i, j), current in zip(ends, found.network_link_current, strict=True):
        axis.plot(*place[[i, j]].T, color="tab:orange", linewidth=0.5 + 1.2 * current, zorder=0)
    current = found.network_node_current.reindex([str(at) for at in range(16)])
    shown = axis.scatter(place[:, 0], place[:, 1], c=current, s=60, cmap="viridis", edgecolor="k")
    axis.scatter(place[[0, 3, 9, 14], 0], place[[0, 3, 9, 14], 1], s=160, facecolor="none", edgecolor="tab:red")
    fig.colorbar(shown, ax=axis, label="current of six pairs [A]")
    assert found.network_link_current.idxmax() == f"{bridge[0]}-{bridge[1]}"
    fig.savefig(figure("biodiversity.network_current"), dpi=130)
    plt.close(fig)
