from collections.abc import Mapping
from typing import Any

from citybraid.integrate.measures.envelope_retrofit import envelope_retrofit
from tests.integrate.plan import arguments


def golden_case() -> Mapping[str, Any]:
    return arguments(envelope_retrofit)
