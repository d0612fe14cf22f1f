"""Levees, gates, culverts and pumps of a flood: input tables, and the flows of their rows."""

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
    """Tables of structures; None or without rows where there is none."""

    levees: Levees | None = None
    gates: GateTable | None = None
    culverts: CulvertTable | None = None
    pumps: PumpTable | None = None


class LeveeFlows(NamedTuple):
    """Flow over each levee, in both directions."""

    levee_peak: LEVEE_PEAK
    levee_volume: LEVEE_VOLUME


class GateFlows(NamedTuple):
    """Flow through each gate, in both directions."""

    gate_peak: GATE_PEAK
    gate_volume: GATE_VOLUME


class CulvertFlows(NamedTuple):
    """Flow through each culvert, in both directions."""

    culvert_peak: CULVERT_PEAK
    culvert_volume: CULVERT_VOLUME


class PumpFlows(NamedTuple):
    """Flow of each pump."""

    pump_peak: PUMP_PEAK
    pump_volume: PUMP_VOLUME


class DefenceFlows(NamedTuple):
    """Flows of the structures of each table, None where there is no table."""

    levees: LeveeFlows | None
    gates: GateFlows | None
    culverts: CulvertFlows | None
    pumps: PumpFlows | None
