"""Cooling capacity and what parks lend, against InVEST's own test of its urban cooling model."""

import json
from pathlib import Path

import numpy as np
import pytest

from citybraid.kernels.climate.cooling import cooling_index, heat_mitigation, park_cooling
from citybraid.kernels.numerics.classes import values_by_class


@pytest.mark.case("validation/ecology_units")
def test_cooling_capacity_and_parks(cases: Path) -> None:
    file = cases / "validation/ecology_units/cases.json"
    case = json.loads(file.read_text(encoding="utf-8"))["urban_cooling_cc"]
    cover, evaporation = np.array(case["lulc"]), np.array(case["et0"], dtype=np.float64)
    shade, albedo, coefficient, green = (
        values_by_class(cover, {int(code): value for code, value in case[name].items()})
        for name in ("shade", "albedo", "kc", "green")
    )
    capacity = cooling_index(shade, albedo, coefficient * evaporation / evaporation.max())
    # The published values are rounded to five or six digits
    np.testing.assert_allclose(capacity, case["expected_cc"], atol=case["tol"], rtol=case["tol"])
    mask, cell = np.ones(cover.shape, dtype=np.uint8), (float(case["pixel_m"]), float(case["pixel_m"]))
    lent = park_cooling(capacity, green, mask, cell=cell, distance=case["cooling_distance_m"])
    np.testing.assert_allclose(lent, case["expected_cc_park"], atol=case["tol"])
    # Eq. 4 by hand: the disc of 90 m holds 29 cells of 900 m2, parts beyond the edge count as the rest
    mitigation = heat_mitigation(capacity, green, mask, cell=cell, distance=90.0, smallest=0.0)
    np.testing.assert_allclose(mitigation, np.maximum(capacity, lent), atol=1e-12)
    np.testing.assert_array_equal(
        heat_mitigation(capacity, green, mask, cell=cell, distance=90.0, smallest=1e9), capacity
    )
