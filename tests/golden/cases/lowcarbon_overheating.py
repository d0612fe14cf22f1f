"""Two homes of six storeys and one storey, an old and a new one, beside an office, in a made-up year."""

from collections.abc import Mapping
from typing import Any

from tests.overheating_case import homes, inputs


def golden_case() -> Mapping[str, Any]:
    return inputs(homes())
