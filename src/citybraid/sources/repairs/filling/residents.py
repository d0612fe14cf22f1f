"""Population by planning unit and population density of each home, from the finest data that files state."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.errors import InputError
from citybraid.core.factor import Resolved
from citybraid.core.finding import Finding
from citybraid.sources.imputing.donors import centres, donor_values, select_donors
from citybraid.sources.imputing.residents import (
    Zones,
    building_zones,
    containing_zone,
    living_area,
    of_compounds,
    of_grid,
    of_parcels,
    totals,
)
from citybraid.sources.imputing.rule_error import error_finding
from citybraid.sources.protocol.imputation import NO_DONOR, DonorIndices, Spread, fixed_value_spread, row_median, spread
from citybraid.sources.protocol.layers import Layers, impute_missing, missing_mask
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.protocol.reading import SourceLayer
from citybraid.sources.protocol.rules import RepairResult, Rules, Stage

VERSION = 4

STAGE: Stage = "residents"
READS = ("buildings", "parcels", "units", "population_grid")
IMPUTES = True
FEWEST_UNITS = 3
"""Fewest units with people and homes from which a spread is derived."""


def repair(layers: Layers, rules: Rules) -> RepairResult:
    """Fill the population of units, and weight homes by the finest data on where people live.

    Stated residents of buildings take precedence over those of parcels (residents, else households
    times their mean size), these over a population grid, this over the units alone.
    Homes themselves get people from the units-to-buildings bridge, by floor area times
    weight; so the total of a unit is preserved whatever the evidence, and measures that
    build keep it (Eicher and Brewer 2001, Mennis 2003: dasymetric mapping).
    """
    buildings, units = layers.table("buildings"), layers.table("units")
    if buildings is None or units is None:
        return RepairResult(layers)
    area = living_area(buildings)
    home = containing_zone(buildings, units.geometry.to_numpy())
    zones = _zones(layers, buildings, rules)
    if not (area > 0).any():
        if zones is None:
            return RepairResult(layers)
        return RepairResult(layers, (Finding("advice", "intake.people_no_homes", zones.table, len(zones.people)),))
    if zones is None:
        return _by_units(layers, area, home, rules)
    layers, population_findings = _populated(layers, zones, units, rules)
    density = _densities(zones, area, centres(buildings.geometry), rules)
    findings = (*population_findings, *_placement_findings(zones, area, home, rules))
    drawn = rules.draw.of(density, "living_weight").reindex(buildings.index, fill_value=0.0).astype(float)
    mean = _unit_mean(drawn, area, home)
    scale = mean[density.rows].to_numpy()
    relative = replace(density, value=density.value / scale, likely=density.likely / scale[:, None])
    stated = pd.Series(zones.of >= 0, index=buildings.index) | area.le(0)
    weight = (drawn / mean).where(area > 0, 1.0)
    origin = frozenset().union(*(each.origin for each in layers if {each.var.on, each.var.name} & set(READS)))
    layer = SourceLayer(vocabulary()["living_weight"], weight, stated=stated, spread=relative, origin=origin)
    layers = layers.put(layer)
    if zones.whole:
        layers = _completed(layers, drawn, area, home, rules)
    return RepairResult(layers, findings)


def _zones(layers: Layers, buildings: gpd.GeoDataFrame, rules: Rules) -> Zones | None:
    """The finest zones with stated population."""
    if "residents" in buildings and (zones := building_zones(buildings, buildings["residents"].notna())) is not None:
        return zones
    if (zones := of_compounds(buildings)) is not None:
        return zones
    parcels = layers.table("parcels")
    if parcels is not None and (zones := of_parcels(buildings, parcels, _household(rules))) is not None:
        return zones
    grid = layers.get("population_grid")
    return None if grid is None else of_grid(buildings, grid)


def _household(rules: Rules) -> Resolved | None:
    try:
        return rules.book.resolve("household_size", region=rules.region, year=rules.year)
    except InputError:
        return None


def _populated(
    layers: Layers, zones: Zones, units: gpd.GeoDataFrame, rules: Rules
) -> tuple[Layers, tuple[Finding, ...]]:
    """Fill missing populations of units with the people of the zones in them."""
    layer, var = layers.get("population", on="units"), vocabulary()["population"]
    gap = missing_mask(layer, units.index)
    if not gap.any():
        return layers, ()
    inside = totals(zones, units.geometry)
    guess = fixed_value_spread("intake.how_sum", inside[gap])
    outside = float(zones.people.sum() - inside.sum())
    values = {"people": float(inside[gap].sum()), "table": zones.table, "lost": max(round(outside, 1), 0.0)}
    population = impute_missing(layer, var, guess, rows=units.index, draw=rules.draw)
    return layers.put(population), (Finding("guessed", "intake.population_summed", "units", int(gap.sum()), values),)


def _densities(zones: Zones, area: pd.Series, points: NDArray[np.float64], rules: Rules) -> Spread:
    """People per floor area of each home [person m-2]: its zone's; those of nearby zones are equally likely.

    A home in no zone, or in one without people, takes the median of the nearest zones.
    """
    living = zones.living(area)
    by_zone = np.divide(zones.people, living, out=np.full(len(living), np.nan), where=living > 0)
    own = pd.Series(np.append(by_zone, np.nan)[zones.of], index=area.index).where(area > 0)
    first = np.zeros(len(area), dtype=bool)
    _, at = np.unique(np.where(own.notna(), zones.of, NO_DONOR), return_index=True)
    first[at] = own.notna().to_numpy()[at]
    known, to_fill = pd.Series(first, index=area.index), area > 0
    donors = select_donors(points, pd.Series("", index=area.index), known, to_fill, near=rules.choices.near, order=own)
    likely, giver = donor_values(own, donors.givers), donors.givers
    stated = own[to_fill].notna().to_numpy()
    value = own[to_fill].where(stated, np.nan_to_num(row_median(likely)))
    if zones.whole:
        likely[stated], giver[stated] = np.nan, NO_DONOR
    how = pd.Series(np.where(stated, zones.how, "intake.how_people_like"), index=value.index, dtype=object)
    return spread(how, value, likely, giver)


def _unit_mean(density: pd.Series, area: pd.Series, home: NDArray[np.int64]) -> pd.Series:
    """The mean density of homes in the unit of each building, 1 where it has no residents."""
    unit = pd.Series(home, index=area.index)
    mean = (density * area).groupby(unit).sum() / area.groupby(unit).sum()
    return unit.map(mean).where(lambda densities: densities > 0, 1.0)


def _by_units(layers: Layers, area: pd.Series, home: NDArray[np.int64], rules: Rules) -> RepairResult:
    """Where only units state people: one floor area per person in each; draws vary it as it varies between units."""
    people = layers.get("population", on="units")
    if people is None:
        return RepairResult(layers)
    living = np.bincount(home[home >= 0], weights=area.to_numpy()[home >= 0], minlength=len(people.value)).astype(float)
    count = people.value.to_numpy(dtype=np.float64)
    known = np.flatnonzero((living > 0) & (count > 0))
    layers, findings = _like_other_units(layers, people, living, known, rules)
    if len(known) < FEWEST_UNITS:
        return RepairResult(layers, findings)
    density = count[known] / living[known]
    if rules.draw.number == 0:
        rest = (count[known].sum() - count[known]) / (living[known].sum() - living[known])
        error = _share_error("intake.people_units_error", rest * living[known], count[known])
        return RepairResult(layers, (*findings, error))
    rows = area.index[area.to_numpy() > 0]
    likely = np.tile(density / density.mean(), (len(rows), 1))
    giver: DonorIndices = np.tile(np.arange(len(known)), (len(rows), 1))
    guess = spread("intake.how_units", pd.Series(1.0, index=rows), likely, giver)
    weight = rules.draw.of(guess, "living_weight").reindex(area.index, fill_value=1.0).astype(float)
    none = pd.Series(data=False, index=area.index)
    weights = SourceLayer(vocabulary()["living_weight"], weight, stated=none, spread=guess)
    return RepairResult(layers.put(weights), findings)


def _like_other_units(
    layers: Layers, people: SourceLayer, living: NDArray[np.float64], known: NDArray[np.int64], rules: Rules
) -> tuple[Layers, tuple[Finding, ...]]:
    """Fill units without a population: people of the other units per residential floor area, times their own.

    Where no homes are known nothing is: people may live there in homes that no file brings.
    """
    gap = missing_mask(people, people.value.index) & (living > 0)
    if not gap.any() or not len(known):
        return layers, ()
    count, own = people.value.to_numpy(dtype=np.float64)[known], living[gap.to_numpy()]
    value = pd.Series(own * (count.sum() / living[known].sum()), index=people.value.index[gap])
    giver: DonorIndices = np.tile(np.arange(len(known)), (len(value), 1))
    guess = spread("intake.how_like_units", value, own[:, None] * (count / living[known]), giver)
    filled = impute_missing(people, people.var, guess, rows=people.value.index, draw=rules.draw)
    values = {"people": float(value.sum()), "given": len(known)}
    return layers.put(filled), (Finding("guessed", "intake.population_like_units", "units", int(gap.sum()), values),)


def _completed(layers: Layers, density: pd.Series, area: pd.Series, home: NDArray[np.int64], rules: Rules) -> Layers:
    """Fill missing residents of buildings: the unit's population less stated residents, by density times area."""
    layer = layers.get("residents", on="buildings")
    gap = missing_mask(layer, area.index)
    people = layers.get("population", on="units")
    if layer is None or not gap.any():
        return layers
    unit = pd.Series(home, index=area.index)
    estimate = (density * area).where(gap, 0.0)
    if people is not None:
        total = unit.map(dict(enumerate(people.value.astype(float))))
        rest = (total - unit.map(layer.value.fillna(0.0).groupby(unit).sum())).clip(lower=0.0)
        unit_estimate = unit.map(estimate.groupby(unit).sum())
        estimate = estimate.where(
            rest.isna() | (unit_estimate <= 0), estimate * rest / unit_estimate.where(unit_estimate > 0, 1.0)
        )
    guess = fixed_value_spread("intake.how_rest_of_unit", estimate[gap])
    return layers.put(impute_missing(layer, layer.var, guess, rows=area.index, draw=rules.draw))


