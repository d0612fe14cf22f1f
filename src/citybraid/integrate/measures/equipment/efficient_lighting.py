"""Lamps of higher efficacy: the lighting power density of a standard in place of that of the building code."""

from typing import Annotated, NamedTuple

from citybraid.core.model import MeasureParams, measure
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.equipment import LIGHTING_STANDARD, RELIT_AREA
from citybraid.core.vocabulary.place import BUILDING_USE, FLOORS, LAND_USE, YEAR_BUILT
from citybraid.integrate.measures.equipment.equipped import as_built, equipped


class EfficientLightingParams(MeasureParams):
    standard: str = "gbt50034_target"
    """Lighting after the measure: a name of the rows lighting_power."""


class EfficientLighting(NamedTuple):
    lighting_standard: LIGHTING_STANDARD
    relit_area: RELIT_AREA


@measure(
    version=2,
    cite="GB 55015-2021, 3.3.7 (limits); GB/T 50034-2024, 6.3 (target values)",
    validity="Power density only: hours, daylight and controls stay as they are.",
    stage="equipment",
    quantity=RELIT_AREA,
    responsible="building owner",
    build_years=0.2,
)
def efficient_lighting(
    buildings: Annotated[View, Table("buildings", (BUILDING_USE, FLOORS, YEAR_BUILT, LIGHTING_STANDARD))],
    units: Annotated[View, Table("units", (RELIT_AREA,))],
    uses: Annotated[Factors, Fact("efficient_lighting_use")],
    site: Annotated[Factors, Fact("measure_site")],
    p: EfficientLightingParams,
    parcels: Annotated[View, Table("parcels", (LAND_USE,))] | None = None,
) -> EfficientLighting:
    """Renew the lighting of buildings to a standard, the oldest buildings first.

    May go on buildings still lit as built, of uses with a row of the standard, outside heritage and military land. The
    floor area is counted.
    """
    done = equipped(
        buildings,
        units,
        parcels,
        fit=as_built(buildings["lighting_standard"]),
        uses=uses,
        site=site,
        measure="efficient_lighting",
        where=p.where,
        share=p.share,
    )
    return EfficientLighting(
        done.column(buildings["lighting_standard"], p.standard),
        units["relit_area"] + done.area,
    )
