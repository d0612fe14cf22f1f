"""Garbage collection while a block runs."""

import gc

import pytest

from citybraid.core.memory import SELDOM, USUAL, libraries_at_rest


def test_objects_are_left_out_of_collection_and_come_back() -> None:
    before = gc.get_freeze_count()
    with libraries_at_rest():
        assert gc.get_freeze_count() > before + 10_000
        assert len(gc.get_objects()) < 10_000
        assert gc.get_threshold() == (*USUAL[:2], SELDOM)
    assert gc.get_freeze_count() == 0
    assert gc.get_threshold() == USUAL


def test_objects_come_back_after_an_error() -> None:
    with pytest.raises(ValueError, match="a run that fails"), libraries_at_rest():
        raise ValueError("a run that fails")
    assert gc.get_freeze_count() == 0
