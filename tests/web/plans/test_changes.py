"""What one change of a plan may hold."""

import json

import pytest
from pydantic import ValidationError

from citybraid.web.application.security import MOST_BYTES
from citybraid.web.plans.changes import MOST_PARCELS, Controls


def controls(count: int) -> dict[str, object]:
    """Return a change of so many parcels, named as cadastres do."""
    return {
        "kind": "controls",
        "parcels": [f"330402-{number:06d}" for number in range(count)],
        "values": {"floor_area_ratio": 1.8},
    }


def test_all_parcels_of_a_large_plan_change_at_once_in_a_request_that_the_server_takes() -> None:
    assert len(Controls.model_validate(controls(5041)).parcels) == 5041
    assert len(json.dumps(controls(MOST_PARCELS))) < MOST_BYTES
    with pytest.raises(ValidationError):
        Controls.model_validate(controls(MOST_PARCELS + 1))
