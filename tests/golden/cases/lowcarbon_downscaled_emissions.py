"""A plan with a hundredth of its city: homes, an office, cars and aircraft."""

from collections.abc import Mapping
from typing import Any

from tests.downscaling_town import town


def golden_case() -> Mapping[str, Any]:
    return town()
