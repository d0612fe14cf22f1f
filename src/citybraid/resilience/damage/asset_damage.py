"""Damage to assets with values and curves of their own, in all events at once."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from pydantic import Field

from citybraid.core.errors import InputError
from citybraid.core.model import model
from citybraid.core.var import Fact, Factors, Over, Raster, Table, View
from citybraid.core.vocabulary.assets import ASSET_ANNUAL_DAMAGE, ASSET_CURVE, ASSET_EVENT_DAMAGE, ASSET_VALUE
from citybraid.core.vocabulary.surface import BUILDING_FRACTION, LAND_COVER
from citybraid.core.vocabulary.water import MAX_DEPTH, RETURN_PERIOD
from citybraid.kernels.risk.event_loss import Losses, Rows, curves, deeper, sparse_losses
from citybraid.kernels.risk.exceedance import annual_weights, reached_frequency
from citybraid.resilience.damage.annual import sorted_return_periods
from citybraid.resilience.damage.damage_curves import Curve, by_sector
from citybraid.resilience.damage.flood_depth import FloodDepthParams, depth_around
from citybraid.resilience.damage.floor_heights import floors_of_assets

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


class AssetDamageParams(FloodDepthParams):
    """How depth at assets is sampled, and assumptions on damage between and beyond the events."""

    onset: float = Field(1.0, ge=1.0, le=1000.0)
    """Return period up to which there is no damage [year]; not used where an event is as frequent."""
    tail: bool = True
    """Whether events rarer than the rarest given cost as much as it; if not, they cost nothing."""

    frequencies: Literal["exceedance", "occurrence"] = "exceedance"
    """Whether return periods are of reaching a flood, so that damage is integrated over annual probability, or of each event by itself, as in event sets, so that damage is summed by frequency."""  # noqa: E501  (a field's docstring is one line)
    raised_by: float = Field(0.0, ge=-10.0, le=10.0)
    """How far a measure raises floors or lowers the water at assets [m]: each share is lost that much deeper."""
    stretched_by: float = Field(1.0, gt=0.0, le=10.0)
    """Factor of a measure on the depths at which shares are lost, applied before `raised_by` [-]."""
    protected_to: float | None = Field(None, ge=1.0, le=100000.0)
    """Return period up to which a measure keeps floods out [year]: more frequent floods do no damage."""


class AssetDamage(NamedTuple):
    """Expected annual damage of each asset, and the damage of each event to all assets."""

    asset_annual_damage: ASSET_ANNUAL_DAMAGE
    asset_event_damage: ASSET_EVENT_DAMAGE


@model(
    version=4,
    cite="Aznar-Siguan and Bresch (2019), Geosci. Model Dev. 12: 3085-3097, eq. 1 (damage); Meyer, Haase and Scheuer "
    "(2009), Integr. Environ. Assess. Manag. 5: 17-26, eq. 1 and 2 (average year)",
    validity="Values and curves that fit the assets, in events with a return period.",
)
def asset_damage(
    *,
    max_depths: Annotated[Mapping[str, Raster], Over(MAX_DEPTH, "event")],
    return_periods: Annotated[Mapping[str, float], Over(RETURN_PERIOD, "event")],
    assets: Annotated[View, Table("assets", (ASSET_VALUE, ASSET_CURVE))],
    flood_damage_share: Annotated[Factors, Fact("flood_damage_share")],
    flood_damage_sector: Annotated[Factors, Fact("flood_damage_sector")],
    ground_floor_height: Annotated[Factors, Fact("ground_floor_height")],
    grid: GeoBox,
    p: AssetDamageParams,
    land_cover: LAND_COVER | None = None,
    building_fraction: BUILDING_FRACTION | None = None,
) -> AssetDamage:
    """Return the expected annual damage of assets, and each event's total damage, by their own values and curves.

    Damage of an event = Σ value × f(depth), f the damage share of the curve that the asset names, a
    key of `flood_damage_share` before the slash. The shipped curves of buildings count depth from the ground floor,
    as for buildings of that sector (row of `ground_floor_height`); transport and the user's own curves from the ground.
    Annual damage is the trapezoidal integral over annual
    probability with `onset` and `tail` as for buildings, that is one weighted sum over events, computed in
    one pass over wet assets only; for single occurrences a weight is 1 / return period. With a measure the
    share is f((depth - raised_by) / stretched_by), and floods more frequent than `protected_to` do no damage.
    An asset without a value, or without a depth in some event, has no result; where none has one, no event has.
    Raises InputError for a curve without factor rows, and as expected_annual_damage does for events.
    """
    events, periods = sorted_return_periods(max_depths, return_periods)
    ground = land_cover, building_fraction
    depth = np.stack([_depth(max_depths[event], assets, grid, p, ground) for event in events])
    depth = depth - floors_of_assets(
        assets, ground_floor_height, shares=flood_damage_share, sectors=flood_damage_sector
    )
    sector_curves = by_sector(flood_damage_share)
    names = sorted(sector_curves)
    curve_names = assets["asset_curve"].astype(str)
    if unknown := sorted(set(curve_names) - set(names)):
        raise InputError("risk.unknown_curve", curves=unknown, known=names)
    value = assets["asset_value"].to_numpy(np.float64)
    known = np.isfinite(value) & np.isfinite(depth).all(axis=0)
    kind = curve_names.map({name: place for place, name in enumerate(names)}).to_numpy(np.int64)

    def losses(points: Sequence[Curve], weights: Floats) -> Losses:
        return sparse_losses(
            _wet(depth, known), np.nan_to_num(value, nan=0.0), kind, layout=curves(points), frequency=weights,
            by="event",
        )  # fmt: skip

    points = [sector_curves[name] for name in names]
    reaching = _reaching_frequency(periods, p, lambda: losses(points, np.zeros(periods.size)).event)
    let_in = np.ones(periods.size, np.bool_) if p.protected_to is None else reaching <= 1.0 / p.protected_to
    damages = losses(
        [deeper(point, stretch=p.stretched_by, rise=p.raised_by) for point in points], _weights(periods, p, let_in)
    )
    annual = pd.Series(np.where(known, damages.annual, np.nan), index=assets.index)
    event = np.where(let_in, damages.event, 0.0) if known.any() or not len(known) else np.full(periods.size, np.nan)
    return AssetDamage(annual, pd.Series(event, index=list(events)))


def _reaching_frequency(periods: Floats, p: AssetDamageParams, unprotected: Callable[[], Floats]) -> Floats:
    """Return how often each flood is reached or exceeded [1/year]; of single occurrences those as bad are summed."""
    if p.frequencies == "exceedance" or p.protected_to is None:
        return 1.0 / periods
    return reached_frequency(1.0 / periods, unprotected())


def _weights(periods: Floats, p: AssetDamageParams, kept: Flags) -> Floats:
    """Return the weight of each event in the average year [1/year], 0 for floods that are kept out."""
    weights = np.zeros(periods.size)
    if p.frequencies == "occurrence":
        weights[kept] = 1.0 / periods[kept]
    elif kept.any():
        onset = max(p.onset, p.protected_to or 1.0)
        weights[kept] = annual_weights(periods[kept], onset=onset, tail=p.tail)
    return weights


def _depth(
    max_depth: Raster, assets: View, grid: GeoBox, p: FloodDepthParams, ground: tuple[Raster | None, Raster | None]
) -> Floats:
    mean, deepest = depth_around(max_depth, assets, grid, p, ground)
    return mean if p.statistic == "mean" else deepest


def _wet(depth: Floats, known: NDArray[np.bool_]) -> Rows:
    """Return the wet assets of each event as compressed sparse rows; assets without a known damage are left out."""
    event, asset = np.nonzero((np.nan_to_num(depth, nan=0.0) > 0.0) & known)
    start = np.searchsorted(event, np.arange(len(depth) + 1))
    return Rows(start.astype(np.int64), asset.astype(np.int64), depth[event, asset])
