"""Designs of runs and what is estimated from them: planted effects, aliases, coverage, placements, checkerboards."""

from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest

from citybraid.core.errors import InputError
from citybraid.integrate.learn.designs import Fraction, cube, fraction, halves, two_colours
from citybraid.integrate.learn.estimates import (
    contrasts,
    difference,
    estimates,
    intervals,
    sureness,
    telling_triples,
    triple_estimates,
)

NAMES = tuple("abcdefghij")
SIZES = {2: 4, 3: 8, 4: 16, 5: 16, 6: 32, 7: 64, 8: 64, 9: 128, 10: 128}
"""Runs of the smallest regular fractions of resolution V or above (Box, Hunter and Hunter 2005, table 6.22)."""


def planted(design: Fraction, effects: dict[tuple[str, ...], float]) -> np.ndarray:
    """Return a response by run: the sum of the effects of which every measure is on."""
    on = {name: design.runs[:, at] for at, name in enumerate(design.measures)}
    parts = [size * np.prod([on[name] for name in term], axis=0) for term, size in effects.items() if term]
    return np.asarray(effects.get((), 0.0) + np.sum(parts, axis=0), dtype=np.float64)


@pytest.mark.parametrize("count", sorted(SIZES))
def test_fractions_are_the_smallest_and_tell_pairs_apart(count: int) -> None:
    design = fraction(NAMES[:count])
    assert design.runs.shape == (SIZES[count], count)
    assert design.runs.all(axis=1).any()
    pairs = [design.signs(term) for order in (1, 2) for term in design.terms(order)]
    across = np.array(pairs) @ np.array(pairs).T / len(design.runs)
    np.testing.assert_allclose(across, np.eye(len(pairs)), atol=1e-12)


def test_the_defining_relation_is_what_the_runs_hold_constant() -> None:
    design = fraction(NAMES[:7], resolution=4)
    assert (len(design.runs), design.resolution) == (16, 4)
    constant = {
        term for size in range(1, 8) for term in combinations(design.measures, size)
        if abs(design.signs(term).sum()) == len(design.runs)
    }  # fmt: skip
    assert set(design.words) == constant


def test_planted_effects_of_one_two_and_three_are_recovered_exactly() -> None:
    design = fraction(NAMES[:4])
    effects = {(): 50.0, ("a",): -3.0, ("b",): 2.0, ("a", "b"): 1.5, ("c", "d"): -0.5, ("a", "c", "d"): 0.8}
    found = {
        term: float(contrasts(design, planted(design, effects)[None, :, None], [term])[0, 0, 0])
        for order in (1, 2, 3) for term in design.terms(order)
    }  # fmt: skip
    # Averages over the others, half of which are on: a loses half of ab and a quarter of acd.
    assert found["a",] == pytest.approx(-3.0 + 1.5 / 2 + 0.8 / 4)
    assert found["c", "d"] == pytest.approx(-0.5 + 0.8 / 2)
    assert found["a", "b"] == pytest.approx(1.5)
    assert found["a", "c", "d"] == pytest.approx(0.8)
    assert found["b", "c", "d"] == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("count", [5, 6, 8])
def test_without_triples_a_fraction_gives_each_pair_exactly(count: int) -> None:
    design, random = fraction(NAMES[:count]), np.random.default_rng(count)
    effects = {term: float(random.normal()) for order in (1, 2) for term in design.terms(order)}
    found = contrasts(design, planted(design, effects)[None, :, None], design.terms(2))[0, :, 0]
    np.testing.assert_allclose(found, [effects[term] for term in design.terms(2)], atol=1e-12)


def test_a_triple_appears_in_the_pair_that_it_is_confounded_with_and_only_there() -> None:
    design = fraction(NAMES[:5])
    assert design.aliases(("d", "e")) == (("a", "b", "c"),)
    assert design.aliases(("a",)) == ()
    found = dict(
        zip(design.terms(2), contrasts(design, planted(design, {("a", "b", "c"): 4.0})[None, :, None],
                                       design.terms(2))[0, :, 0].tolist(), strict=True)
    )  # fmt: skip
    # Its own pairs see it half on; de sees the whole of it, halved by the coding of its extra order.
    assert {term: size for term, size in found.items() if abs(size) > 1e-12} == pytest.approx(
        {("a", "b"): 2.0, ("a", "c"): 2.0, ("b", "c"): 2.0, ("d", "e"): 2.0}
    )


