"""Induction cookers in place of gas burners."""

from typing import Annotated, NamedTuple

from citybraid.core.model import MeasureParams, measure
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.equipment import COOKING_SYSTEM, ELECTRIC_COOKING_AREA
from citybraid.core.vocabulary.place import BUILDING_USE, FLOORS, LAND_USE, YEAR_BUILT
from citybraid.integrate.measures.equipment.equipped import as_built, equipped


class ElectricCookingParams(MeasureParams):
    pass


class ElectricCooking(NamedTuple):
    cooking_system: COOKING_SYSTEM
    electric_cooking_area: ELECTRIC_COOKING_AREA


@measure(
    version=2,
    cite="US Department of Energy, tests of cooktops: efficiency of gas burners and of induction",
    validity="Equal useful heat at mean efficiencies; habits and the strength of wiring are not checked.",
    stage="equipment",
    quantity=ELECTRIC_COOKING_AREA,
    responsible="households; canteens",
    build_years=0.2,
)
def electric_cooking(
    buildings: Annotated[View, Table("buildings", (BUILDING_USE, FLOORS, YEAR_BUILT, COOKING_SYSTEM))],
    units: Annotated[View, Table("units", (ELECTRIC_COOKING_AREA,))],
    uses: Annotated[Factors, Fact("electric_cooking_use")],
    site: Annotated[Factors, Fact("measure_site")],
    p: ElectricCookingParams,
    parcels: Annotated[View, Table("parcels", (LAND_USE,))] | None = None,
) -> ElectricCooking:
    """Cook by electricity instead of gas, in the oldest buildings first.

    May go on buildings that still cook as built, outside heritage and military land. The floor area is counted.
    """
    done = equipped(
        buildings,
        units,
        parcels,
        fit=as_built(buildings["cooking_system"]),
        uses=uses,
        site=site,
        measure="electric_cooking",
        where=p.where,
        share=p.share,
    )
    return ElectricCooking(
        done.column(buildings["cooking_system"], "electric"),
        units["electric_cooking_area"] + done.area,
    )
