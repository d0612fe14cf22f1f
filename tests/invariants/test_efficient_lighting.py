"""Invariants of the measure, drawn by hypothesis and at the corners of the ranges."""

from citybraid.integrate.measures.equipment.efficient_lighting import EfficientLightingParams, efficient_lighting
from tests.invariants.equipment import EquipmentInvariants


class TestEfficientLighting(EquipmentInvariants):
    measure = efficient_lighting
    params = EfficientLightingParams
    use = "office"
    column = "lighting_standard"
    value = "gbt50034_target"
