from collections.abc import Mapping
from typing import Any

from citybraid.integrate.measures.rooftop_pv import rooftop_pv
from tests.integrate.plan import arguments


def golden_case() -> Mapping[str, Any]:
    return arguments(rooftop_pv)
