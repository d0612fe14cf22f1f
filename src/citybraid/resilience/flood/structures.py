"""Levees, gates, culverts and pumps of a flood as the kernel wants them, and what has passed each."""

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
from citybraid.resilience.flood.grid import Cells, levels
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


def structures(built: Defences, site: Site, law: Mapping[str, float]) -> Structures:
    """Return what is built as the kernel wants it, nothing having passed yet.

    Raises InputError where a structure cannot stand where or as it is stated, and where gates have no levee.
    """
    faces = levee_faces(built.levees, site) if _some(built.levees) else NO_FACES
    openings = NO_OPENINGS
    if _some(built.gates):
        openings = gate_openings(built.gates, faces, site)
    found = pipes(built.culverts, site, law) if _some(built.culverts) else NO_PIPES
    lifted = lifts(built.pumps, site) if _some(built.pumps) else NO_LIFTS
    meeting = np.zeros(site.bed.shape, np.int64)
    for cells in (faces.cells, openings.cells, found.cells):
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
        Walls(passage(faces.cells, faces.of, built.levees), faces.crest, faces.width, weir),
        Gates(
            passage(openings.cells, openings.of, built.gates), openings.sill, openings.height, openings.width,
            openings.flap, openings.watched, site.bed[openings.watched[:, 0], openings.watched[:, 1]], rising,
            openings.opens, openings.shuts, openings.hours, (rising < 0.0).astype(np.int32), through,
        ),
        Culverts(passage(found.cells, _each(found.cells), built.culverts), *found[1:]),
        Pumps(passage(lifted.cells, _each(lifted.cells), built.pumps), *lifted[1:], 0 * _each(lifted.cells)),
    )  # fmt: skip


def _some(table: gpd.GeoDataFrame | None) -> bool:
    return table is not None and len(table) > 0


def _each(cells: I32) -> I32:
    return np.arange(len(cells), dtype=np.int32)


def raised(built: Defences, bed: Bed, found: Cells, grid: GeoBox, *, law: Mapping[str, float]) -> Structures:
    """Return what is built, as `structures`, and close the bed's faces under walls to the ordinary flux."""
    made = structures(built, Site(levels(found), found.open, found.inside, grid, bed.size), law)
    (row, column), (other_row, _) = ends_of(made.walls.passage.cells)
    beside = row == other_row
    bed.fall_x[row[beside], column[beside]] = CLOSED_FACE
    bed.fall_y[row[~beside], column[~beside]] = CLOSED_FACE
    return made


def acting(made: Structures) -> Structures | None:
    """Return what is built, None where nothing is: a run then does without."""
    passages = (made.walls.passage, made.gates.passage, made.culverts.passage, made.pumps.passage)
    return made if any(len(passage.cells) for passage in passages) else None


def passed(made: Structures, built: Defences) -> DefenceFlows:
    """Return what has passed each structure so far, None for tables that are not there."""
    return DefenceFlows(
        None if built.levees is None else LeveeFlows(*_of_rows(made.walls.passage, built.levees)),
        None if built.gates is None else GateFlows(*_of_rows(made.gates.passage, built.gates)),
        None if built.culverts is None else CulvertFlows(*_of_rows(made.culverts.passage, built.culverts)),
        None if built.pumps is None else PumpFlows(*_of_rows(made.pumps.passage, built.pumps)),
    )


def _of_rows(passage: Passage, table: gpd.GeoDataFrame) -> tuple[pd.Series, pd.Series]:
    """Return the greatest discharge and the volume of each row of a table."""
    peak, volume = (pd.Series(passage.passed[:, of], index=table.index, dtype=np.float64) for of in (PEAK, VOLUME))
    return peak, volume
