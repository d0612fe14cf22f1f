"""Half the manure of a thousand pigs in one of two units."""

from collections.abc import Mapping
from typing import Any

from citybraid.core.factor import resolve
from citybraid.integrate.measures.biogas_digester import BiogasDigesterParams
from tests.integrate.plan import UNITS
from tests.lowcarbon.test_farming import village


def golden_case() -> Mapping[str, Any]:
    return {
        "villages": village(pigs=[1000.0]).set_crs(UNITS.crs, allow_override=True),
        "units": UNITS.assign(biogas_capacity=0.0), "digester": resolve("digester"),
        "p": BiogasDigesterParams(share=0.5),
    }  # fmt: skip
