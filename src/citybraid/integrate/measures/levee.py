"""Higher levees: the crests of existing levees are raised."""

from typing import Annotated, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field

from citybraid.core.model import MeasureParams, measure
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.defences import CREST_HEIGHT, CREST_LEVEL
from citybraid.core.vocabulary.measures import RAISED_LEVEE_FACE
from citybraid.integrate.measures.siting import per_unit, selected_units


class LeveeParams(MeasureParams):
    height: float | None = Field(None, gt=0.0, le=20.0)
    """What crests are raised by; the factor levee_raise without it [m]."""


class Levee(NamedTuple):
    crest_level: CREST_LEVEL
    crest_height: CREST_HEIGHT
    raised_levee_face: RAISED_LEVEE_FACE


@measure(
    version=1,
    cite="Lenk, Rybski, Heidrich, Dawson and Kropp (2017), NHESS 17: 765-779 (cost goes with length times height)",
    validity="Levees that the study brings: footing, land, gates, and where the water goes instead are not checked.",
    stage="ground",
    quantity=RAISED_LEVEE_FACE,
    responsible="municipal water authority",
    build_years=2.0,
)
def levee(
    *,
    levees: Annotated[View, Table("levees", (), (CREST_LEVEL, CREST_HEIGHT))],
    units: Annotated[View, Table("units", (RAISED_LEVEE_FACE,))],
    levee_raise: Annotated[Factors, Fact("levee_raise")],
    p: LeveeParams,
) -> Levee:
    """Raise the crest of each levee by a height times the share asked for.

    A levee belongs to the planning unit nearest to the middle of its line, which takes the measure or not. Whichever
    of crest level and crest height a levee states is raised. Counted is length × raise.
    """
    unit = nearest(levees.geometry.interpolate(0.5, normalized=True), units.geometry)
    raised = np.where(selected_units(units, p.where)[unit], (p.height or levee_raise[""]) * p.share, 0.0)
    length = levees.geometry.length.to_numpy(np.float64)
    return Levee(
        _stated(levees, "crest_level") + raised,
        _stated(levees, "crest_height") + raised,
        units["raised_levee_face"] + per_unit(units, unit, length * raised),
    )


def nearest(points: gpd.GeoSeries, areas: gpd.GeoSeries) -> NDArray[np.int64]:
    """Return the position of the area nearest to each point; -1 for a point that is missing or empty."""
    positions = np.full(len(points), -1, dtype=np.int64)
    point, area = areas.sindex.nearest(points, return_all=False)
    positions[point] = area
    return positions


def _stated(levees: View, name: str) -> pd.Series:
    if name not in levees:
        return pd.Series(np.nan, index=levees.index)
    stated: pd.Series = levees[name].astype(np.float64)
    return stated
