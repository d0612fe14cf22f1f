"""Indices of given graphs: by hand, forms of lists, against a search of all paths, what is refused, the figure."""

from collections.abc import Callable, Mapping
from itertools import permutations
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import citybraid as cb
from citybraid.biodiversity.graph_indices import GraphIndices, GraphIndicesParams, graph_indices
from citybraid.core.errors import InputError
from tests.commands import citybraid
from tests.examples import at_most

NODES = "1\t10\n2\t1\n3\t10\n4\t4\n"
LINKS = "1\t2\t100\n2\t3\t100\n"
"""A chain of three, and a node apart."""
BY_DISTANCE = {"link_values": "distance", "distance": 100.0, "probability": 0.5}


def indexed(nodes: str, links: str, **words: Any) -> GraphIndices:
    return graph_indices(graph_nodes=nodes, graph_links=links, p=GraphIndicesParams.model_validate(words))


def test_a_chain_and_a_node_apart_by_hand() -> None:
    """PC: 217 of own areas, 2 (10 × 0.5 + 10 × 0.5 + 100 × 0.25); IIC: 217 + 2 (10 / 2 + 10 / 2 + 100 / 3)."""
    found = indexed(NODES, LINKS, landscape=50.0, **BY_DISTANCE)
    assert found.graph_pc_numerator == pytest.approx(287.0)
    assert found.graph_iic_numerator == pytest.approx(217.0 + 20.0 + 200.0 / 3.0)
    assert (found.graph_pc, found.graph_eca_pc) == pytest.approx((287.0 / 2500.0, 287.0**0.5))
    assert found.graph_iic == pytest.approx(found.graph_eca_iic**2 / 2500.0)
    assert found.node_importance.to_dict() == pytest.approx({
        "1": (100.0 + 60.0) / 287.0, "2": (1.0 + 20.0 + 50.0) / 287.0, "3": 160.0 / 287.0, "4": 16.0 / 287.0,
    })  # fmt: skip
    assert found.node_connector["2"] == pytest.approx(50.0 / 287.0)
    assert found.node_flux["1"] == pytest.approx(60.0 / 287.0)
    assert found.node_intra["4"] == pytest.approx(16.0 / 287.0)
    assert found.node_integral_importance["4"] == pytest.approx(16.0 / found.graph_iic_numerator)
    assert found.link_importance["1-2"] == pytest.approx(60.0 / 287.0)
    assert (found.graph_components, found.graph_largest_component, found.graph_link_count) == (2, 21.0, 2)
    assert len(set(found.node_component[["1", "2", "3"]])) == 1
    assert (found.graph_alpha, found.graph_beta, found.graph_gamma) == pytest.approx((-1 / 3, 0.5, 1 / 3))


def test_without_a_landscape_and_with_a_threshold() -> None:
    found = indexed(NODES, "1 2 100\n2 3 150\n", threshold=100.0, **BY_DISTANCE)
    assert np.isnan([found.graph_pc, found.graph_iic]).all()
    assert (found.graph_components, found.graph_link_count) == (3, 1)
    assert found.graph_pc_numerator == pytest.approx(217.0 + 2.0 * (5.0 + 10.0 * 0.5**1.5 + 100.0 * 0.5**2.5))
    sure = indexed(NODES, "1 2\n2 3\n", link_values="none")
    assert sure.graph_pc_numerator == pytest.approx(21.0**2 + 16.0)


def test_counts_alone() -> None:
    """The little egret's network around Suzhou: alpha, beta and gamma as printed, from 58 nodes and 109 links."""
    found = graph_indices(
        p=GraphIndicesParams.model_validate({"link_values": "none", "node_count": 58, "link_count": 109})
    )
    shape = (found.graph_alpha, found.graph_beta, found.graph_gamma)
    assert shape == pytest.approx((0.468, 1.879, 0.649), abs=1e-3)
    assert found.graph_link_count == 109
    assert np.isnan([found.graph_pc, found.graph_components]).all()
    assert found.node_importance.empty


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({}, "graph.counts_or_lists"),
        ({"node_count": 5}, "graph.counts_or_lists"),
        ({"graph_nodes": NODES, "node_count": 5, "link_count": 4}, "graph.counts_or_lists"),
        ({"graph_nodes": NODES, "graph_links": LINKS, "node_count": 4}, "graph.counts_beside"),
        ({"node_count": 4, "link_count": 7}, "graph.too_many_links"),
    ],
)
def test_counts_that_cannot_be_are_refused(given: dict[str, Any], text: str) -> None:
    with pytest.raises(InputError) as caught:
        cb.models.graph_indices(link_values="none", **given)
    assert caught.value.text == text