def test_at_resolution_four_pairs_are_confounded_and_say_so() -> None:
    design = fraction(NAMES[:4], resolution=4)
    assert design.aliases(("a", "b")) == (("c", "d"),)
    responses = np.stack([
        planted(design, {("a",): 5.0, ("b",): 5.0, ("c", "d"): 1.0 + 0.1 * at})[:, None] for at in range(8)
    ])  # fmt: skip
    table = estimates(design, responses, {"damage": -1}).set_index("term")
    assert table.loc["a * b", "aliases"] == "c * d"
    assert table.loc["a * b", "effect"] == pytest.approx(table.loc["c * d", "effect"])


def test_a_pair_that_may_be_another_pairs_is_not_sure_unless_the_other_does_nothing() -> None:
    """A synergy of a and b at resolution IV was told of c and d too; where d changes nothing it is of a and b alone."""
    design = fraction(NAMES[:4], resolution=4)
    effects = {(): 100.0, ("a",): -10.0, ("b",): -10.0, ("c",): -4.0, ("a", "b"): -6.0}
    for four, kinds in ((-4.0, ("unsure", "unsure")), (0.0, ("help", "additive"))):
        # Three replicates; rounding would be no spread at all.
        runs = np.stack([(1.0 + share) * planted(design, {**effects, ("d",): four}) for share in (-0.01, 0.0, 0.01)])
        table = estimates(design, runs[:, :, None], {"damage": -1}).set_index("term")
        assert table.loc["a * b", "effect"] == pytest.approx(-6.0)
        assert (table.loc["a * b", "kind"], table.loc["c * d", "kind"]) == kinds
    sure = estimates(fraction(NAMES[:4]), np.stack([planted(fraction(NAMES[:4]), effects)] * 2)[:, :, None],
                     {"damage": -1}).set_index("term")  # fmt: skip
    assert sure.loc["a * b", "kind"] == "help"


@pytest.mark.parametrize(("joint", "share"), [(10.0, 0.5), (-4.0, -0.2), (15.0, 0.75)])
def test_a_pair_is_held_against_what_both_do_without_each_other(joint: float, share: float) -> None:
    """Two measures that save 10 each, and together no more than one: half of the sum is lost, not all of it."""
    design = fraction(NAMES[:3])
    effects = {("a",): -10.0, ("b",): -10.0, ("c",): -7.0, ("a", "b"): joint}
    responses = np.stack([100.0 + planted(design, effects)[:, None] for _ in range(8)])
    table = estimates(design, responses, {"damage": -1}).set_index("term")
    assert table.loc["a * b", "relative"] == pytest.approx(share)
    assert table.loc["a * c", "relative"] == pytest.approx(0.0, abs=1e-12)


def test_a_measure_without_any_effect_joins_in_nothing_even_where_a_triple_shows() -> None:
    """At V the triple abc stands in the pair de: e does nothing, so de is nothing."""
    design, random = fraction(NAMES[:5]), np.random.default_rng(5)
    effects = {("a",): -5.0, ("b",): -4.0, ("c",): -3.0, ("d",): -2.0, ("a", "b", "c"): 3.0}
    responses = np.stack([100.0 + planted(design, effects)[:, None] * random.normal(1.0, 0.1) for _ in range(8)])
    table = estimates(design, responses, {"damage": -1}).set_index("term")
    assert table.loc["e", "kind"] == "none"
    assert [table[name]["d * e"] for name in ("effect", "low", "high")] == [0.0] * 3
    assert table.loc["d * e", "kind"] == "additive"
    assert table.loc["a * b", "kind"] == "hinder"
    finer = fraction(NAMES[:5], resolution=6)
    assert (len(finer.runs), finer.words) == (32, ())
    assert len(fraction(NAMES[:10], resolution=6).runs) == 256


