"""Plot numbers that stand on several parcels: a sheet of controls that names one would hold for all of them."""

from citybraid.core.finding import Finding
from citybraid.sources.protocol.layers import Layers
from citybraid.sources.protocol.rules import RepairResult, Rules, Stage
from citybraid.sources.quality.contradictions import stated_column

VERSION = 1
STAGE: Stage = "checks"
READS: tuple[str, ...] = ()
SHOWN = 8


def repair(layers: Layers, rules: Rules) -> RepairResult:
    """Report plot numbers that more than one parcel bears; parcels without a number are none of them."""
    del rules
    numbers = stated_column(layers, "plot_number", "parcels")
    if numbers is None:
        return RepairResult(layers)
    counts = numbers.dropna().astype(str).value_counts().drop("", errors="ignore").sort_index()
    several = counts[counts > 1]
    if several.empty:
        return RepairResult(layers)
    shown = [str(each) for each in several.index[:SHOWN]]
    values = {"numbers": [*shown, *(["…"] if len(several) > SHOWN else [])], "parcels": int(several.sum())}
    return RepairResult(layers, (Finding("advice", "intake.plot_numbers_same", "parcels", len(several), values),))
