"""Land cover without roofs: the outlines of buildings are burnt into it, as nothing is paved or sown under them."""

from dataclasses import replace

import numpy as np

from citybraid.core.finding import Finding
from citybraid.core.land.class_areas import cells_by_area
from citybraid.core.vocabulary.surface import COVER
from citybraid.sources.protocol.layers import Layers
from citybraid.sources.protocol.rules import RepairResult, Rules, Stage
from citybraid.sources.raster.class_overlay import Classes, overlay_shares

STAGE: Stage = "ground"
READS: tuple[str, ...] = ("land_cover", "buildings")
VERSION = 4
CODES = {name: code for code, name in COVER}
KEPT = (0, CODES["water"], CODES["wetland"])
"""Cover that no roof replaces: unknown, and water, which an outline overlaps by an error of position."""


def repair(layers: Layers, rules: Rules) -> RepairResult:
    """Burn roofs into a land cover that has paved ground and no roofs; without buildings only tell the paved share.

    Such classes (built-up land) hold roofs and yards alike: paving laid or taken up on them would lie under buildings.
    As many cells become roof as buildings cover, those that they cover most: the rest keep their ground.
    Land cover with roofs stays as it is.
    """
    del rules
    cover, buildings = layers.get("land_cover"), layers.table("buildings")
    if cover is None:
        return RepairResult(layers)
    codes = np.asarray(cover.value)
    paved = codes == CODES["paved"]
    if not paved.any() or (codes == CODES["roof"]).any():
        return RepairResult(layers)
    if buildings is None:
        values = {"share": round(100.0 * paved.sum() / (codes != 0).sum())}
        return RepairResult(layers, (Finding("warning", "intake.paved_roofs", "land_cover", int(paved.sum()), values),))
    if cover.grid is None:
        return RepairResult(layers)
    roofs = [(buildings.geometry, [CODES["roof"]] * len(buildings))]
    shared = cells_by_area(overlay_shares(cover.grid, roofs, start=codes.astype(np.uint8))).codes
    under = (shared == CODES["roof"]) & ~np.isin(codes, KEPT)
    if not under.any():
        return RepairResult(layers)
    burnt = replace(cover, value=cover.value.copy(data=np.where(under, CODES["roof"], codes).astype(codes.dtype)))
    parts = {"share": round(100.0 * (under & paved).sum() / paved.sum(), 1), "others": int((under & ~paved).sum())}
    note = Finding("repaired", "intake.roofs_burnt", "land_cover", int(under.sum()), parts)
    return RepairResult(_known(layers.put(burnt), under), (note,))


def _known(layers: Layers, under: Classes) -> Layers:
    """Return layers in which the ground under buildings is no longer of an assumed class."""
    assumed = layers.get("assumed_land_cover")
    if assumed is None:
        return layers
    codes = np.asarray(assumed.value)
    return layers.put(replace(assumed, value=assumed.value.copy(data=np.where(under, 0, codes).astype(codes.dtype))))