def test_forms_of_lists(tmp_path: Path) -> None:
    """Headers, other separators, both directions, ids as decimals, squares, areas alone, DataFrames, the command."""
    wanted = indexed(NODES, LINKS, **BY_DISTANCE).graph_pc_numerator
    headed = "id,name,area_ha\n1,a,10\n2,b,1\n3,c,10\n4,d,4\n"
    both = "from to d\n1.0 2.0 100\n2 1 100\n3.0 2 100\n"
    square = "0,100,inf,\n100,0,100,\n,100,0,\n,,,0\n"
    for nodes, links in ((headed, LINKS), (NODES, both), (NODES, square), ("10\n1\n10\n4\n", LINKS)):
        assert indexed(nodes, links, **BY_DISTANCE).graph_pc_numerator == pytest.approx(wanted)
    chances = np.array([[1.0, 0.5, 0.0, 0.0], [0.5, 1.0, 0.5, 0.0], [0.0, 0.5, 1.0, 0.0], [0.0, 0.0, 0.0, 1.0]])
    found = cb.models.graph_indices(graph_nodes=[10.0, 1.0, 10.0, 4.0], graph_links=chances, link_values="probability")
    assert (found.graph_pc_numerator, found.graph_components) == (pytest.approx(wanted), 2)
    frames = (pd.DataFrame({"id": [1, 2, 3, 4], "area": [10.0, 1.0, 10.0, 4.0]}),
              pd.DataFrame({"a": [1, 2], "b": [2, 3], "p": [0.5, 0.5]}))  # fmt: skip
    found = cb.models.graph_indices(graph_nodes=frames[0], graph_links=frames[1], link_values="probability")
    assert found.graph_pc_numerator == pytest.approx(wanted)
    (tmp_path / "nodes.txt").write_text(NODES, "utf-8")
    (tmp_path / "links.txt").write_text(LINKS, "utf-8")
    words = ["--graph-nodes", "nodes.txt", "--graph-links", "links.txt", "--link-values", "distance", "--lang", "en"]
    refused = citybraid("model", "biodiversity.graph_indices", *words, "--out", "o", folder=tmp_path)
    assert (refused.returncode, "--distance" in refused.stderr) == (2, True)
    done = citybraid("model", "biodiversity.graph_indices", *words, "--distance", "100", "--out", "o", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert pd.read_csv(tmp_path / "o" / "graph_pc_numerator.csv")["value"][0] == pytest.approx(wanted)


@pytest.mark.parametrize(("nodes", "links", "words", "text"), [
    (NODES, LINKS, {"link_values": "distance"}, "graph.distance"),
    (NODES, LINKS, {"link_values": "probability"}, "graph.value"),
    (NODES, "1 2 -5\n", BY_DISTANCE, "graph.value"),
    (NODES, "1 2 far\n", BY_DISTANCE, "listing.number"),
    (NODES, "1 2\n", BY_DISTANCE, "listing.columns"),
    (NODES, "1 9 5\n", BY_DISTANCE, "graph.node"),
    (NODES, "1 1 5\n", BY_DISTANCE, "graph.itself"),
    (NODES, "1 2 5\n1 2 5\n", BY_DISTANCE, "listing.twice"),
    (NODES, "1 2 5\n2 1 6\n", BY_DISTANCE, "graph.directed"),
    (NODES, "0,1,,\n,0,1,\n,1,0,\n,,,0\n", BY_DISTANCE, "graph.one_way"),
    (NODES + "1 3\n", LINKS, BY_DISTANCE, "listing.twice"),
    ("1 10\n1 4\n", LINKS, BY_DISTANCE, "listing.twice"),
    ("1 -10\n2 4\n", LINKS, BY_DISTANCE, "graph.negative"),
    ("id,a,b\n1,2,3\n", LINKS, BY_DISTANCE, "graph.area_column"),
    (NODES, LINKS, {**BY_DISTANCE, "landscape": 20.0}, "graph.landscape"),
    (NODES, LINKS, {**BY_DISTANCE, "area_column": "ha"}, "listing.no_column"),
    (NODES, "", BY_DISTANCE, "listing.empty"),
])  # fmt: skip
def test_what_is_refused(nodes: str, links: str, words: dict[str, Any], text: str) -> None:
    with pytest.raises(InputError) as caught:
        indexed(nodes.replace("\t", " "), links.replace("\t", " "), **words)
    assert caught.value.text == text
    assert caught.value.say("zh")


@given(st.integers(0, 2**32 - 1))
@at_most(10)
def test_against_all_paths(seed: int) -> None:
    """Five nodes: PC by trying each path, its loss by leaving each node out, IIC's by leaving it out of the lists."""
    drawn = np.random.default_rng(seed)
    area, chance = (
        drawn.uniform(0.5, 9.0, 5),
        np.where(drawn.uniform(size=(5, 5)) < 0.6, drawn.uniform(0.05, 1.0, (5, 5)), 0.0),
    )
    chance = np.triu(chance, 1)
    names = "abcde"
    links = (
        "".join(f"{names[i]} {names[j]} {chance[i, j]}\n" for i, j in zip(*np.nonzero(chance), strict=True))
        or "a b 0\n"
    )
    nodes = "".join(f"{name} {each}\n" for name, each in zip(names, area, strict=True))
    found = indexed(nodes, links, link_values="probability", threshold=1e-9)
    whole = best_products(area, chance + chance.T)
    assert found.graph_pc_numerator == pytest.approx(whole)
    for node in range(5):
        rest = [each for each in range(5) if each != node]
        left = best_products(area[rest], (chance + chance.T)[np.ix_(rest, rest)])
        assert found.node_importance.iloc[node] == pytest.approx(1.0 - left / whole, abs=1e-12)
    parts = found.node_intra + found.node_flux + found.node_connector
    pd.testing.assert_series_equal(parts, found.node_importance, check_names=False)


def best_products(area: np.ndarray, chance: np.ndarray) -> float:
    """Return PC's numerator by the best of all paths between each two nodes."""
    count, total = area.size, float((area**2).sum())
    for a in range(count):
        for b in range(a + 1, count):
            others = [each for each in range(count) if each not in (a, b)]
            ways = (
                np.prod([chance[one, other] for one, other in zip((a, *path), (*path, b), strict=True)])
                for size in range(len(others) + 1) for path in permutations(others, size)
            )  # fmt: skip
            total += 2.0 * area[a] * area[b] * max(ways)
    return total


def corners() -> tuple[float, float, float]:
    return 0.0, 1e-6, 1e9


@pytest.mark.parametrize("area", corners())
def test_corners(area: float) -> None:
    found = indexed(f"1 {area!r}\n2 {area!r}\n", "1 2 0\n", **BY_DISTANCE)
    assert found.graph_eca_pc == pytest.approx(2.0 * area)
    assert np.isnan([found.graph_alpha, found.graph_gamma]).all()
    assert found.node_importance.between(0.0, 1.0).all()


def golden_case() -> Mapping[str, Any]:
    links = "1 2 100\n2 3 150\n3 4 80\n1 4 400\n5 6 20\n2 5 900\n"
    return {
        "graph_nodes": "1 10\n2 1\n3 10\n4 4\n5 3\n6 2.5\n7 1\n", "graph_links": links,
        "p": GraphIndicesParams(
            link_values="distance", distance=200.0, probability=0.05, threshold=500.0, landscape=90.0
        ),
    }  # fmt: skip


def test_figure(figure: Callable[[str], Path]) -> None:
    """A graph of twelve nodes, and the parts of what each adds."""
    drawn = np.random.default_rng(6)
    place, area = drawn.uniform(0, 10, (12, 2)), drawn.uniform(1, 9, 12)
    gap = np.hypot(*(place[:, None] - place[None]).transpose(2, 0, 1))
    near = [(i, j) for i in range(12) for j in range(i) if gap[i, j] < 4.0]
    found = indexed(
        "".join(f"{at + 1} {each}\n" for at, each in enumerate(area)),
        "".join(f"{i + 1} {j + 1} {gap[i, j]}\n" for i, j in near), link_values="distance", distance=3.0,
    )  # fmt: skip
    fig, (left, right) = plt.subplots(1, 2, figsize=(8.2, 3.4), layout="constrained")
    for i, j in near:
        left.plot(*place[[i, j]].T, color="0.8", zorder=0)
    left.scatter(place[:, 0], place[:, 1], s=40 * area, c=found.node_importance, cmap="viridis")
    for at, (x, y) in enumerate(place):
        left.annotate(str(at + 1), (x, y), ha="center", va="center", fontsize=7, color="w")
    left.set_title("Nodes by area and dPC", fontsize=10)
    bottom = np.zeros(12)
    for part in ("intra", "flux", "connector"):
        values = getattr(found, f"node_{part}")
        right.bar(values.index, values, bottom=bottom, label=part)
        bottom += values.to_numpy()
    right.set_ylabel("dPC")
    right.legend(fontsize=8)
    fig.savefig(figure("biodiversity.graph_indices"), dpi=130)
    plt.close(fig)