def test_a_cube_gives_the_triple_beside_nothing_else() -> None:
    effects = {(): 9.0, ("a",): 1.0, ("a", "b"): 2.0, ("b", "c"): -1.0, ("a", "b", "c"): 0.25}
    responses = {
        subset: np.array([sum(size for term, size in effects.items() if set(term) <= set(subset))])
        for subset in cube(("a", "b", "c"))
    }
    assert len(responses) == 8
    assert difference(responses, ("a", "b", "c"))[0] == pytest.approx(0.25)
    assert difference({k: v for k, v in responses.items() if "c" not in k}, ("a", "b"))[0] == pytest.approx(2.0)


def test_all_intervals_of_an_order_hold_at_once_as_often_as_told() -> None:
    """30 000 studies of eight replicates whose ten pairs vary with unlike spreads, correlated by a common factor."""
    random, studies, count, pairs = np.random.default_rng(3), 30_000, 8, 10
    truth, spread = np.linspace(-1.0, 1.0, pairs), np.geomspace(0.05, 3.0, pairs)
    own, common = random.normal(size=(count, studies, pairs)), random.normal(size=(count, studies, 1))
    _, low, high = intervals(truth + spread * (0.8 * own + 0.6 * common), family=pairs)
    every = ((low <= truth) & (truth <= high)).all(axis=1).mean()
    single = ((low <= truth) & (truth <= high)).mean()
    assert 0.95 <= every <= 0.97
    assert single >= 0.99


def test_intervals_over_random_halves_hold_the_mean_over_all_placements() -> None:
    """A pair that lives in units of unlike size: its mean over every half is inside as often as told."""
    size = np.array([1.0, 3.0, 0.5, 2.0, 4.0, 1.5, 0.2, 2.5])
    units = [f"u{at}" for at in range(size.size)]
    truth = 0.5 * size.sum()
    inside = []
    for seed in range(400):
        noise = 1.0 + 0.2 * np.random.default_rng(seed + 10_000).normal(size=8)
        places = halves(units, replicates=8, seed=seed)
        draws = np.array([sum(size[units.index(unit)] for unit in place) for place in places]) * noise
        _, low, high = intervals(draws[:, None], family=1)
        inside.append(low[0] <= truth <= high[0])
    assert np.mean(inside) >= 0.95


def test_a_pair_is_named_by_its_interval() -> None:
    def named(low: float, high: float, direction: int = 1) -> str:
        return sureness(low, high, alone=1.0, scale=10.0, direction=direction)

    assert named(0.1, 0.3) == "help"
    assert named(0.1, 0.3, -1) == "hinder"
    assert named(-0.04, 0.04) == named(0.01, 0.04) == "additive"
    assert named(-0.1, 0.3) == named(float("nan"), 0.3) == "unsure"
    assert sureness(0.0, 0.0, alone=0.0, scale=10.0, direction=1) == "none"


def test_fewer_than_two_replicates_are_refused() -> None:
    with pytest.raises(ValueError, match="1 replicates"):
        intervals(np.zeros((1, 3)), family=3)


def test_triples_follow_from_pairs_that_are_sure() -> None:
    design = fraction(NAMES[:4])
    effects = {("a",): -10.0, ("b",): -10.0, ("c",): -10.0, ("d",): -10.0, ("a", "b"): 4.0, ("b", "c"): 3.0}
    random = np.random.default_rng(1)
    responses = np.stack([planted(design, effects)[:, None] * (1.0 + 0.05 * random.normal()) + 100.0 for _ in range(8)])
    table = estimates(design, responses, {"damage": -1})
    kinds = table[table["order"] == 2].set_index("term")["kind"]
    assert kinds.to_dict() == {
        "a * b": "hinder", "b * c": "hinder", "a * c": "additive", "a * d": "additive", "b * d": "additive",
        "c * d": "additive",
    }  # fmt: skip
    assert telling_triples(table, most=3) == (("a", "b", "c"),)
    draws = np.full((8, 1, 1), 1.5) + 0.01 * random.normal(size=(8, 1, 1))
    triples = triple_estimates([("a", "b", "c")], draws, table, np.array([100.0]), {"damage": -1})
    assert triples["kind"].tolist() == ["hinder"]
    assert triples["relative"].iloc[0] == pytest.approx(1.5 / 23.0, rel=0.03)


