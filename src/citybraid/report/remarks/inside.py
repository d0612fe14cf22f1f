"""Which features of a table lie in the study area: sums of a chapter count the same ones as indicators do."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from citybraid.report.view import View


def inside(view: View, alternative: str, table: str) -> pd.Series | None:
    """Return by id whether a feature's inner point lies in the study area or in a planning unit; None without both.

    Points on a border count as outside, as in indicators.
    """
    layers = [view.layer(alternative, name) for name in (table, "units", "study_area")]
    keys = tuple("" if layer is None else layer.key for layer in layers)
    if keys not in view.insides:
        shapes, *areas = (None if layer is None else view.run.value(layer) for layer in layers)
        view.insides[keys] = _inside(shapes, [each for each in areas if each is not None])
    return view.insides[keys]


def _inside(shapes: gpd.GeoSeries | None, areas: Sequence[gpd.GeoSeries]) -> pd.Series | None:
    if shapes is None or not areas:
        return None
    tree = shapely.STRtree(np.concatenate([gpd.GeoSeries(each).to_numpy() for each in areas]))
    points = shapely.point_on_surface(shapes.to_numpy())
    held = np.zeros(len(points), np.bool_)
    held[tree.query(points, predicate="within")[0]] = True
    return pd.Series(held, index=shapes.index)


def of_area(view: View, alternative: str, table: str, values: pd.Series) -> pd.Series:
    """Return the values of the features that lie in the study area; all of them where no outline is known."""
    held = inside(view, alternative, table)
    return values if held is None else values[held.reindex(values.index, fill_value=False).to_numpy()]