def _placement_findings(zones: Zones, area: pd.Series, home: NDArray[np.int64], rules: Rules) -> tuple[Finding, ...]:
    if rules.draw.number:
        return ()
    living = zones.living(area)
    notes = [Finding("found", "intake.people_placed", zones.table, len(living), {"people": float(zones.people.sum())})]
    empty = (living <= 0) & (zones.people > 0)
    if empty.any():
        values = {"people": float(zones.people[empty].sum())}
        notes.append(Finding("advice", "intake.people_without_homes", zones.table, int(empty.sum()), values))
    known = np.flatnonzero((living > 0) & (zones.people > 0))
    unit = np.full(len(living), NO_DONOR, dtype=np.int64)
    in_zone = zones.of >= 0
    unit[zones.of[in_zone]] = home[in_zone]
    if len(known) >= FEWEST_UNITS:
        frame = pd.DataFrame({"unit": unit[known], "people": zones.people[known], "living": living[known]})
        sums = frame.groupby("unit")[["people", "living"]].transform("sum")
        guess = (sums["people"] * frame["living"] / sums["living"]).to_numpy()
        notes.append(_share_error("intake.people_error", guess, zones.people[known], table=zones.table))
    return tuple(notes)


def _share_error(text: str, guess: NDArray[np.float64], stated: NDArray[np.float64], **more: object) -> Finding:
    """Return the error of distributing people by floor area alone, as a share of those stated [%]."""
    off = 100.0 * np.abs(guess - stated) / stated
    moved = 100.0 * float(np.abs(guess - stated).sum() / stated.sum() / 2.0)
    error = {"tested": len(off), "median": float(np.median(off)), "moved": moved}
    finding = error_finding(text, "population", error)
    return replace(finding, values=dict(finding.values, **more))
