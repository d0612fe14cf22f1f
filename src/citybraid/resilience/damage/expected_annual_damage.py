"""Expected annual damage from the damage of a few return periods."""

from collections.abc import Mapping
from typing import Annotated, NamedTuple

from citybraid.core.model import model
from citybraid.core.var import Column, Over
from citybraid.core.vocabulary.risk import BUILDING_DAMAGE, EXPECTED_ANNUAL_DAMAGE
from citybraid.core.vocabulary.water import RETURN_PERIOD
from citybraid.resilience.damage.annual import AnnualParams, expected_annual_loss


class ExpectedAnnualDamage(NamedTuple):
    """Expected annual damage."""

    expected_annual_damage: EXPECTED_ANNUAL_DAMAGE


@model(
    version=2,
    cite="Meyer, Haase and Scheuer (2009), Integr. Environ. Assess. Manag. 5: 17-26, eq. 1 and 2",
    validity="Three return periods or more that span the losses; with fewer, onset and tail decide the figure.",
)
def expected_annual_damage(
    damages: Annotated[Mapping[str, Column], Over(BUILDING_DAMAGE, "event")],
    return_periods: Annotated[Mapping[str, float], Over(RETURN_PERIOD, "event")],
    p: AnnualParams,
) -> ExpectedAnnualDamage:
    """Return each building's expected annual damage, the integral of damage over annual probability.

    Between two return periods damage is linear in annual probability. Damage starts at
    `onset` and rises linearly to that of the most frequent event; events rarer than the
    rarest have its damage (`tail`). A building without a damage value for some event has no result.
    Raises InputError where two events have the same return period or no event has one.
    """
    return ExpectedAnnualDamage(expected_annual_loss(damages, return_periods, p))
