"""Knapsacks and hypervolumes by the public names: published optima, all choices tried, fronts by formula."""

from itertools import product

import numpy as np
import pytest

import citybraid as cb
from citybraid.core.errors import PlanError

P07 = (
    750, (70, 73, 77, 80, 82, 87, 90, 94, 98, 106, 110, 113, 115, 118, 120),
    (135, 139, 149, 150, 156, 163, 173, 184, 192, 201, 210, 214, 221, 229, 240), 1458,
)  # fmt: skip
P08 = (
    6404180,
    (382745, 799601, 909247, 729069, 467902, 44328, 34610, 698150, 823460, 903959, 853665, 551830, 610856, 670702,
     488960, 951111, 323046, 446298, 931161, 31385, 496951, 264724, 224916, 169684),
    (825594, 1677009, 1676628, 1523970, 943972, 97426, 69666, 1296457, 1679693, 1902996, 1844992, 1049289, 1252836,
     1319836, 953277, 2067538, 675367, 853655, 1826027, 65731, 901489, 577243, 466257, 369261), 13549094,
)  # fmt: skip


@pytest.mark.parametrize("known", [P07, P08], ids=["P07", "P08"])
def test_published_optima(known: tuple[int, tuple[int, ...], tuple[int, ...], int]) -> None:
    """P07 and P08 of Burkardt's knapsacks (Kreher and Stinson 1998)."""
    capacity, weights, profits, optimum = known
    found = cb.knapsack(profits, weights, capacity)
    assert found.value == optimum
    assert found.bound == pytest.approx(optimum, rel=1e-12)
    assert found.weight <= capacity
    assert found.weight == sum(weight for weight, level in zip(weights, found.chosen, strict=True) if level == 0)


@pytest.mark.parametrize("required", [False, True])
def test_multiple_choice_by_trying_all(required: bool) -> None:
    drawn = np.random.default_rng(5)
    for _ in range(6):
        value, weight = drawn.integers(1, 60, (4, 3)), drawn.integers(1, 40, (4, 3))
        capacity = int(weight.min(axis=1).sum()) + 9
        worth, load = (np.pad(each, ((0, 0), (0, int(not required)))) for each in (value, weight))
        rows = np.arange(4)
        best = max(
            worth[rows, each].sum() for each in product(range(worth.shape[1]), repeat=4)
            if load[rows, each].sum() <= capacity
        )  # fmt: skip
        found = cb.knapsack(value, weight, capacity, required=required)
        assert found.value == best
        assert not required or min(found.chosen) >= 0


def test_front_of_separate_pieces() -> None:
    """ZDT3 (Zitzler 2000): the area under the lowest point so far, by integration."""
    first = np.linspace(0.0, 1.0, 200_001)
    second = 1.0 - np.sqrt(first) - first * np.sin(10.0 * np.pi * first)
    lowest = np.minimum.accumulate(second)
    area = np.trapezoid(1.1 - lowest, first) + 0.1 * (1.1 - lowest[-1])
    assert cb.hypervolume(np.column_stack([first, second]), (1.1, 1.1)) == pytest.approx(area, abs=2e-5)


@pytest.mark.parametrize("goals", [2, 3, 4])
def test_volume_by_inclusion_and_exclusion(goals: int) -> None:
    points = np.random.default_rng(goals).uniform(0.0, 1.2, (5, goals))
    reference = np.ones(goals)
    volume = 0.0
    for taken in product((False, True), repeat=5):
        if any(taken):
            side = np.clip(reference - points[list(taken)].max(axis=0), 0.0, None)
            volume -= (-1.0) ** sum(taken) * float(side.prod())
    assert cb.hypervolume(points, reference) == pytest.approx(volume, rel=1e-12)


def test_a_plane_front_of_three_goals() -> None:
    """DTLZ1's front f1 + f2 + f3 = 0.5: one less a corner of 0.5 cubed over 6."""
    side = np.linspace(0.0, 0.5, 41)
    one, two = (each.ravel() for each in np.meshgrid(side, side))
    points = np.column_stack([one, two, 0.5 - one - two])[one + two <= 0.5 + 1e-12]
    assert cb.hypervolume(points, np.ones(3)) == pytest.approx(1.0 - 0.5**3 / 6.0, abs=0.005)


def test_what_is_none_is_refused() -> None:
    for give in (
        lambda: cb.knapsack([1, 2], [1], 3), lambda: cb.knapsack(["1", "x"], [1, 2], 3),
        lambda: cb.knapsack([np.nan], [1], 3), lambda: cb.knapsack([[5]], [[9]], 3, required=True),
        lambda: cb.hypervolume([[0.0]], [1.0]), lambda: cb.hypervolume([[0.0, 0.0]], [1.0]),
        lambda: cb.hypervolume(np.zeros((1, 6)), np.ones(6)),
    ):  # fmt: skip
        with pytest.raises(PlanError) as caught:
            give()
        assert all(caught.value.say(language) for language in ("en", "zh"))
