from collections.abc import Mapping
from typing import Any

from citybraid.integrate.measures.structure.low_carbon_concrete import low_carbon_concrete
from tests.integrate.plan import arguments
from tests.integrate.test_structure_measures import NEW


def golden_case() -> Mapping[str, Any]:
    given = arguments(low_carbon_concrete)
    return given | {"buildings": NEW[list(given["buildings"].columns)]}
