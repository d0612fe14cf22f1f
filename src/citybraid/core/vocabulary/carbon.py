"""Greenhouse gas emissions and removals, in CO2 equivalents."""

from typing import Annotated

from citybraid.core.var import Column, Number, Raster, Var

BUILDING_EMISSIONS = Annotated[
    Column, Var("building_emissions", "kg year-1", "Emissions of energy used in the building", on="buildings", ge=0)
]
PV_AVOIDED = Annotated[
    Column, Var("pv_avoided", "kg year-1", "Grid emissions avoided by rooftop photovoltaics", on="buildings", ge=0)
]
TRANSPORT_EMISSIONS = Annotated[
    Column, Var("transport_emissions", "kg year-1", "Emissions of the residents' daily travel", on="buildings", ge=0)
]
GREEN_SINK = Annotated[Raster, Var("green_sink", "kg m-2 year-1", "CO2 taken up by vegetation", ge=0)]
PARCEL_EMISSIONS = Annotated[Column, Var("parcel_emissions", "kg year-1", "Net emissions on the parcel", on="parcels")]
OUTSIDE_PARCELS = Annotated[Number, Var("outside_parcels", "kg year-1", "Net emissions outside all parcels", on="")]
TOTAL_EMISSIONS = Annotated[Number, Var("total_emissions", "kg year-1", "Net emissions of the study area", on="")]
EMISSIONS_ERROR = Annotated[
    Number, Var("emissions_error", "1", "Parcels + outside less total, over gross emissions", on="", closes=1e-6)
]
METERED_EMISSIONS = Annotated[
    Number, Var("metered_emissions", "kg year-1", "Emissions from metered activity: the second path", on="", ge=0)
]
SECOND_PATH_GAP = Annotated[
    Number, Var("second_path_gap", "1", "Modelled less metered electricity, over metered", on="")
]
