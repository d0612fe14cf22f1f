"""Shelters: land and facilities that can hold people in an event, who is near one, and who gets a place."""

from typing import Annotated, Literal, NamedTuple

import numpy as np
import pandas as pd
from odc.geo.geobox import GeoBox
from pydantic import Field

from citybraid.core.errors import InputError
from citybraid.core.group import When
from citybraid.core.model import model
from citybraid.core.streets.street_network import Flags, Floats, Ints, NetworkParams
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.access import FACILITY_KIND
from citybraid.core.vocabulary.place import LAND_USE, RESIDENTS, ROAD_CLASS
from citybraid.core.vocabulary.resilience.relief import (
    FACILITY_PLACES,
    FACILITY_REFUSAL,
    FACILITY_SHELTERED,
    PEOPLE_NEAR_SHELTER,
    PEOPLE_UNSHELTERED,
    REFUGE_GREEN_SHARE,
    SHELTER_AREA,
    SHELTER_AREA_PER_HEAD,
    SHELTER_DISTANCE,
    SHELTER_GAP,
    SHELTER_NEED,
    SHELTER_PLACES,
    SHELTER_REFUSAL,
    SHELTERED_HERE,
    SHELTERS_FLOODED,
)
from citybraid.core.vocabulary.surface import TERRAIN
from citybraid.core.vocabulary.water import MAX_DEPTH
from citybraid.kernels.relief.allocation import allocate, capacitated_coverage
from citybraid.kernels.relief.siting import p_centre, p_median
from citybraid.resilience.relief.sites import (
    FAR,
    FLOODED,
    SPARE,
    Rules,
    Sites,
    green_share,
    joined,
    listed_sites,
    parcel_sites,
)
from citybraid.resilience.relief.walks import walks
from citybraid.resilience.rescue.street_depth import CARRIED

PAIRS = 40_000
"""Pairs of homes and sites above which the homes of a stretch of street are placed together."""
APART = 10.0
"""A pair without a way counts as this many times the longest way in the p-median."""


class ShelterParams(NetworkParams):
    """What the shelters are for, and how many sites the plan takes."""

    purpose: Literal["emergency", "short_term", "medium_term", "long_term"] = "short_term"
    """What people need a place for: hours outdoors, or nights of up to days, weeks and months."""
    sites: int = Field(0, ge=0, le=500)
    """Parcels that are made shelters beside the listed ones; 0: all that may be."""
    objective: Literal["coverage", "median", "centre"] = "coverage"
    """How they are chosen: most people with a place, least way of all, or least way of the farthest."""


class ListedShelters(NamedTuple):
    """The shelters that the facilities list."""

    facility_places: FACILITY_PLACES
    facility_sheltered: FACILITY_SHELTERED
    facility_refusal: FACILITY_REFUSAL


class Shelters(NamedTuple):
    """Places by site, and people by building."""

    shelter_places: SHELTER_PLACES
    sheltered_here: SHELTERED_HERE
    shelter_refusal: SHELTER_REFUSAL
    shelter_distance: SHELTER_DISTANCE
    people_near_shelter: PEOPLE_NEAR_SHELTER
    shelter_need: SHELTER_NEED
    people_unsheltered: PEOPLE_UNSHELTERED
    shelter_area_per_head: SHELTER_AREA_PER_HEAD
    shelters_flooded: SHELTERS_FLOODED
    refuge_green_share: REFUGE_GREEN_SHARE
    shelter_gap: SHELTER_GAP
    listed: Annotated[ListedShelters | None, When("facilities")]


