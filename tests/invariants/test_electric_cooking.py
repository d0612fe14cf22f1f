"""Invariants of the measure, drawn by hypothesis and at the corners of the ranges."""

from citybraid.integrate.measures.equipment.electric_cooking import ElectricCookingParams, electric_cooking
from tests.invariants.equipment import EquipmentInvariants


class TestElectricCooking(EquipmentInvariants):
    measure = electric_cooking
    params = ElectricCookingParams
    use = "residential"
    column = "cooking_system"
    value = "electric"
