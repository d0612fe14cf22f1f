from collections.abc import Mapping
from typing import Any

from citybraid.integrate.measures.street_trees import street_trees
from tests.integrate.plan import arguments


def golden_case() -> Mapping[str, Any]:
    return arguments(street_trees)
