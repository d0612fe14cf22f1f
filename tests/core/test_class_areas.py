"""One class a cell, and areas that stay: by block, in all, and without what lies elsewhere."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.land.class_areas import (
    MOST_EVENED,
    SIDE,
    WHOLE,
    Strip,
    cells_by_area,
    class_shares,
    classes_of_strip,
    whole_shares,
)


def drawn(seed: int, classes: int, rows: int, columns: int) -> Strip:
    """Random shares, most cells nearly pure."""
    amounts = np.random.default_rng(seed).random((classes, rows, columns)) ** 6
    return tuple(range(classes)), whole_shares(amounts)


@given(st.integers(0, 99), st.integers(1, 7), st.integers(1, 21), st.integers(1, 21))
def test_each_class_has_its_area_to_a_cell(seed: int, classes: int, rows: int, columns: int) -> None:
    codes, shares = drawn(seed, classes, rows, columns)
    found = cells_by_area([(codes, shares)])
    area = shares.sum(axis=(1, 2)) / WHOLE
    cells = np.array([(found.codes == code).sum() for code in codes])
    assert np.abs(cells - area).max() <= 1.0
    assert cells.sum() == rows * columns
    assert found.off == pytest.approx(np.abs(cells - area).sum() / 2 / (rows * columns))


@given(st.integers(0, 99))
def test_each_block_has_each_class_to_a_cell(seed: int) -> None:
    _, shares = drawn(seed, 5, SIDE, 40)
    chosen = classes_of_strip(shares, 8)
    for left in range(0, 40, SIDE):
        area = shares[:, :, left : left + SIDE].sum(axis=(1, 2)) / WHOLE
        cells = np.bincount(chosen[:, left : left + SIDE].ravel(), minlength=5)
        assert np.abs(cells - area).max() < 1.0


def test_pure_cells_stay_as_they_are_and_strips_make_no_difference() -> None:
    codes = np.random.default_rng(2).choice([0, 10, 30, 80], (23, 17)).astype(np.uint8)
    whole = cells_by_area([class_shares(codes, 1, fill=True)])
    assert (whole.codes == codes).all()
    assert (whole.mixed, whole.kept, whole.off) == (0.0, 1.0, 0.0)
    samples = np.random.default_rng(3).choice([10, 30, 80], (64, 40), p=[0.2, 0.7, 0.1]).astype(np.uint8)
    once = cells_by_area([class_shares(samples, 2, fill=True)])
    parts = cells_by_area(class_shares(samples[at : at + 16], 2, fill=True) for at in range(0, 64, 16))
    assert (once.codes == parts.codes).all()
    assert once[1:] == parts[1:]


def test_a_canal_narrower_than_a_cell_lies_where_it_is() -> None:
    """A canal of 3 m in cells of 10 m: the largest class has none of it; a third of the cells along it, none beside."""
    samples = np.full((400, 400), 30, np.uint8)
    samples[:, 203:206] = 80
    found = cells_by_area([class_shares(samples, 10, fill=True)]).codes
    assert (found == 80).sum() == 12
    assert (found[:, 20] == 80).sum() == 12


def test_a_change_elsewhere_changes_no_class_here() -> None:
    """Two covers that differ in one corner differ nowhere else, but for cells that even the sum."""
    random = np.random.default_rng(5)
    before = random.choice([10, 30, 50], (200, 200), p=[0.1, 0.5, 0.4]).astype(np.uint8)
    after = before.copy()
    after[:40, :40] = 50
    first, second = (cells_by_area([class_shares(each, 5, fill=True)]).codes for each in (before, after))
    assert (first[8:] != second[8:]).sum() + (first[:8, 8:] != second[:8, 8:]).sum() <= 4


def test_specks_without_data_take_after_what_is_beside_them() -> None:
    samples = np.array([[0, 10, 0, 0], [10, 10, 0, 10]], np.uint8)
    codes, shares = class_shares(samples, 2, fill=True)
    assert codes == (0, 10)
    assert shares[1].tolist() == [[WHOLE, WHOLE // 4]]
    assert class_shares(samples, 2, fill=False)[1][1].tolist() == [[7500, 2500]]
    assert MOST_EVENED > 1
