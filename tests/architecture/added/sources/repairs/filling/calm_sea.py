"""A level told to be calm, as an example of a repair."""

from citybraid.core.finding import Finding
from citybraid.sources.protocol.layers import Layers
from citybraid.sources.protocol.rules import RepairResult, Rules, Stage

STAGE: Stage = "age"
READS = ("edge_level",)


def repair(layers: Layers, rules: Rules) -> RepairResult:
    """Tell how far a level rises and falls."""
    del rules
    found = layers.get("edge_level", on="time")
    if found is None:
        return RepairResult(layers)
    span = float(found.value.max() - found.value.min())
    return RepairResult(layers, (Finding("advice", "intake.calm_sea", "edge_level", values={"span": span}),))
