"""Which features of a table lie in the study area: sums of a chapter count the same ones as indicators do."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from citybraid.report.view import View


def inside(view: View, alternative: str, table: str) -> pd.Series | None:
    """Return by id whether a feature's inner point lies in the study area or in a planning unit; None without both.

    Points on a border count as outside, as in indicators.
    """
    shapes = view.shapes(alternative, table)
    areas = [each for name in ("units", "study_area") if (each := view.shapes(alternative, name)) is not None]
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
