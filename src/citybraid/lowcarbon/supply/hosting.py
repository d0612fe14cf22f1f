"""Whether transformers can carry what parcels export."""

from typing import Annotated, NamedTuple

from citybraid.core.model import model
from citybraid.core.var import Table, View
from citybraid.core.vocabulary.lowcarbon.supply import (
    HOSTING_MARGIN,
    OVERLOADED_PARCELS,
    PARCEL_EXPORT_PEAK,
    TRANSFORMER_CAPACITY,
)


class Hosting(NamedTuple):
    hosting_margin: HOSTING_MARGIN
    overloaded_parcels: OVERLOADED_PARCELS


@model(
    version=1,
    cite="Ismael et al. (2019), Renewable Energy 130: 1002 (hosting capacity: thermal limit by reverse power flow)",
    validity=(
        "Thermal limit by hourly means at a power factor of 1; voltage, protection and the feeders above the "
        "transformer are not looked at."
    ),
)
def hosting(
    parcels: Annotated[View, Table("parcels", (PARCEL_EXPORT_PEAK, TRANSFORMER_CAPACITY))],
) -> Hosting:
    """Transformer capacity of each parcel less its highest hourly export [kW], and how many parcels lack some.

    A parcel whose capacity is not stated has no margin and is not counted.
    """
    margin = parcels["transformer_capacity"] - parcels["parcel_export_peak"]
    return Hosting(margin, float((margin < 0).sum()))
