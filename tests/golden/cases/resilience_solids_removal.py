"""Two parcels, one with a tank, a tenth of the ground permeable."""

from collections.abc import Mapping
from typing import Any

from tests.resilience.sponge_town import layer, parcels, town
from tests.resilience.test_solids_removal import REMOVAL, STORAGE


def golden_case() -> Mapping[str, Any]:
    words = town(permeable_paving=layer(0.1), parcels=parcels(detention_storage=[5.0, 0.0]))
    del words["land_cover"]
    return {**words, "annual_runoff_control": layer(0.6), "removal": REMOVAL, "facility_storage": STORAGE}
