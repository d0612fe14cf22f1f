"""Methane of landfilled waste, year by year after its deposition."""

from typing import Annotated, Literal, NamedTuple

import numpy as np
from pydantic import Field

from citybraid.core.model import Params, model
from citybraid.core.var import Fact, Factors
from citybraid.core.vocabulary.lowcarbon.waste import (
    COMMITTED_METHANE,
    LANDFILLED_WASTE,
    METHANE_IN_YEAR,
    METHANE_UNTIL_YEAR,
)
from citybraid.kernels.waste.first_order_decay import emitted, generated, methane_potential
from citybraid.lowcarbon.waste.landfill import FACTOR, committed_methane, landfilled
from citybraid.lowcarbon.waste.shares import not_negative, share


class LandfillMethaneParams(Params):
    climate: Literal["temperate_dry", "temperate_wet", "tropical_dry", "tropical_wet"] = "temperate_wet"
    """Climate of the decay rate: temperate to 20 °C of annual mean; wet where rain exceeds evapotranspiration, in the
    tropics where it exceeds 1000 mm."""
    years: int = Field(20, ge=1, le=500)
    """Year after the first deposition that is asked for [year]."""
    delay: float = Field(6.0, ge=0.0, le=6.0)
    """Months from deposition to the start of decay."""
    waste_kind: Literal["mixed", "food", "garden", "paper", "wood", "textiles", "sludge"] = "mixed"
    """Kind of waste, for its carbon and its decay rate: mixed municipal waste, or one that is landfilled by itself."""
    later: tuple[Annotated[float, Field(ge=0.0, le=1e15)], ...] = Field((), max_length=500)
    """Waste landfilled in each of the years after the first, in order; none where not given [kg]."""


class LandfillMethane(NamedTuple):
    committed_methane: COMMITTED_METHANE
    methane_in_year: METHANE_IN_YEAR
    methane_until_year: METHANE_UNTIL_YEAR


@model(
    version=1,
    cite="IPCC (2019), Refinement, vol. 5, ch. 3, eq. 3.1 to 3.6 and annex 3A.1 (first-order decay)",
    validity="Waste of one kind with one decay rate, mixed municipal waste unless said; recovery is a share of "
    "generation in every year.",
    alone=True,
)
def landfill_methane(
    *,
    landfilled_waste: LANDFILLED_WASTE,
    p: LandfillMethaneParams,
    landfill: Annotated[Factors, Fact("landfill")],
    landfill_waste: Annotated[Factors, Fact("landfill_waste")],
) -> LandfillMethane:
    """Methane that landfilled waste emits in all time, in a later year, and until its end [kg].

    The waste is of one year, or of several in a row with `later`; years count from the first. Several kinds that are
    landfilled together are computed one by one.
    """
    landfill, key = _of_kind(landfill, landfill_waste, p)
    rate = not_negative(landfill[key], factor=FACTOR, key=key)
    masses = (landfilled_waste, *p.later)
    deposited = np.zeros(p.years + 1)
    deposited[: len(masses)] = masses[: p.years + 1]
    made = generated(deposited, potential=methane_potential(landfilled(landfill)), rate=rate, delay=p.delay)
    recovered = made * share(landfill, "recovered_share", factor=FACTOR)
    methane = emitted(made, recovered=recovered, oxidation=share(landfill, "oxidation", factor=FACTOR))
    return LandfillMethane(
        committed_methane=sum(masses) * committed_methane(landfill),
        methane_in_year=float(methane[-1]),
        methane_until_year=float(methane.sum()),
    )


def _of_kind(landfill: Factors, kinds: Factors, p: LandfillMethaneParams) -> tuple[Factors, str]:
    """Return the factors with the carbon and the rate of the kind of waste, and the key of the rate."""
    key = f"decay_rate/{p.climate}"
    if p.waste_kind == "mixed":
        return landfill, key
    own = {each: kinds[f"{p.waste_kind}/{each}"] for each in ("degradable_carbon", key)}
    return {**landfill, **own}, key
