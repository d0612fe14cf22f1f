"""Studies without buildings: roofs lie within the paved ground, where permeable paving may be laid."""

import numpy as np

from citybraid.core.finding import Finding
from citybraid.core.vocabulary.surface import COVER
from citybraid.sources.protocol.layers import Layers
from citybraid.sources.protocol.rules import RepairResult, Rules, Stage

STAGE: Stage = "checks"
READS: tuple[str, ...] = ("land_cover", "buildings")
VERSION = 1
CODES = {name: code for code, name in COVER}


def repair(layers: Layers, rules: Rules) -> RepairResult:
    """Warn that roofs count as paved ground where neither buildings nor the land cover tell them; no data change."""
    del rules
    cover = layers.get("land_cover")
    if cover is None or layers.table("buildings") is not None:
        return RepairResult(layers)
    codes = np.asarray(cover.value)
    known, paved = int((codes != 0).sum()), int((codes == CODES["paved"]).sum())
    if not paved or (codes == CODES["roof"]).any():
        return RepairResult(layers)
    values = {"share": round(100.0 * paved / known)}
    return RepairResult(layers, (Finding("warning", "intake.paved_roofs", "land_cover", paved, values),))
