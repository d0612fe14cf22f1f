"""Drives, compressed air and processes of industry brought to the aim of the national plan."""

from typing import Annotated, NamedTuple

from citybraid.core.model import MeasureParams, measure
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.equipment import EQUIPMENT_STANDARD, INDUSTRIAL_EFFICIENCY_AREA
from citybraid.core.vocabulary.place import BUILDING_USE, FLOORS, LAND_USE, YEAR_BUILT
from citybraid.integrate.measures.equipment.equipped import as_built, equipped


class IndustrialEfficiencyParams(MeasureParams):
    standard: str = "industry_plan"
    """Equipment after the measure: a name of the rows equipment_saving."""


class IndustrialEfficiency(NamedTuple):
    equipment_standard: EQUIPMENT_STANDARD
    industrial_efficiency_area: INDUSTRIAL_EFFICIENCY_AREA


@measure(
    version=2,
    cite="MIIT and others (2022), action plan on industrial efficiency: 13.5 % less energy per value added by 2025",
    validity="Equipment in industrial buildings at equal output; energy stated by output or bills is not changed.",
    stage="equipment",
    quantity=INDUSTRIAL_EFFICIENCY_AREA,
    responsible="enterprise; industry authority",
    build_years=1.0,
)
def industrial_efficiency(
    buildings: Annotated[View, Table("buildings", (BUILDING_USE, FLOORS, YEAR_BUILT, EQUIPMENT_STANDARD))],
    units: Annotated[View, Table("units", (INDUSTRIAL_EFFICIENCY_AREA,))],
    uses: Annotated[Factors, Fact("industrial_efficiency_use")],
    site: Annotated[Factors, Fact("measure_site")],
    p: IndustrialEfficiencyParams,
    parcels: Annotated[View, Table("parcels", (LAND_USE,))] | None = None,
) -> IndustrialEfficiency:
    """Lower the electricity of equipment in industrial buildings, the oldest buildings first.

    May go on industrial buildings still equipped as built. The floor area is counted.
    """
    done = equipped(
        buildings,
        units,
        parcels,
        fit=as_built(buildings["equipment_standard"]),
        uses=uses,
        site=site,
        measure="industrial_efficiency",
        where=p.where,
        share=p.share,
    )
    return IndustrialEfficiency(
        done.column(buildings["equipment_standard"], p.standard),
        units["industrial_efficiency_area"] + done.area,
    )
