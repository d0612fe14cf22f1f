"""Garbage collection while a block runs."""

import gc
import platform
import subprocess
import sys

import pytest

from citybraid.core.memory import SELDOM, USUAL, libraries_at_rest


def test_objects_are_left_out_of_collection_and_come_back() -> None:
    gc.unfreeze()
    with libraries_at_rest():
        assert gc.get_freeze_count() > 10_000
        assert len(gc.get_objects()) < 10_000
        assert gc.get_threshold() == (*USUAL[:2], SELDOM)
    assert gc.get_freeze_count() == 0
    assert gc.get_threshold() == USUAL


def test_objects_come_back_after_an_error() -> None:
    with pytest.raises(ValueError, match="a run that fails"), libraries_at_rest():
        raise ValueError("a run that fails")
    assert gc.get_freeze_count() == 0


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries have no such setting")
def test_arrays_take_the_memory_of_those_before_them() -> None:
    program = """
import resource
import numpy as np
from citybraid.core.memory import keep_freed_memory

def faults():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(20):
        arrays = [np.ones(160_000) for _ in range(12)]
        del arrays
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

faults()
usual = faults()
assert keep_freed_memory()
faults()
print(usual, faults())
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    usual, kept = map(int, done.stdout.split())
    assert kept < usual / 20
