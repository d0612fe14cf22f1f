from collections.abc import Mapping
from typing import Any

from citybraid.integrate.measures.early_warning import early_warning
from tests.integrate.plan import arguments


def golden_case() -> Mapping[str, Any]:
    return arguments(early_warning)
