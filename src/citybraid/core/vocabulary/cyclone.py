"""Tropical cyclones: track by event, and the resulting wind, pressure and surge."""

from typing import Annotated

from citybraid.core.var import Number, Raster, Series, Var

TRACK_LATITUDE = Annotated[
    Series,
    Var("track_latitude", "degree", "Latitude of the cyclone's centre, north positive", on="time", ge=-70, le=70),
]
TRACK_LONGITUDE = Annotated[
    Series,
    Var("track_longitude", "degree", "Longitude of the cyclone's centre, east positive", on="time", ge=-180, le=360),
]
TRACK_PRESSURE = Annotated[
    Series, Var("track_pressure", "hPa", "Sea-level pressure at the cyclone's centre", on="time", ge=850, le=1060)
]
TRACK_RADIUS = Annotated[
    Series, Var("track_radius", "km", "Radius of the cyclone's strongest wind", on="time", ge=1, le=1000)
]

PEAK_WIND = Annotated[
    Raster,
    Var("peak_wind", "m s-1", "Strongest mean wind of a cyclone 10 m above ground", ge=0, le=150, coarsen="max"),
]
PEAK_WIND_FROM = Annotated[
    Raster, Var("peak_wind_from", "degree", "Where the strongest wind comes from, clockwise from north", ge=0, le=360)
]
GALE_DURATION = Annotated[
    Raster, Var("gale_duration", "h", "Time with mean wind at or above the threshold", ge=0, coarsen="max")
]
SITE_WIND = Annotated[
    Series, Var("site_wind", "m s-1", "Wind over open water at the middle of the plan area", on="time", ge=0, le=150)
]
SITE_WIND_FROM = Annotated[
    Series,
    Var(
        "site_wind_from", "degree", "Where the wind at the middle of the plan area comes from", on="time", ge=0, le=360
    ),
]
SITE_PRESSURE = Annotated[
    Series,
    Var("site_pressure", "hPa", "Sea-level pressure at the middle of the plan area", on="time", ge=850, le=1060),
]
SITE_PEAK_WIND = Annotated[
    Number, Var("site_peak_wind", "m s-1", "Strongest wind over open water at the middle of the plan area", on="", ge=0)
]

SURGE = Annotated[
    Series, Var("surge", "m", "Sea level at the coast above the tide, by pressure and wind", on="time", ge=-20, le=20)
]
SURGE_HEIGHT = Annotated[
    Number, Var("surge_height", "m", "Highest surge of an event above the tide", on="", ge=-20, le=20)
]
HIGH_TIDE = Annotated[
    Number,
    Var("high_tide", "m", "Level of the high tide that a surge is set on, in the terrain's datum", on="", ge=-50),
]
SEA_LEVEL_RISE = Annotated[
    Number, Var("sea_level_rise", "m", "Rise of the mean sea level since the tide's datum", on="", ge=-5, le=10)
]
SEA_LEVEL = Annotated[
    Series,
    Var("sea_level", "m", "Level of the sea at the coast: tide, rise and surge; can stand as edge_level", on="time"),
]
SEA_LEVEL_PEAK = Annotated[
    Number, Var("sea_level_peak", "m", "Highest level of the sea at the coast, in the terrain's datum", on="", ge=-500)
]
COASTAL_DEPTH = Annotated[
    Raster, Var("coastal_depth", "m", "Water that the sea's highest level would stand on land", ge=0, coarsen="max")
]
COASTAL_AREA = Annotated[
    Number, Var("coastal_area", "m2", "Land that the sea's highest level would reach", on="", ge=0)
]
