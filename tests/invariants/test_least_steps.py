"""Steps and blocks at the least that may be asked for: computed, not run out of memory or divided by nothing."""

import numpy as np
import pytest
from pydantic import ValidationError

from citybraid.core.group import flatten
from citybraid.core.model import Params
from citybraid.kernels.ecology.barriers import improvement_score
from tests.discovered import models
from tests.golden.values import golden_case

LEAST = {
    "design_storm": "step", "tide_level": "step", "typhoon_wind": "step", "gauge_rain": "block",
    "moving_storm": "block", "consolidation": "thickness",
}  # fmt: skip
"""Parameters that a count of steps, or a quotient, follows from; they took 1e-300."""


@pytest.mark.parametrize(("name", "parameter"), LEAST.items())
def test_the_least_is_computed_and_less_is_refused(name: str, parameter: str) -> None:
    model = next(each for each in models() if each.name == name)
    case = dict(golden_case(model))
    kind = model.params
    assert kind is not None
    given = next(value for value in case.values() if isinstance(value, Params))
    slot = next(key for key, value in case.items() if value is given)
    least = next(part.ge for part in kind.model_fields[parameter].metadata if hasattr(part, "ge"))
    with pytest.raises(ValidationError):
        kind(**{**given.model_dump(), parameter: least / 2.0})
    made = flatten(model.of({**case, slot: kind(**{**given.model_dump(), parameter: least})}))
    assert all(np.isfinite(np.asarray(value, dtype=float)).any() for value in made.values())


def test_a_barrier_wider_than_the_map_takes_no_memory_of_its_own() -> None:
    """A disc of 100 km on a map of 60 m ended in a MemoryError."""
    resistance, whole = np.ones((6, 6)), np.ones((6, 6), np.bool_)
    patches = [np.zeros((6, 6), np.bool_) for _ in range(2)]
    patches[0][0, 0] = patches[1][5, 5] = True
    scores = [
        improvement_score(resistance, whole, patches, cell=(10.0, 10.0), width=width, restored=1.0)
        for width in (1e5, 200.0)
    ]
    assert np.array_equal(scores[0], np.zeros((6, 6)))
    assert np.array_equal(scores[1], scores[0])
