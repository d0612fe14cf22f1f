"""Length of verge available for trees, where no column states it: a share of both sides of a street."""

from citybraid.core.finding import Finding
from citybraid.sources.protocol.layers import Layers, fill_missing, missing_mask
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.protocol.rules import RepairResult, Rules, Stage

VERSION = 2

STAGE: Stage = "streets"
READS = ("streets",)
UNPLANTED = frozenset({"motorway", "trunk", "path"})


def repair(layers: Layers, rules: Rules) -> RepairResult:
    """Fill missing verge lengths; motorways, trunk roads and paths have none by this rule."""
    streets = layers.table("streets")
    if streets is None:
        return RepairResult(layers)
    var = vocabulary()["verge_length"]
    layer = layers.get(var.name, on="streets")
    gap = missing_mask(layer, streets.index)
    if not gap.any():
        return RepairResult(layers)
    share = rules.factor("verge_share")
    verge = streets.geometry.length * share["sides"] * share["free"]
    if "road_class" in streets:
        verge = verge.mask(streets["road_class"].isin(UNPLANTED), 0.0)
    values = {"sides": share["sides"], "free": share["free"] * 100}
    return RepairResult(
        layers.put(fill_missing(layer, var, verge)),
        (Finding("guessed", "intake.verge_guessed", "streets", int(gap.sum()), values),),
    )
