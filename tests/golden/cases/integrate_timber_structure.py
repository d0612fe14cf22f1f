from collections.abc import Mapping
from typing import Any

from citybraid.integrate.measures.structure.timber_structure import timber_structure
from tests.integrate.plan import arguments
from tests.integrate.test_structure_measures import NEW


def golden_case() -> Mapping[str, Any]:
    given = arguments(timber_structure)
    return given | {"buildings": NEW[list(given["buildings"].columns)]}
