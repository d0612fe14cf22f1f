"""Flood forcing other than spatially uniform storms, and infiltration losses of soils."""

from typing import Annotated

from citybraid.core.var import Field, Geometry, Number, Raster, Series, Var
from citybraid.core.vocabulary.water import LARGEST_RAIN, LONGEST_RETURN_PERIOD

RAIN_FIELD = Annotated[
    Field, Var("rain_field", "mm h-1", "Rainfall intensity by time and place", on="field", ge=0, le=LARGEST_RAIN)
]
GAUGES = Annotated[Geometry, Var("gauges", "", "Where rain gauges stand", on="gauges", kind="geometry")]
GAUGE_RAIN = Annotated[
    Series, Var("gauge_rain", "mm h-1", "Rainfall intensity at one gauge", on="time", ge=0, le=LARGEST_RAIN)
]
SIDE_LEVEL = Annotated[
    Series,
    Var("side_level", "m", "Water level outside one side of the grid, read at each label", on="time", ge=-500, le=9000),
]
CLIMATE_FACTOR = Annotated[
    Number, Var("climate_factor", "1", "Factor on a storm's rain for a changed climate", on="", ge=0.5, le=3)
]
RAIN_RETURN_PERIOD = Annotated[
    Number,
    Var(
        "rain_return_period",
        "year",
        "Mean recurrence interval of an event's rain alone",
        on="",
        ge=1,
        le=LONGEST_RETURN_PERIOD,
    ),
]
EVENT_SEA_LEVEL_RISE = Annotated[
    Number,
    Var("event_sea_level_rise", "m", "Rise of the mean sea level that one event comes with", on="", ge=-5, le=10),
]
TIDE_LAG = Annotated[Number, Var("tide_lag", "h", "Time from the rain's peak to high water", on="", ge=-72, le=72)]

HORTON_FIRST_RATE = Annotated[
    Raster, Var("horton_first_rate", "mm h-1", "Infiltration rate when rain begins, cell mean", ge=0, le=5000)
]
HORTON_LAST_RATE = Annotated[
    Raster, Var("horton_last_rate", "mm h-1", "Infiltration rate after long rain, cell mean", ge=0, le=5000)
]
HORTON_DECAY = Annotated[Raster, Var("horton_decay", "h-1", "How fast the infiltration rate falls", ge=0.01, le=100)]
POTENTIAL_RETENTION = Annotated[
    Raster, Var("potential_retention", "mm", "Most rain that the ground can retain once runoff begins", ge=0, le=25146)
]
INITIAL_ABSTRACTION = Annotated[
    Raster, Var("initial_abstraction", "mm", "Rain held back before runoff begins", ge=0, le=10058)
]
