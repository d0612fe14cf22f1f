"""New buildings of timber instead of concrete."""

from typing import Annotated, NamedTuple

import numpy as np
from pydantic import Field

from citybraid.core.model import MeasureParams, measure
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.lowcarbon.embodied import STRUCTURE_SYSTEM
from citybraid.core.vocabulary.measures import TIMBER_AREA
from citybraid.core.vocabulary.place import BUILDING_USE, FLOORS, LAND_USE, YEAR_BUILT
from citybraid.integrate.measures.equipment.equipped import as_built
from citybraid.integrate.measures.structure.new_structure import newly_structured

TIMBER = "timber"


class TimberStructureParams(MeasureParams):
    built_from: int = Field(2026, ge=1900, le=2200)
    """Buildings completed from this year count as new [year]."""


class TimberStructure(NamedTuple):
    structure_system: STRUCTURE_SYSTEM
    timber_area: TIMBER_AREA


@measure(
    version=1,
    cite="GB/T 51226-2017 (timber buildings of many storeys); Acton Ostry Architects (2017), Brock Commons: amounts",
    validity="Mass timber around concrete cores; fire, sound, seismic design and the supply of timber are not checked.",
    stage="equipment",
    quantity=TIMBER_AREA,
    responsible="developer; housing authority",
    build_years=2.0,
)
def timber_structure(
    buildings: Annotated[View, Table("buildings", (BUILDING_USE, FLOORS, YEAR_BUILT, STRUCTURE_SYSTEM))],
    units: Annotated[View, Table("units", (TIMBER_AREA,))],
    limit: Annotated[Factors, Fact("timber_limit")],
    uses: Annotated[Factors, Fact("timber_structure_use")],
    site: Annotated[Factors, Fact("measure_site")],
    p: TimberStructureParams,
    parcels: Annotated[View, Table("parcels", (LAND_USE,))] | None = None,
) -> TimberStructure:
    """Build new buildings of timber, those of fewest storeys first.

    May go on buildings completed from a year whose structure is not stated, up to the storeys of the limit, outside
    heritage and military land. The floor area is counted; embodied carbon and the CO2 stored in the wood follow from
    `lowcarbon.embodied_carbon`.
    """
    floors = buildings["floors"].to_numpy(dtype=np.float64)
    done = newly_structured(
        buildings,
        units,
        parcels,
        fit=as_built(buildings["structure_system"]) & (floors <= limit["floors"]),
        built_from=p.built_from,
        uses=uses,
        site=site,
        measure="timber_structure",
        where=p.where,
        share=p.share,
    )
    return TimberStructure(done.column(buildings["structure_system"], TIMBER), units["timber_area"] + done.area)
