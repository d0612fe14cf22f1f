"""Landfill parameters from factor rows."""

from citybraid.core.var import Factors
from citybraid.kernels.waste.first_order_decay import Waste, methane_potential
from citybraid.lowcarbon.waste.shares import share

FACTOR = "landfill"


def landfilled(landfill: Factors) -> Waste:
    """Return what makes methane of mixed municipal waste; raises InputError where a row lacks or is no share."""
    return Waste(*(share(landfill, name, factor=FACTOR) for name in Waste._fields))


def emitted_share(landfill: Factors) -> float:
    """Return the share of generated methane that is neither recovered nor oxidised [-]."""
    return (1.0 - share(landfill, "recovered_share", factor=FACTOR)) * (
        1.0 - share(landfill, "oxidation", factor=FACTOR)
    )


def committed_methane(landfill: Factors) -> float:
    """Return the methane that landfilled waste emits in all time, per mass of waste [-]."""
    return methane_potential(landfilled(landfill)) * emitted_share(landfill)
