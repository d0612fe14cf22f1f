from collections.abc import Mapping
from typing import Any

from citybraid.integrate.measures.built_form import BuiltFormParams, built_form
from tests.integrate.plan import arguments


def golden_case() -> Mapping[str, Any]:
    return arguments(built_form, BuiltFormParams(year=2030))
