"""Where facilities go by a table of costs: p-median, p-centre, maximal coverage, set covering, with capacities."""

from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field, field_validator

from citybraid.core.errors import InputError
from citybraid.core.listing.table import identity
from citybraid.core.model import Params, model
from citybraid.core.vocabulary.resilience.location import (
    CHOSEN_SITE,
    COST_TABLE,
    DEMAND_TABLE,
    LOCATION_COVERED,
    LOCATION_DEMAND_TOTAL,
    LOCATION_FARTHEST,
    LOCATION_GAP,
    LOCATION_MEAN,
    LOCATION_VALUE,
    SITE_CHOSEN,
    SITE_DISTANCE,
    SITE_LOAD,
    SITE_TABLE,
)
from citybraid.kernels.relief.allocation import allocate, capacitated_coverage
from citybraid.kernels.relief.assigned_sites import assigned_sites
from citybraid.kernels.relief.siting import EXACT_PAIRS, maximal_coverage, p_centre, p_median
from citybraid.resilience.relief.cost_table import Columns, CostTable, Sites, cost_table_of, sites_of, weights_of

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
TINY = 1e-9
SHOWN = 6
COUNTED = ("p_median", "p_centre", "coverage")
"""Problems that choose a given number of sites."""
WITHIN = ("coverage", "set_cover")
"""Problems within a reach."""


class FacilityLocationParams(Params):
    """What is made best, with how many sites, and where the tables state it."""

    problem: Literal["p_median", "p_centre", "coverage", "set_cover"] = Field()
    """p_median: least weighted cost; p_centre: least cost of the farthest; coverage: most demand within `reach`;
    set_cover: fewest sites with all demand within `reach`."""
    count: int | None = Field(None, ge=1, le=100_000)
    """Sites to choose, those that are set counted; not for set_cover."""
    reach: float | None = Field(None, ge=0.0, le=1e12)
    """Cost up to which a site covers demand, in the unit of the table; needed for coverage and set_cover."""
    fixed: tuple[str, ...] = Field((), max_length=100_000)
    """Sites that are set: always chosen."""
    split: bool = False
    """Whether demand may go to several sites where capacities bind, or all of each goes to one."""
    demand_column: str = Field("", max_length=200)
    """Column that names the demand; where not given a known name such as origin, or the first of a table with a column
    a site."""
    site_column: str = Field("", max_length=200)
    """Column of a table by pairs that names the site; where not given a known name such as destination."""
    cost_column: str = Field("", max_length=200)
    """Column of a table by pairs with the cost; where not given a known name such as distance."""
    weight_column: str = Field("", max_length=200)
    """Column of the table of demand, or of the table by pairs, with the weight; where not given a known name, the only
    column of numbers, or a weight of 1."""
    capacity_column: str = Field("", max_length=200)
    """Column of the table of sites with capacities; where not given, capacity."""
    fixed_column: str = Field("", max_length=200)
    """Column of the table of sites that is above 0 where the site is set."""

    @field_validator("fixed", mode="before")
    @classmethod
    def _names(cls, value: Any) -> Any:
        """Take names apart at commas, and numbers as names."""
        if isinstance(value, str):
            return tuple(each.strip() for each in value.split(",") if each.strip())
        if isinstance(value, int | float):
            return (str(value),)
        return tuple(str(each) for each in value) if isinstance(value, list | tuple) else value


class FacilityLocation(NamedTuple):
    """The sites chosen, where demand goes, and what that reaches."""

    site_chosen: SITE_CHOSEN
    site_load: SITE_LOAD
    chosen_site: CHOSEN_SITE
    site_distance: SITE_DISTANCE
    location_value: LOCATION_VALUE
    location_gap: LOCATION_GAP
    location_mean: LOCATION_MEAN
    location_farthest: LOCATION_FARTHEST
    location_covered: LOCATION_COVERED
    location_demand_total: LOCATION_DEMAND_TOTAL


class _Problem(NamedTuple):
    """Costs (infinite without a way), weights, what is set, capacities, and pairs within reach."""

    costs: CostTable
    weight: Floats
    fixed: Flags
    capacity: Floats | None
    near: Flags


class _Choice(NamedTuple):
    """Chosen sites, share of each demand at each site, objective, and its distance from the bound."""

    sites: NDArray[np.int64]
    share: Floats
    value: float
    gap: float


