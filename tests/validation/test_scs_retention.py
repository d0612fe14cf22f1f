"""Potential retention of the curve number method (natcap/invest test values)."""

import json
from pathlib import Path

import numpy as np
import pytest

from citybraid.resilience.ground.runoff import retention


@pytest.mark.case("validation/ecology_units/cases.json")
def test_scs_retention(cases: Path) -> None:
    given = json.loads((cases / "validation" / "ecology_units" / "cases.json").read_text(encoding="utf-8"))["scs_smax"]
    pairs = [(number, want) for number, want in zip(given["CN"], given["Smax_mm"], strict=True) if number > 0]
    assert len(pairs) == 4
    numbers, wants = np.array(pairs, dtype=np.float64).T
    np.testing.assert_allclose(retention(numbers), wants, atol=1e-3)
