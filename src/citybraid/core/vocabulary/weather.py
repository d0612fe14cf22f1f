"""Hourly weather of an energy year (8 760 h) and the numbers read from it."""

from typing import Annotated

from citybraid.core.var import Number, Series, Var

DRY_BULB = Annotated[Series, Var("dry_bulb", "degC", "Dry-bulb air temperature", on="time", ge=-90, le=70)]
PRESENT_DRY_BULB = Annotated[
    Series,
    Var(
        "present_dry_bulb", "degC", "Dry-bulb air of today's climate, where the study states another", on="time",
        ge=-90, le=70,
    ),
]  # fmt: skip
RELATIVE_HUMIDITY = Annotated[Series, Var("relative_humidity", "1", "Relative humidity", on="time", ge=0, le=1.1)]
GLOBAL_HORIZONTAL = Annotated[
    Series, Var("global_horizontal", "W m-2", "Global horizontal irradiance", on="time", ge=0, le=1600)
]
DIRECT_NORMAL = Annotated[Series, Var("direct_normal", "W m-2", "Direct normal irradiance", on="time", ge=0, le=1500)]
DIFFUSE_HORIZONTAL = Annotated[
    Series, Var("diffuse_horizontal", "W m-2", "Diffuse horizontal irradiance", on="time", ge=0, le=1600)
]
WIND_SPEED = Annotated[Series, Var("wind_speed", "m s-1", "Wind speed at 10 m", on="time", ge=0, le=80)]
WIND_DIRECTION = Annotated[
    Series,
    Var(
        "wind_direction", "degree", "Direction from which the wind blows, clockwise from north", on="time", ge=0, le=360
    ),
]
SKY_LONGWAVE = Annotated[
    Series, Var("sky_longwave", "W m-2", "Long-wave radiation of the sky on level ground", on="time", ge=50, le=700)
]
CLOUD_COVER = Annotated[
    Series, Var("cloud_cover", "1", "Share of the sky covered by opaque clouds", on="time", ge=0, le=1)
]
LATITUDE = Annotated[Number, Var("latitude", "degree", "Latitude, north positive", on="", ge=-90, le=90)]
LONGITUDE = Annotated[Number, Var("longitude", "degree", "Longitude, east positive", on="", ge=-180, le=180)]
TIME_ZONE = Annotated[Number, Var("time_zone", "h", "Local standard time less UTC", on="", ge=-12, le=14)]
ELEVATION = Annotated[Number, Var("elevation", "m", "Elevation of the weather station", on="", ge=-500, le=9000)]
