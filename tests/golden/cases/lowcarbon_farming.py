"""Two villages, one with digesters, with the shipped factors of Zhejiang."""

from collections.abc import Mapping
from typing import Any

from citybraid.core.factor import resolve
from citybraid.lowcarbon.farming.farming import Animals, Stoves
from tests.lowcarbon.test_farming import FACTORS, village


def golden_case() -> Mapping[str, Any]:
    table = village(
        rice_area=[5e5, 0.0], pigs=[1000.0, 500.0], dairy_cattle=[0.0, 40.0], nitrogen_fertiliser=[10.0, 4.0],
        straw_burnt=[20.0, 0.0], straw_fuel=[5.0, 8.0], household_coal=[3.0, 1.0], biogas_share=[0.0, 0.5],
    )  # fmt: skip
    names = (*FACTORS, *Animals._fields, *Stoves._fields)
    return {"villages": table} | {name: resolve(name, region="CN-ZJ") for name in names}
