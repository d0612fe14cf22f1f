from collections.abc import Mapping
from typing import Any

from citybraid.integrate.measures.storage_tank import StorageTankParams, storage_tank
from tests.integrate.plan import arguments


def golden_case() -> Mapping[str, Any]:
    return arguments(storage_tank, StorageTankParams(rate=0.75), pairs={"70": 20.0, "80": 30.0})
