"""Levees, gates, culverts and pumps of a flood as kernel arrays, and the flow of each."""

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
from odc.geo.geobox import GeoBox

from citybraid.kernels.flood.links import Culverts, Pumps
from citybraid.kernels.flood.passage import PEAK, VOLUME, Passage
from citybraid.kernels.flood.state import CLOSED_FACE, I32, Bed
from citybraid.kernels.flood.structures import Structures
from citybraid.kernels.flood.walls import Gates, Walls
from citybraid.resilience.flood.defences import CulvertFlows, DefenceFlows, Defences, GateFlows, LeveeFlows, PumpFlows
from citybraid.resilience.flood.grid import Domain, bed_levels
from citybraid.resilience.works.culvert_rating import DEPTHS, HEADS
from citybraid.resilience.works.links import Lifts, Pipes, lifts, pipes
from citybraid.resilience.works.walls import Faces, Openings, Site, ends_of, gate_openings, levee_faces

NO_FACES = Faces(np.zeros((0, 4), np.int32), np.zeros(0), np.zeros(0), np.zeros(0, np.int32))
_NONE, _NONE32 = np.zeros(0), np.zeros(0, np.int32)
NO_OPENINGS = Openings(
    NO_FACES.cells, _NONE, _NONE, _NONE, _NONE32, np.zeros((0, 2), np.int32), _NONE, _NONE,
    np.zeros((0, 2)), _NONE32,
)  # fmt: skip
NO_PIPES = Pipes(
    NO_FACES.cells, np.zeros((0, 2)), _NONE, _NONE, _NONE, _NONE32, np.zeros((0, 3, DEPTHS)), np.zeros((0, 2, HEADS)),
    np.zeros((0, 2, 3)), np.zeros((0, 2)),
)  # fmt: skip
NO_LIFTS = Lifts(NO_FACES.cells, _NONE, _NONE, _NONE)


def structure_arrays(defences: Defences, site: Site, law: Mapping[str, float]) -> Structures:
    """Return the structures as kernel arrays, without any flow yet.

    Raises InputError where a structure's place or values are invalid, and where gates have no levee.
    """
    faces = levee_faces(defences.levees, site) if _has_rows(defences.levees) else NO_FACES
    openings = NO_OPENINGS
    if _has_rows(defences.gates):
        openings = gate_openings(defences.gates, faces, site)
    culverts = pipes(defences.culverts, site, law) if _has_rows(defences.culverts) else NO_PIPES
    pumps = lifts(defences.pumps, site) if _has_rows(defences.pumps) else NO_LIFTS
    meeting = np.zeros(site.bed.shape, np.int64)
    for cells in (faces.cells, openings.cells, culverts.cells):
        for end in ends_of(cells):
            np.add.at(meeting, end, 1)

    def passage(cells: I32, of: I32, table: gpd.GeoDataFrame | None) -> Passage:
        ends = ends_of(cells)
        bed = np.stack([site.bed[end] for end in ends], axis=1)
        most = np.maximum(np.maximum(meeting[ends[0]], meeting[ends[1]]), 1)
        rows = 0 if table is None else len(table)
        return Passage(np.ascontiguousarray(cells), bed, 1.0 / most, of, np.zeros(len(cells)), np.zeros((rows, 3)))

    weir = np.array([law["wall/weir"], law["submergence"], 0.0])
    through = np.array([law["gate/weir"], law["submergence"], law["gate/orifice"]])
    rising = np.where(openings.opens >= openings.shuts, 1.0, -1.0)
    return Structures(
        Walls(passage(faces.cells, faces.of, defences.levees), faces.crest, faces.width, weir),
        Gates(
            passage(openings.cells, openings.of, defences.gates), openings.sill, openings.height, openings.width,
            openings.flap, openings.watched, site.bed[openings.watched[:, 0], openings.watched[:, 1]], rising,
            openings.opens, openings.shuts, openings.hours, (rising < 0.0).astype(np.int32), through,
        ),
        Culverts(passage(culverts.cells, _row_numbers(culverts.cells), defences.culverts), *culverts[1:]),
        Pumps(
            passage(pumps.cells, _row_numbers(pumps.cells), defences.pumps), *pumps[1:], 0 * _row_numbers(pumps.cells)
        ),
    )  # fmt: skip


def _has_rows(table: gpd.GeoDataFrame | None) -> bool:
    return table is not None and len(table) > 0


def _row_numbers(cells: I32) -> I32:
    return np.arange(len(cells), dtype=np.int32)


def build_structures(
    defences: Defences, bed: Bed, domain: Domain, grid: GeoBox, *, law: Mapping[str, float]
) -> Structures:
    """Return the structures, as `structure_arrays`, and close the bed's faces under walls to the face flux."""
    structures = structure_arrays(defences, Site(bed_levels(domain), domain.open, domain.inside, grid, bed.size), law)
    (row, column), (other_row, _) = ends_of(structures.walls.passage.cells)
    beside = row == other_row
    bed.fall_x[row[beside], column[beside]] = CLOSED_FACE
    bed.fall_y[row[~beside], column[~beside]] = CLOSED_FACE
    return structures


def structures_or_none(structures: Structures) -> Structures | None:
    """Return the structures, None where there are none: their kernels are then left out."""
    passages = (
        structures.walls.passage,
        structures.gates.passage,
        structures.culverts.passage,
        structures.pumps.passage,
    )
    return structures if any(len(passage.cells) for passage in passages) else None


def structure_flows(structures: Structures, defences: Defences) -> DefenceFlows:
    """Return the flow of each structure so far, None for absent tables."""
    return DefenceFlows(
        None if defences.levees is None else LeveeFlows(*_peak_and_volume(structures.walls.passage, defences.levees)),
        None if defences.gates is None else GateFlows(*_peak_and_volume(structures.gates.passage, defences.gates)),
        None
        if defences.culverts is None
        else CulvertFlows(*_peak_and_volume(structures.culverts.passage, defences.culverts)),
        None if defences.pumps is None else PumpFlows(*_peak_and_volume(structures.pumps.passage, defences.pumps)),
    )


def _peak_and_volume(passage: Passage, table: gpd.GeoDataFrame) -> tuple[pd.Series, pd.Series]:
    """Return the peak discharge and the volume of each row of a table."""
    peak, volume = (pd.Series(passage.passed[:, of], index=table.index, dtype=np.float64) for of in (PEAK, VOLUME))
    return peak, volume
