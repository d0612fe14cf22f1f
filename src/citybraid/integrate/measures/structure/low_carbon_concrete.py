"""New buildings of concrete with less cement."""

from typing import Annotated, NamedTuple

from pydantic import Field

from citybraid.core.model import MeasureParams, measure
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.lowcarbon.embodied import CONCRETE_MIX
from citybraid.core.vocabulary.measures import LOW_CARBON_CONCRETE_AREA
from citybraid.core.vocabulary.place import BUILDING_USE, FLOORS, LAND_USE, YEAR_BUILT
from citybraid.integrate.measures.equipment.equipped import as_built
from citybraid.integrate.measures.structure.new_structure import newly_structured


class LowCarbonConcreteParams(MeasureParams):
    built_from: int = Field(2026, ge=1900, le=2200)
    """Buildings completed from this year count as new [year]."""
    mix: str = Field("low_carbon", min_length=1, max_length=40)
    """Concrete of the measure: a name of the rows material_emission_factor, concrete/<mix>."""


class LowCarbonConcrete(NamedTuple):
    concrete_mix: CONCRETE_MIX
    low_carbon_concrete_area: LOW_CARBON_CONCRETE_AREA


@measure(
    version=1,
    cite="GB/T 51366-2019, app. D (C30 concrete); product carbon footprints of concrete with 0, 30 and 50 % fly ash "
    "and slag",
    validity="Same amount and strength of concrete; curing time, durability and the supply of slag are not checked.",
    stage="equipment",
    quantity=LOW_CARBON_CONCRETE_AREA,
    responsible="developer; concrete supplier",
    build_years=1.0,
)
def low_carbon_concrete(
    buildings: Annotated[View, Table("buildings", (BUILDING_USE, FLOORS, YEAR_BUILT, CONCRETE_MIX))],
    units: Annotated[View, Table("units", (LOW_CARBON_CONCRETE_AREA,))],
    uses: Annotated[Factors, Fact("low_carbon_concrete_use")],
    site: Annotated[Factors, Fact("measure_site")],
    p: LowCarbonConcreteParams,
    parcels: Annotated[View, Table("parcels", (LAND_USE,))] | None = None,
) -> LowCarbonConcrete:
    """Build new buildings of concrete whose cement is partly replaced by fly ash and slag, the lowest buildings first.

    May go on buildings completed from a year whose concrete is not stated, outside military land. The floor area is
    counted; embodied carbon follows from `lowcarbon.embodied_carbon`.
    """
    done = newly_structured(
        buildings,
        units,
        parcels,
        fit=as_built(buildings["concrete_mix"]),
        built_from=p.built_from,
        uses=uses,
        site=site,
        measure="low_carbon_concrete",
        where=p.where,
        share=p.share,
    )
    return LowCarbonConcrete(
        done.column(buildings["concrete_mix"], p.mix),
        units["low_carbon_concrete_area"] + done.area,
    )
