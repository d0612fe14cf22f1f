"""Twelve houses under nine floods."""

from collections.abc import Mapping
from typing import Any

from citybraid.resilience.damage.damage_draws import DamageDrawsParams
from tests.resilience.ensemble import all_facts, ensemble, houses


def golden_case() -> Mapping[str, Any]:
    table = houses(12)
    return {"buildings": table, **ensemble(table), **all_facts(), "p": DamageDrawsParams(draws=64)}
