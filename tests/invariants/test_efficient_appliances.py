"""Invariants of the measure, drawn by hypothesis and at the corners of the ranges."""

from citybraid.integrate.measures.equipment.efficient_appliances import EfficientAppliancesParams, efficient_appliances
from tests.invariants.equipment import EquipmentInvariants


class TestEfficientAppliances(EquipmentInvariants):
    measure = efficient_appliances
    params = EfficientAppliancesParams
    use = "residential"
    column = "equipment_standard"
    value = "best_available"
