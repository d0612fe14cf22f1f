"""Floors from height or height from floors, by storey heights of the use; the rest from similar buildings nearby."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.finding import Finding
from citybraid.sources.imputing.donors import centres, donor_values, select_donors, test_rows
from citybraid.sources.imputing.rule_error import error_finding
from citybraid.sources.imputing.unstated import without_zeros
from citybraid.sources.protocol.imputation import DonorIndices, Spread, number_error, row_median, spread
from citybraid.sources.protocol.layers import Layers, impute_missing, missing_mask
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.protocol.reading import SourceLayer
from citybraid.sources.protocol.rules import RepairResult, Rules, Stage

STAGE: Stage = "form"
READS = ("buildings", "parcels")
VERSION = 5
IMPUTES = True
WITHIN_FLOORS, WITHIN_HEIGHT = 1.0, 3.0
"""Error bounds: the share of buildings within them is reported [storeys], [m]."""


@dataclass(frozen=True)
class Form:
    """Inputs of the rules of form: places, uses, and storey heights by use and as buildings state them.

    `storey` is the factor's by use [m], `stated_storey` height divided by floors where a building states both.
    """

    rules: Rules
    points: NDArray[np.float64]
    uses: pd.Series
    storey: pd.Series
    stated_storey: pd.Series

    def floors_of(self, height: pd.Series, to_fill: pd.Series) -> Spread:
        """Return height divided by the storey height of the use, rounded, at least 1."""
        high = height[to_fill].to_numpy(dtype=np.float64)
        value = pd.Series(_whole_storeys(high / self.storey[to_fill].to_numpy()), index=height.index[to_fill])
        likely, giver = self._storeys(to_fill)
        return spread("intake.how_height", value, _whole_storeys(high[:, None] / likely), giver)

    def floors_like(self, floors: pd.Series, to_fill: pd.Series) -> Spread:
        """Return the median floors of similar buildings nearby, else of all similar ones."""
        donors = select_donors(
            self.points, self.uses, floors.notna(), to_fill, near=self.rules.choices.near, order=floors
        )  # fmt: skip
        likely = donor_values(floors, donors.givers)
        value = pd.Series(_whole_storeys(row_median(likely)), index=floors.index[to_fill])
        return spread("intake.how_floors_like", value, likely, donors.givers)

    def height_of(self, floors: pd.Series, to_fill: pd.Series, filled: Spread | None) -> Spread:
        """Return floors times the storey height of the use; imputed floors pass on their spread."""
        rows = floors.index[to_fill]
        count, storey = floors[to_fill].to_numpy(dtype=np.float64), self.storey[to_fill].to_numpy()
        likely, giver = self._storeys(to_fill)
        likely = count[:, None] * likely
        if filled is not None:
            also = filled.at(rows)
            at = rows.get_indexer(also.rows)
            width = max(likely.shape[1], also.likely.shape[1])
            if width == likely.shape[1] == also.likely.shape[1]:
                likely[at], giver[at] = also.likely.astype(np.float64) * storey[at][:, None], also.giver
        return spread("intake.how_floors", pd.Series(count * storey, index=rows), likely, giver)

    def _storeys(self, to_fill: pd.Series) -> tuple[NDArray[np.float64], DonorIndices]:
        """Candidate storey heights of each building to fill [m]: those of similar ones, else the factor's range."""
        near = self.rules.choices.near
        donors = select_donors(
            self.points, self.uses, self.stated_storey.notna(), to_fill, near=near, order=self.stated_storey
        )
        likely, giver = donor_values(self.stated_storey, donors.givers), donors.givers.copy()
        unknown = ~((donors.how < 2) & np.isfinite(likely).any(axis=1))  # noqa: PLR2004  (others' storeys say nothing)
        if unknown.any():
            rows = self.rules.book.resolve("storey_height", region=self.rules.region, year=self.rules.year).rows
            uses = [use if use in rows else "other" for use in self.uses[to_fill].to_numpy()[unknown]]
            names = sorted(set(uses))
            ranges = np.stack([
                _triangle(rows[name].low, rows[name].value, rows[name].high, near.most) for name in names
            ])  # fmt: skip
            at = np.array([names.index(use) for use in uses])
            likely[unknown] = ranges[at]
            giver[unknown] = len(self.uses) + at[:, None] * near.most + np.arange(near.most)
        return likely, giver


