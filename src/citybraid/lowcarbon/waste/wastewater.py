"""Wastewater of residents, and the gases of its treatment and discharge."""

from typing import Annotated, Literal, NamedTuple

from citybraid.core.group import When
from citybraid.core.model import Params, model
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.lowcarbon.emissions import (
    LOCAL_WASTEWATER_METHANE,
    LOCAL_WASTEWATER_NITROUS_OXIDE,
    WASTEWATER_METHANE,
    WASTEWATER_NITROUS_OXIDE,
)
from citybraid.core.vocabulary.lowcarbon.waste import WASTEWATER_BOD, WASTEWATER_FLOW
from citybraid.core.vocabulary.place import RESIDENTS
from citybraid.lowcarbon.waste.shares import not_negative, share, treatment_shares

DAYS = 365
N2O_PER_NITROGEN = 44.0 / 28.0
PROCESS = "wastewater_process"


class WastewaterParams(Params):
    treated: Literal["outside", "inside"] = "outside"
    """Where the wastewater is treated: outside the study area (scope 3), or inside it (scope 1)."""


class SewageOutside(NamedTuple):
    wastewater_methane: WASTEWATER_METHANE
    wastewater_nitrous_oxide: WASTEWATER_NITROUS_OXIDE


class SewageInside(NamedTuple):
    local_wastewater_methane: LOCAL_WASTEWATER_METHANE
    local_wastewater_nitrous_oxide: LOCAL_WASTEWATER_NITROUS_OXIDE


class Wastewater(NamedTuple):
    wastewater_flow: WASTEWATER_FLOW
    wastewater_bod: WASTEWATER_BOD
    outside: Annotated[SewageOutside | None, When("buildings", "treated", "outside")]
    inside: Annotated[SewageInside | None, When("buildings", "treated", "inside")]


@model(
    version=1,
    cite="IPCC (2019), Refinement, vol. 5, ch. 6: eq. 6.1 to 6.3 (CH4), 6.7 to 6.10 (N2O), tables 6.3 to 6.10C",
    validity="Domestic wastewater of residents alone, by the region's mean load and treatment; no organic matter is "
    "taken off as sludge and no methane recovered, so methane is an upper value; electricity of plants left out.",
)
def wastewater(
    buildings: Annotated[View, Table("buildings", (RESIDENTS,))],
    wastewater_load: Annotated[Factors, Fact("wastewater_load")],
    wastewater_treatment: Annotated[Factors, Fact("wastewater_treatment")],
    wastewater_process: Annotated[Factors, Fact("wastewater_process")],
    p: WastewaterParams,
) -> Wastewater:
    """Wastewater of the residents and the gases of its treatment and discharge, at their homes.

    Flow [m3 a year], BOD, CH4 and N2O [kg a year]: each way of treatment has a methane correction factor, the share of
    BOD and of nitrogen that it discharges, and a factor of N2O; what is discharged emits in the water that takes it.
    Raises InputError for an unknown way of treatment, shares that do not sum to 1, and negative loads.
    """
    people = buildings["residents"]
    load = {key: not_negative(value, factor="wastewater_load", key=key) for key, value in wastewater_load.items()}
    known = {key.partition("/")[0] for key in wastewater_process if key.endswith("/methane_correction")} - {"discharge"}
    shares = treatment_shares(wastewater_treatment, factor="wastewater_treatment", known=known)
    organic, nitrogen = _per_load(shares, wastewater_process)
    bod = people * (load["bod"] * DAYS)
    protein = people * (load["protein"] * DAYS)
    methane = bod * (load["methane_capacity"] * organic)
    nitrous_oxide = protein * (load["nitrogen_of_protein"] * nitrogen * N2O_PER_NITROGEN)
    inside = p.treated == "inside"
    return Wastewater(
        wastewater_flow=people * (load["flow"] * DAYS),
        wastewater_bod=bod,
        outside=None if inside else SewageOutside(methane, nitrous_oxide),
        inside=SewageInside(methane, nitrous_oxide) if inside else None,
    )


def _per_load(shares: dict[str, float], process: Factors) -> tuple[float, float]:
    """Return methane over methane capacity, and N2O nitrogen over nitrogen, in plant and discharge together [-]."""

    def row(way: str, name: str) -> float:
        return share(process, f"{way}/{name}", factor=PROCESS)

    organic = nitrogen = 0.0
    for way, part in shares.items():
        organic += part * (
            row(way, "methane_correction") + row(way, "bod_left") * row("discharge", "methane_correction")
        )
        nitrogen += part * (row(way, "nitrous_oxide") + row(way, "nitrogen_left") * row("discharge", "nitrous_oxide"))
    return organic, nitrogen
