"""A town of planned blocks: one becomes offices, one is built higher, all others stay."""

from collections.abc import Mapping
from typing import Any

from citybraid.integrate.measures.form.changed_parcels import ChangedParcelsParams
from tests.integrate.growing_town import parcels


def golden_case() -> Mapping[str, Any]:
    changes = {"p00": {"land_use": "0902", "floor_area_ratio": 2.5}, "p55": {"height_limit": 60.0, "green_ratio": 0.35}}
    return {"parcels": parcels(), "p": ChangedParcelsParams.model_validate({"parcels": changes})}
