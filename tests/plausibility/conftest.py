"""Plausibility: the numbers of the demo computed by another route, as a reviewer would with a pencil.

Every test takes what lies at the start of a chain in a run's store (rasters, footprints, storeys, uses) and the numbers
that the cited publications print, typed in here again, and reaches the indicator without the program's models. A number
that both routes give can still be wrong; one that they do not give alike is not published.

The ten numbers, by file:

| number | where |
|---|---|
| damage below the floor | test_damage.py |
| existing residents under a plan | test_residents.py |
| runoff control: target, and the two methods | test_runoff_control.py |
| measures that do not serve their objective | test_objectives.py |
| what lies outside published ranges | test_ranges.py |
| years of works, a rain garden, solar power of a day, keep or rebuild, floors, mixed uses | test_six_by_hand.py |
| bridges, flooded area, temperatures, energy of homes, the end of an event | files of their own |

All of them read one run of the demo town on cells of 40 m. Figures of the demo itself, on 5 m, stand in docstrings.
"""

from tests.study.conftest import ran, town

__all__ = ["ran", "town"]