def test_halves_complete_each_other_and_depend_on_the_seed() -> None:
    units = [f"u{at}" for at in range(7)]
    places = halves(units, replicates=8, seed=1)
    assert [len(place) for place in places] == [4, 3] * 4
    for one, other in zip(places[::2], places[1::2], strict=True):
        assert sorted((*one, *other)) == units
    assert places == halves(units, replicates=8, seed=1) != halves(units, replicates=8, seed=2)
    assert halves(["only"], replicates=3, seed=1) == (("only",),) * 3


def test_a_grid_of_units_is_coloured_as_a_checkerboard() -> None:
    cells = [(row, column) for row in range(3) for column in range(4)]
    neighbours = {
        f"{row}{column}": [f"{a}{b}" for a, b in cells if abs(a - row) + abs(b - column) == 1] for row, column in cells
    }
    colour = two_colours(neighbours)
    assert all(colour[unit] != colour[other] for unit, beside in neighbours.items() for other in beside)
    apart = two_colours({"a": [], "b": [], "c": []})
    assert set(apart.values()) == {0, 1}


@pytest.mark.parametrize("measures", [("a",), ("a", "a"), tuple("abcdefghijk")])
def test_designs_of_one_measure_of_a_double_or_of_too_many_are_refused(measures: tuple[str, ...]) -> None:
    with pytest.raises(InputError) as failure:
        fraction(measures)
    assert failure.value.text == "interactions.measures"


def test_figure_of_pairs_with_their_intervals(figure: Callable[[str], Path]) -> None:
    """Five measures on a town whose pairs are planted: what eight repetitions make of them."""
    design, random = fraction(NAMES[:5]), np.random.default_rng(7)
    effects: dict[tuple[str, ...], float] = {
        (name,): size for name, size in zip(NAMES, (-9, -6, -8, -4, -7), strict=False)
    }
    effects |= {("a", "b"): 3.0, ("b", "c"): -2.5, ("c", "e"): 0.9, ("a", "d"): 0.3}
    responses = np.stack([
        100.0 + planted(design, {term: size * random.normal(1.0, 0.25) for term, size in effects.items()})[:, None]
        for _ in range(8)
    ])  # fmt: skip
    table = estimates(design, responses, {"damage": -1})
    pairs = table[table["order"] == 2].reset_index(drop=True)
    truth = [effects.get(tuple(term.split(" * ")), 0.0) for term in pairs["term"]]
    colours = {"help": "#3b76af", "hinder": "#c8553d", "additive": "0.55", "unsure": "#d9a400"}
    words = {"help": "synergy", "hinder": "conflict", "additive": "additive", "unsure": "not sure"}
    _, axis = plt.subplots(figsize=(8.5, 3.9), layout="constrained")
    for at, row in enumerate(pairs.to_dict("records")):
        axis.plot([row["low"], row["high"]], [at, at], color=colours[row["kind"]], linewidth=3)
        axis.plot(row["effect"], at, "o", color=colours[row["kind"]])
    axis.plot(truth, range(len(pairs)), "kx", label="planted")
    axis.axvline(0.0, color="0.6", linewidth=0.8)
    axis.set_yticks(
        range(len(pairs)), [f"{term}: {words[kind]}" for term, kind in zip(pairs["term"], pairs["kind"], strict=True)]
    )
    axis.set_xlabel("joint effect on damage beyond the sum of both [% of the town's damage]")
    axis.legend(frameon=False)
    assert ((pairs["low"] <= truth) & (truth <= pairs["high"])).all()
    assert {"help", "hinder", "additive"} <= set(pairs["kind"])
    plt.savefig(figure("integrate.interactions"), dpi=110)
