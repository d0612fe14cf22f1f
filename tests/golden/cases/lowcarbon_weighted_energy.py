"""A heat pump, photovoltaics and a cogenerator of wood over three steps, part of the power exported."""

from collections.abc import Mapping
from typing import Any

from citybraid.lowcarbon.supply.weighted_energy import WeightedEnergyParams

COMPONENTS = """1,CONSUMO,CAL,ELECTRICIDAD,20,10,5
1,CONSUMO,CAL,EAMBIENTE,50,25,10
1,AUX,1,1,1
2,PRODUCCION,EL_INSITU,5,12,25
3,CONSUMO,COGEN,BIOMASA,12,12,0
3,PRODUCCION,EL_COGEN,4,4,0
CONSUMO,NEPB,ELECTRICIDAD,3,3,3
"""
WEIGHTS = """vector, fuente, uso, step, ren, nren, co2
ELECTRICIDAD, RED, SUMINISTRO, A, 0.5, 2.0, 0.42
ELECTRICIDAD, INSITU, SUMINISTRO, A, 1.0, 0.0, 0.0
EAMBIENTE, INSITU, SUMINISTRO, A, 1.0, 0.0, 0.0
BIOMASA, RED, SUMINISTRO, A, 1.0, 0.1, 0.07
GASNATURAL, RED, SUMINISTRO, A, 0.0, 1.1, 0.22
"""


def golden_case() -> Mapping[str, Any]:
    return {
        "energy_components": COMPONENTS,
        "energy_weights": WEIGHTS,
        "p": WeightedEnergyParams(k_exp=0.5, reference_area=10.0, load_matching=True),
    }
