"""Invariants of the measure, drawn by hypothesis and at the corners of the ranges."""

from citybraid.integrate.measures.equipment.industrial_efficiency import (
    IndustrialEfficiencyParams,
    industrial_efficiency,
)
from tests.invariants.equipment import EquipmentInvariants


class TestIndustrialEfficiency(EquipmentInvariants):
    measure = industrial_efficiency
    params = IndustrialEfficiencyParams
    use = "industrial"
    column = "equipment_standard"
    value = "industry_plan"
