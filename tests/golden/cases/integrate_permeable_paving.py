from collections.abc import Mapping
from typing import Any

from citybraid.integrate.measures.permeable_paving import permeable_paving
from tests.integrate.plan import arguments


def golden_case() -> Mapping[str, Any]:
    return arguments(permeable_paving)