@model(
    version=1,
    cite="Hakimi (1964), Oper. Res. 12: 450-459 (p-median, p-centre); Toregas et al. (1971), Oper. Res. 19: 1363-1373 "
    "(set covering); Church and ReVelle (1974), Pap. Reg. Sci. 32: 101-118 (maximal coverage); Mulvey and Beck (1984), "
    "Eur. J. Oper. Res. 18: 339-348 (capacities)",
    validity="Costs and demand as they are given; every demand goes where it costs least, or where capacities leave "
    "room. Of choices that are equally good one is returned.",
    alone=True,
)
def facility_location(
    *,
    cost_table: COST_TABLE,
    p: FacilityLocationParams,
    demand_table: DEMAND_TABLE | None = None,
    site_table: SITE_TABLE | None = None,
) -> FacilityLocation:
    """Return the sites that serve a demand best, by a table of costs such as distances.

    The table has a row a demand and a column a site, or a row a pair. Weights stand in it or in `demand_table`, else
    each demand counts 1; capacities and sites that are set stand in `site_table`. Costs that are empty or inf are no
    way. `location_value` is Σ weight × cost, the largest cost, the weight covered, or the number of sites.
    HiGHS proves the choice; a large p-median or p-centre is a heuristic with its bound (`location_gap`).
    Raises InputError for tables that cannot be read, more sites than there are, and problems without a solution.
    """
    problem = _problem_of(cost_table, demand_table, site_table, p)
    _require_solvable(problem, p)
    try:
        choice = _solved(problem, p)
    except ValueError as fault:
        raise InputError("location.no_solution", problem=p.problem, count=p.count or 0) from fault
    return _outputs(problem, choice, p)


def _problem_of(costs: str, demand: str | None, sites: str | None, p: FacilityLocationParams) -> _Problem:
    table = cost_table_of(costs, Columns(p.demand_column, p.site_column, p.cost_column, p.weight_column))
    weight = table.weight
    if demand is not None:
        weight = weights_of(demand, table.demand, p.weight_column)
    elif weight is None and p.weight_column:
        raise InputError("location.no_weight", column=p.weight_column)
    given = (
        Sites(None, None) if sites is None
        else sites_of(sites, table.sites, capacity=p.capacity_column, fixed=p.fixed_column)
    )  # fmt: skip
    fixed = np.zeros(len(table.sites), bool) if given.fixed is None else given.fixed
    names = {name: at for at, name in enumerate(table.sites)}
    for name in p.fixed:
        if identity(name) not in names:
            raise InputError("location.fixed", got=name, known=list(table.sites[:SHOWN]))
        fixed[names[identity(name)]] = True
    weight = np.ones(len(table.demand)) if weight is None else weight
    near = table.cost <= p.reach if p.reach is not None else np.isfinite(table.cost)
    return _Problem(table, weight, fixed, given.capacity, near)


def _require_solvable(problem: _Problem, p: FacilityLocationParams) -> None:
    """Raise InputError for what no choice of sites can do."""
    sites = len(problem.costs.sites)
    if p.problem in COUNTED and p.count is None:
        raise InputError("location.count", problem=p.problem)
    if p.problem == "set_cover" and p.count is not None:
        raise InputError("location.count_unread", got=p.count)
    if p.count is not None and not int(problem.fixed.sum()) <= p.count <= sites:
        raise InputError("location.sites", got=p.count, sites=sites, fixed=int(problem.fixed.sum()))
    if p.problem in WITHIN and p.reach is None:
        raise InputError("location.reach", problem=p.problem)
    far = ~problem.near.any(axis=1)
    if p.problem == "set_cover" and far.any():
        names = [problem.costs.demand[at] for at in np.flatnonzero(far)[:SHOWN]]
        least = float(problem.costs.cost.min(axis=1)[far].max())
        raise InputError("location.out_of_reach", count=int(far.sum()), names=names, reach=p.reach, least=least)
    if problem.capacity is not None and p.problem == "p_centre":
        raise InputError("location.centre_capacity")
    if problem.capacity is not None and p.problem != "coverage":
        most = np.sort(problem.capacity)[::-1][: p.count or sites].sum()
        if most < problem.weight.sum():
            raise InputError("location.capacity", got=float(most), needs=float(problem.weight.sum()))


