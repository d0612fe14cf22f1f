"""Levees, gates, culverts and pumps of a flood: the tables it is given, and what passed their rows."""

from typing import NamedTuple

from citybraid.core.vocabulary.defences import (
    CULVERT_PEAK,
    CULVERT_VOLUME,
    GATE_PEAK,
    GATE_VOLUME,
    LEVEE_PEAK,
    LEVEE_VOLUME,
    PUMP_PEAK,
    PUMP_VOLUME,
)
from citybraid.resilience.works.links import CulvertTable, PumpTable
from citybraid.resilience.works.walls import GateTable, Levees


class Defences(NamedTuple):
    """The tables of what is built; None or without rows where there is none."""

    levees: Levees | None = None
    gates: GateTable | None = None
    culverts: CulvertTable | None = None
    pumps: PumpTable | None = None


class LeveeFlows(NamedTuple):
    """What passed over each levee, either way."""

    levee_peak: LEVEE_PEAK
    levee_volume: LEVEE_VOLUME


class GateFlows(NamedTuple):
    """What passed through each gate, either way."""

    gate_peak: GATE_PEAK
    gate_volume: GATE_VOLUME


class CulvertFlows(NamedTuple):
    """What passed through each culvert, either way."""

    culvert_peak: CULVERT_PEAK
    culvert_volume: CULVERT_VOLUME


class PumpFlows(NamedTuple):
    """What each pump lifted."""

    pump_peak: PUMP_PEAK
    pump_volume: PUMP_VOLUME


class DefenceFlows(NamedTuple):
    """What passed the works of each table, None where there is no table."""

    levees: LeveeFlows | None
    gates: GateFlows | None
    culverts: CulvertFlows | None
    pumps: PumpFlows | None
