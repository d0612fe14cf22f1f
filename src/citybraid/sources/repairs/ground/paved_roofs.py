"""Land cover without roofs: they lie within the paved ground, where measures on paving may be placed."""

import numpy as np

from citybraid.core.finding import Finding
from citybraid.core.vocabulary.surface import COVER
from citybraid.sources.protocol.layers import Layers
from citybraid.sources.protocol.rules import RepairResult, Rules, Stage
from citybraid.sources.raster.class_overlay import overlay_classes

STAGE: Stage = "checks"
READS: tuple[str, ...] = ("land_cover", "buildings")
VERSION = 2
CODES = {name: code for code, name in COVER}


def repair(layers: Layers, rules: Rules) -> RepairResult:
    """Warn that roofs count as paved ground where the land cover does not tell them; no data change.

    Without buildings the share of paved ground is told, with them how much of it lies under buildings.
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
    under = paved & (overlay_classes(cover.grid, roofs, start=codes) == CODES["roof"])
    if not under.any():
        return RepairResult(layers)
    values = {"share": round(100.0 * under.sum() / paved.sum(), 1)}
    return RepairResult(layers, (Finding("warning", "intake.roofs_paved", "land_cover", int(under.sum()), values),))