def repair(layers: Layers, rules: Rules) -> RepairResult:
    """Fill floors and heights; where no building states either, both stay missing."""
    buildings = layers.table("buildings")
    if buildings is None:
        return RepairResult(layers)
    rows, names = buildings.index, vocabulary()
    floors, height = layers.get("floors", on="buildings"), layers.get("height", on="buildings")
    if floors is None and height is None:
        return RepairResult(layers, (Finding("advice", "intake.form_missing", "buildings", len(rows)),))
    (floors, none), (height, flat) = without_zeros(floors), without_zeros(height)
    form = _form(buildings, floors, height, rules)
    no_height = missing_mask(height, rows)
    findings: list[Finding] = [*none, *flat]
    if height is not None and (to_fill := missing_mask(floors, rows) & ~no_height).any():
        findings.append(Finding("guessed", "intake.floors_from_height", "buildings", int(to_fill.sum())))
        if rules.draw.number == 0:
            test = form.floors_of(height.value, test_rows(form.stated_storey.notna()))
            findings.append(_error("intake.floors_height_error", floors, test, WITHIN_FLOORS))
        guess = form.floors_of(height.value, to_fill)
        floors = impute_missing(floors, names["floors"], guess, rows=rows, draw=rules.draw)
    if floors is not None and (gap := missing_mask(floors, rows)).any() and not gap.all():
        findings.append(Finding("guessed", "intake.floors_from_use", "buildings", int(gap.sum())))
        if rules.draw.number == 0:
            test = form.floors_like(floors.value, test_rows(~gap))
            findings.append(_error("intake.floors_like_error", floors, test, WITHIN_FLOORS))
        guess = form.floors_like(floors.value, gap)
        floors = impute_missing(floors, names["floors"], guess, rows=rows, draw=rules.draw)
    if floors is not None and (to_fill := no_height & floors.value.notna()).any():
        findings.append(Finding("guessed", "intake.height_from_floors", "buildings", int(to_fill.sum())))
        if rules.draw.number == 0:
            test = form.height_of(floors.value, test_rows(form.stated_storey.notna()), None)
            findings.append(_error("intake.height_error", height, test, WITHIN_HEIGHT))
        guess = form.height_of(floors.value, to_fill, floors.spread)
        height = impute_missing(height, names["height"], guess, rows=rows, draw=rules.draw)
    filled_layers = [layer for layer in (floors, height) if layer is not None]
    return RepairResult(layers.put(*filled_layers), tuple(findings))


def _form(buildings: gpd.GeoDataFrame, floors: SourceLayer | None, height: SourceLayer | None, rules: Rules) -> Form:
    storeys = rules.factor("storey_height")
    uses = buildings["building_use"] if "building_use" in buildings else pd.Series("other", index=buildings.index)
    storey = uses.map(lambda use: storeys[use if use in storeys else "other"]).astype(float)
    stated_storey = pd.Series(np.nan, index=buildings.index)
    if floors is not None and height is not None:
        stated_storey = (height.value / floors.value.where(floors.value > 0)).where(height.value > 0)
    return Form(rules, centres(buildings.geometry), uses, storey, stated_storey)


def _error(text: str, stated: SourceLayer | None, test: Spread, within: float) -> Finding:
    layer = "buildings" if stated is None else stated.var.name
    known = pd.Series(np.nan, index=test.rows) if stated is None else stated.value
    return error_finding(text, layer, number_error(known, test, within=within))


def _whole_storeys(floors: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.maximum(np.round(floors), 1.0)


def _triangle(low: float | None, middle: float, high: float | None, count: int) -> NDArray[np.float64]:
    """Return equally likely values of a triangular distribution; the mode alone where no ends are known."""
    left, right = (middle if low is None else low), (middle if high is None else high)
    if right <= left:
        return np.full(count, middle)
    # Inverse of the triangular distribution function at the midpoints of `count` equal probability bins.
    part, bend = (np.arange(count) + 0.5) / count, (middle - left) / (right - left)
    rising = left + np.sqrt(part * (right - left) * (middle - left))
    falling = right - np.sqrt((1.0 - part) * (right - left) * (right - middle))
    return np.where(part < bend, rising, falling)