@model(
    version=1,
    cite="Hakimi (1964), Oper. Res. 12: 450-459; Church and ReVelle (1974), Pap. Reg. Sci. 32: 101-118; Pirkul and "
    "Schilling (1991), Manag. Sci. 37: 233-248 (capacities); GB 51143-2015 (area and radius)",
    validity="Residents at home, on foot along streets before the water comes; places by effective area alone.",
)
def shelters(
    *,
    buildings: Annotated[View, Table("buildings", (RESIDENTS,))],
    streets: Annotated[View, Table("streets", (), (ROAD_CLASS, *CARRIED))],
    parcels: Annotated[View, Table("parcels", (LAND_USE,))],
    shelter_place_area: Annotated[Factors, Fact("shelter_place_area")],
    shelter_radius: Annotated[Factors, Fact("shelter_radius")],
    shelter_least_area: Annotated[Factors, Fact("shelter_least_area")],
    shelter_need_share: Annotated[Factors, Fact("shelter_need_share")],
    shelter_land: Annotated[Factors, Fact("shelter_land")],
    shelter_site: Annotated[Factors, Fact("shelter_site")],
    grid: GeoBox,
    p: ShelterParams,
    facilities: Annotated[View | None, Table("facilities", (FACILITY_KIND,), (SHELTER_AREA,))] = None,
    terrain: TERRAIN | None = None,
    max_depth: MAX_DEPTH | None = None,
) -> Shelters:
    """Return the places of usable shelters in an event, the way to the nearest, and who gets no place.

    Candidates are the shelters among the facilities, and parcels of open or public land (`shelter_land`). A site holds
    its effective dry area over the area of a place. It is refused where the event's water takes it, where it is too
    small or too steep, and where no street leads to it. Places go to residents within the service radius along streets,
    as many as possible and then by least way. With `sites`, only so many parcels beside the listed shelters take part,
    chosen by `objective`; `shelter_gap` is the distance of that choice from its bound. Raises InputError where a place
    needs no area or the listed shelters all lack a street in reach.
    """
    place = shelter_place_area[p.purpose]
    if not place > 0.0:
        raise InputError("relief.no_area", purpose=p.purpose, area=place)
    rules = Rules(shelter_land, shelter_site, shelter_least_area[p.purpose], max_depth, terrain, grid)
    sites = joined(listed_sites(facilities, rules), parcel_sites(parcels, rules))
    ways = walks(streets, buildings.geometry.to_numpy(), sites.shape, p)
    if sites.listed.any() and not ways.served[sites.listed].any():
        raise InputError("relief.no_street", shelters=int(sites.listed.sum()), reach=p.reach)
    sites = sites.refuse(~ways.served, FAR)
    residents = np.nan_to_num(buildings["residents"].to_numpy(np.float64))
    need = residents * shelter_need_share[p.purpose]
    demand = _Demand.of(need, ways.metres, ways.stretch)
    gap = 0.0
    if p.sites:
        sites, gap = _chosen(sites, demand, radius=shelter_radius[p.purpose], place=place, p=p)
    within = ways.metres <= shelter_radius[p.purpose]
    placed = allocate(
        demand.need, sites.area / place, np.where(demand.metres <= shelter_radius[p.purpose], demand.metres, np.inf)
    )
    left = placed.unplaced / np.where(demand.need > 0.0, demand.need, 1.0)
    nearest = np.min(ways.metres[:, sites.usable], axis=1, initial=np.inf)
    known = buildings["residents"].notna()

    def column(values: Floats) -> pd.Series:
        return pd.Series(values, index=buildings.index).where(known)

    green = green_share(parcels, rules._replace(least=shelter_least_area["emergency"]))
    of_facilities = None if facilities is None else _by_row(sites, sites.listed, placed.load, place, facilities)
    return Shelters(
        *_by_row(sites, ~sites.listed, placed.load, place, parcels),
        shelter_distance=pd.Series(np.where(np.isfinite(nearest), nearest, np.nan), index=buildings.index),
        people_near_shelter=column(residents * (within & sites.usable).any(axis=1)),
        shelter_need=column(need),
        people_unsheltered=column(need * left[demand.group]),
        shelter_area_per_head=float(sites.area.sum() / residents.sum()) if residents.sum() > 0.0 else np.nan,
        shelters_flooded=float((sites.refusal == FLOODED).sum()),
        refuge_green_share=green,
        shelter_gap=gap,
        listed=None if of_facilities is None else ListedShelters(*of_facilities),
    )


class _Demand(NamedTuple):
    """People who need a place by group, ways of the group to the sites [m], and the group of each building."""

    need: Floats
    metres: Floats
    group: Ints

    @classmethod
    def of(cls, need: Floats, metres: Floats, stretch: Ints) -> "_Demand":
        """Return each building by itself, or those of a stretch of street together where pairs are many."""
        if metres.size <= PAIRS:
            return cls(need, metres, np.arange(need.size))
        keys, group = np.unique(stretch, return_inverse=True)
        weight = np.maximum(need, 1e-9)
        total = np.bincount(group, weight, keys.size)
        ways = np.stack([np.bincount(group, weight * each, keys.size) / total for each in metres.T], axis=1)
        return cls(
            np.asarray(np.bincount(group, need, keys.size), np.float64), np.where(np.isnan(ways), np.inf, ways), group
        )


def _chosen(sites: Sites, demand: _Demand, *, radius: float, place: float, p: ShelterParams) -> tuple[Sites, float]:
    """Return the sites with the parcels that are not chosen refused as spare, and the gap of the choice."""
    usable = np.flatnonzero(sites.usable)
    fixed = sites.listed[usable]
    if not (~fixed).any():
        return sites, 0.0
    metres, count = demand.metres[:, usable], p.sites + int(fixed.sum())
    if p.objective == "coverage":
        best = capacitated_coverage(demand.need, sites.area[usable] / place, metres <= radius, count, fixed=fixed)
        taken, gap = best.sites, best.gap
    else:
        reached = np.isfinite(metres).any(axis=1)
        ways = metres[reached]
        ways = np.where(np.isfinite(ways), ways, APART * ways[np.isfinite(ways)].max(initial=1.0))
        if p.objective == "median":
            chosen = p_median(ways, demand.need[reached], count, fixed=fixed)
        else:
            chosen = p_centre(ways, count, fixed=fixed)
        taken, gap = chosen.sites, chosen.gap
    spare: Flags = sites.usable & ~np.isin(np.arange(sites.area.size), usable[taken])
    return sites.refuse(spare, SPARE), min(max(gap, 0.0), 1.0)


def _by_row(
    sites: Sites, which: Flags, load: Floats, place: float, table: View
) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Return places, people and reason of refusal by row of a table; none where a row is no candidate."""
    size, row = len(table), sites.row[which]
    places, people = np.full(size, np.nan), np.full(size, np.nan)
    refusal = np.full(size, "", object)
    places[row], people[row], refusal[row] = sites.area[which] / place, load[which], sites.refusal[which]
    index = table.index
    return pd.Series(places, index=index), pd.Series(people, index=index), pd.Series(refusal, index=index, dtype=object)