def _solved(problem: _Problem, p: FacilityLocationParams) -> _Choice:
    """Return the best choice; raises ValueError where there is none."""
    cost, weight, fixed = problem.costs.cost, problem.weight, problem.fixed
    count = p.count or 1
    if p.problem == "set_cover":
        found = assigned_sites(
            problem.near, np.zeros(cost.shape), weight, site_cost=1.0, fixed=fixed, capacity=problem.capacity,
            split=p.split,
        )  # fmt: skip
        sites = found.siting.sites
        share = found.share if problem.capacity is not None else _nearest(problem, sites)
        return _Choice(sites, share, float(sites.size), _whole_gap(found.siting.value, found.siting.bound))
    if p.problem == "coverage" and problem.capacity is not None:
        placed = capacitated_coverage(weight, problem.capacity, problem.near, count, fixed=fixed)
        room = np.where(np.isin(np.arange(cost.shape[1]), placed.sites), problem.capacity, 0.0)
        moved = allocate(weight, room, np.where(problem.near, cost, np.inf)).people
        share = np.divide(moved, weight[:, None], out=np.zeros_like(moved), where=weight[:, None] > 0.0)
        return _Choice(placed.sites, share, float(moved.sum()), placed.gap)
    if p.problem == "coverage":
        covered = maximal_coverage(problem.near, weight, count, fixed=fixed)
        return _Choice(covered.sites, _nearest(problem, covered.sites), covered.value, covered.gap)
    if p.problem == "p_centre":
        centre = p_centre(cost, count, fixed=fixed)
        if not np.isfinite(centre.value):
            raise ValueError("some demand has no way to as many sites")
        return _Choice(centre.sites, _nearest(problem, centre.sites), centre.value, centre.gap)
    if problem.capacity is None and np.isfinite(cost).all():
        median = p_median(cost, weight, count, fixed=fixed)
        return _Choice(median.sites, _nearest(problem, median.sites), median.value, median.gap)
    if cost.size > 10 * EXACT_PAIRS:
        raise InputError("location.large", got=cost.size, most=10 * EXACT_PAIRS)
    allowed = np.isfinite(cost)
    found = assigned_sites(
        allowed, weight[:, None] * np.where(allowed, cost, 0.0), weight, count=count, fixed=fixed,
        capacity=problem.capacity, split=p.split,
    )  # fmt: skip
    return _Choice(found.siting.sites, found.share, found.siting.value, found.siting.gap)


def _whole_gap(value: float, bound: float) -> float:
    """Return the gap of a number of sites, whose bound is the next whole number."""
    return max(value - np.ceil(bound - TINY * 1e3), 0.0) / value if value else 0.0


def _nearest(problem: _Problem, sites: NDArray[np.int64]) -> Floats:
    """Return shares where each demand goes to the nearest chosen site; to none without a way."""
    cost = problem.costs.cost
    share = np.zeros(cost.shape)
    at = sites[cost[:, sites].argmin(axis=1)]
    rows = np.arange(len(cost))
    share[rows, at] = np.isfinite(cost[rows, at])
    return share


def _outputs(problem: _Problem, choice: _Choice, p: FacilityLocationParams) -> FacilityLocation:
    costs, weight = problem.costs, problem.weight
    share = np.where(problem.near, choice.share, 0.0) if p.problem in WITHIN else choice.share
    share = np.where(share > TINY, share, 0.0)
    way = np.where(share > 0.0, costs.cost, 0.0)
    served = share.sum(axis=1)
    away = np.divide((share * way).sum(axis=1), served, out=np.full(served.shape, np.nan), where=served > 0.0)
    amount = weight[:, None] * share
    total = float(amount.sum())
    return FacilityLocation(
        site_chosen=pd.Series(np.isin(np.arange(len(costs.sites)), choice.sites).astype(np.float64), costs.sites),
        site_load=pd.Series(amount.sum(axis=0), costs.sites),
        chosen_site=pd.Series([_named(row, costs.sites) for row in share], costs.demand),
        site_distance=pd.Series(away, costs.demand),
        location_value=choice.value,
        location_gap=min(choice.gap, 1.0),
        location_mean=float((amount * way).sum()) / total if total > 0.0 else 0.0,
        location_farthest=float(way.max()),
        location_covered=float(np.where(problem.near, amount, 0.0).sum()),
        location_demand_total=float(weight.sum()),
    )


def _named(share: Floats, sites: tuple[str, ...]) -> str:
    """Return the site of a demand, several with their shares; '' where it goes to none."""
    places = [int(at) for at in np.flatnonzero(share)]
    if len(places) == 1 and share[places[0]] > 1.0 - 1e-6:
        return sites[places[0]]
    return "; ".join(f"{sites[at]} {share[at]:.4g}" for at in places)
