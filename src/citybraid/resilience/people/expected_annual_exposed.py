"""People flooded, averaged over all years."""

from collections.abc import Mapping
from typing import Annotated, NamedTuple

from citybraid.core.model import model
from citybraid.core.var import Column, Over
from citybraid.core.vocabulary.risk import EXPECTED_ANNUAL_EXPOSED, PEOPLE_EXPOSED
from citybraid.core.vocabulary.water import RETURN_PERIOD
from citybraid.resilience.damage.annual import AnnualParams, averaged


class ExpectedAnnualExposed(NamedTuple):
    """People exposed a year."""

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
    """Return the people of each building flooded in an average year.

    Reckoned like expected annual damage: linear in annual probability between events, from
    `onset` to the most frequent, and level beyond the rarest (`tail`). A
    building without a count for some event has no value.
    Raises InputError where two events have one return period or an event has none.
    """
    return ExpectedAnnualExposed(averaged(exposures, return_periods, p))
