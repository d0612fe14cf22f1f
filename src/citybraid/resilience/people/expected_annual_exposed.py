"""Expected annual number of exposed people."""

from collections.abc import Mapping
from typing import Annotated, NamedTuple

from citybraid.core.model import model
from citybraid.core.var import Column, Over
from citybraid.core.vocabulary.risk import EXPECTED_ANNUAL_EXPOSED, PEOPLE_EXPOSED
from citybraid.core.vocabulary.water import RETURN_PERIOD
from citybraid.resilience.damage.annual import AnnualParams, expected_annual_loss


class ExpectedAnnualExposed(NamedTuple):
    """Expected annual exposed people."""

    expected_annual_exposed: EXPECTED_ANNUAL_EXPOSED


@model(
    version=2,
    cite="Meyer, Haase and Scheuer (2009), Integr. Environ. Assess. Manag. 5: 17-26, eq. 1 and 2",
    validity="Three return periods or more that span the floods; with fewer, onset and tail decide the figure.",
)
def expected_annual_exposed(
    exposures: Annotated[Mapping[str, Column], Over(PEOPLE_EXPOSED, "event")],
    return_periods: Annotated[Mapping[str, float], Over(RETURN_PERIOD, "event")],
    p: AnnualParams,
) -> ExpectedAnnualExposed:
    """Return the expected annual number of exposed people in each building.

    Integrated like expected annual damage: linear in annual probability between events, from
    `onset` to the most frequent, and constant beyond the rarest (`tail`). A
    building without a count for some event has no value.
    Raises InputError where two events have the same return period or no event has one.
    """
    return ExpectedAnnualExposed(expected_annual_loss(exposures, return_periods, p))
