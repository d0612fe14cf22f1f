from collections.abc import Mapping
from typing import Any

from citybraid.integrate.measures.woodland import woodland
from tests.integrate.plan import arguments


def golden_case() -> Mapping[str, Any]:
    return arguments(woodland)
