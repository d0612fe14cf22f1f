"""Cross-check of modelled against metered electricity."""

from typing import Annotated, NamedTuple

from citybraid.core.errors import InputError
from citybraid.core.model import model
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.energy import ELECTRICITY, METERED_ELECTRICITY
from citybraid.core.vocabulary.lowcarbon.carbon import METERED_EMISSIONS, SECOND_PATH_GAP
from citybraid.core.vocabulary.place import STUDY_AREA
from citybraid.lowcarbon.accounts.places import inside


class SecondPath(NamedTuple):
    metered_emissions: METERED_EMISSIONS
    second_path_gap: SECOND_PATH_GAP


@model(
    version=2,
    cite="GPC (2014), Global Protocol for Community-Scale Inventories, ch. 6.3 (consumption data before models)",
    validity="Both paths must cover the same users: streets, processes and vehicles on the meter widen the gap.",
)
def second_path(
    buildings: Annotated[View, Table("buildings", (ELECTRICITY,))],
    metered_electricity: METERED_ELECTRICITY,
    grid_emission_factor: Annotated[Factors, Fact("grid_emission_factor")],
    study_area: STUDY_AREA | None = None,
) -> SecondPath:
    """Emissions of metered electricity, and the modelled electricity's difference from it.

    The gap is modelled less metered over metered, of the buildings in the study area, of all where none is given.
    Raises InputError where there is no metered consumption.
    """
    if metered_electricity <= 0:
        raise InputError("carbon.not_metered", got=metered_electricity)
    modelled = float(inside(buildings, study_area)["electricity"].sum())
    return SecondPath(
        metered_emissions=metered_electricity * grid_emission_factor[""],
        second_path_gap=modelled / metered_electricity - 1.0,
    )
