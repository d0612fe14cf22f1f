"""Invariants of the measure, drawn by hypothesis and at the corners of the ranges."""

from citybraid.integrate.measures.equipment.heat_pump import HeatPumpParams, heat_pump
from tests.invariants.equipment import EquipmentInvariants


class TestHeatPump(EquipmentInvariants):
    measure = heat_pump
    params = HeatPumpParams
    use = "residential"
    column = "heating_system"
    value = "heat_pump"
