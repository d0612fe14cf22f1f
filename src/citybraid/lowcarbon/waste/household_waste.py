"""Solid waste of residents, and the gases of its treatment."""

from typing import Annotated, Literal, NamedTuple

from citybraid.core.group import When
from citybraid.core.model import Params, model
from citybraid.core.var import Column, Fact, Factors, Table, View
from citybraid.core.vocabulary.lowcarbon.emissions import (
    BIOLOGICAL_METHANE,
    BIOLOGICAL_NITROUS_OXIDE,
    INCINERATION_CARBON,
    INCINERATION_NITROUS_OXIDE,
    LANDFILL_METHANE,
    LOCAL_BIOLOGICAL_METHANE,
    LOCAL_BIOLOGICAL_NITROUS_OXIDE,
    LOCAL_INCINERATION_CARBON,
    LOCAL_INCINERATION_NITROUS_OXIDE,
    LOCAL_LANDFILL_METHANE,
)
from citybraid.core.vocabulary.lowcarbon.waste import HOUSEHOLD_WASTE
from citybraid.core.vocabulary.place import RESIDENTS
from citybraid.lowcarbon.waste.landfill import committed_methane
from citybraid.lowcarbon.waste.shares import not_negative, share, treatment_shares

DAYS = 365
CO2_PER_CARBON = 44.0 / 12.0
BIOLOGICAL = ("composting", "digestion")
WAYS = ("landfill", "incineration", *BIOLOGICAL, "recycling")
"""Ways of treatment; recycling emits nothing here."""


class HouseholdWasteParams(Params):
    treated: Literal["outside", "inside"] = "outside"
    """Where the waste is treated: outside the study area (scope 3), or inside it (scope 1)."""


class TreatedOutside(NamedTuple):
    landfill_methane: LANDFILL_METHANE
    incineration_carbon: INCINERATION_CARBON
    incineration_nitrous_oxide: INCINERATION_NITROUS_OXIDE
    biological_methane: BIOLOGICAL_METHANE
    biological_nitrous_oxide: BIOLOGICAL_NITROUS_OXIDE


class TreatedInside(NamedTuple):
    local_landfill_methane: LOCAL_LANDFILL_METHANE
    local_incineration_carbon: LOCAL_INCINERATION_CARBON
    local_incineration_nitrous_oxide: LOCAL_INCINERATION_NITROUS_OXIDE
    local_biological_methane: LOCAL_BIOLOGICAL_METHANE
    local_biological_nitrous_oxide: LOCAL_BIOLOGICAL_NITROUS_OXIDE


class HouseholdWaste(NamedTuple):
    household_waste: HOUSEHOLD_WASTE
    outside: Annotated[TreatedOutside | None, When("buildings", "treated", "outside")]
    inside: Annotated[TreatedInside | None, When("buildings", "treated", "inside")]


@model(
    version=1,
    cite="IPCC (2019), Refinement, vol. 5, ch. 2 to 5: eq. 3.1A (landfill, committed), 4.1 and 4.2 (biological), 5.1 "
    "and 5.5 (incineration); GPC (2014), ch. 8.3: methane commitment",
    validity="Mixed municipal waste of the region's mean amount, composition and treatment; landfill methane is what "
    "the year's waste emits in all time, not what the landfill emits in the year; no credit for power or recycling.",
)
def household_waste(
    buildings: Annotated[View, Table("buildings", (RESIDENTS,))],
    waste_generation: Annotated[Factors, Fact("waste_generation")],
    waste_treatment: Annotated[Factors, Fact("waste_treatment")],
    landfill: Annotated[Factors, Fact("landfill")],
    incineration: Annotated[Factors, Fact("incineration")],
    biological_treatment: Annotated[Factors, Fact("biological_treatment")],
    p: HouseholdWasteParams,
) -> HouseholdWaste:
    """Waste of the residents and the gases of its treatment, at their homes [kg a year].

    Residents times waste a day, times shares of treatment. Raises InputError for an unknown way of treatment, shares
    that do not sum to 1, and negative amounts.
    """
    waste = buildings["residents"] * (not_negative(waste_generation[""], factor="waste_generation", key="") * DAYS)
    shares = treatment_shares(waste_treatment, factor="waste_treatment", known=WAYS)
    gases = (
        waste * (shares.get("landfill", 0.0) * committed_methane(landfill)),
        *_incinerated(waste * shares.get("incineration", 0.0), incineration),
        *_biological(waste, shares, biological_treatment),
    )
    if p.treated == "inside":
        return HouseholdWaste(waste, outside=None, inside=TreatedInside(*gases))
    return HouseholdWaste(waste, outside=TreatedOutside(*gases), inside=None)


def _incinerated(waste: Column, incineration: Factors) -> tuple[Column, Column]:
    """Return fossil CO2 and N2O of incinerated waste [kg a year]."""
    rows = ("carbon_content", "fossil_share", "oxidised_share")
    carbon = 1.0
    for name in rows:
        carbon *= share(incineration, name, factor="incineration")
    nitrous = not_negative(incineration["nitrous_oxide"], factor="incineration", key="nitrous_oxide")
    return waste * (carbon * CO2_PER_CARBON), waste * nitrous


def _biological(waste: Column, shares: dict[str, float], factors: Factors) -> tuple[Column, Column]:
    """Return CH4 and N2O of composted and digested waste [kg a year]."""

    def total(gas: str) -> float:
        return sum(
            shares[way] * not_negative(factors[f"{way}/{gas}"], factor="biological_treatment", key=f"{way}/{gas}")
            for way in BIOLOGICAL
            if shares.get(way, 0.0) > 0.0
        )

    return waste * total("methane"), waste * total("nitrous_oxide")
