"""Rain, infiltration, floods and flood risk. Events (storms) are labels on the outer axis `event`."""

from typing import Annotated

from citybraid.core.var import Column, Field, Geometry, Number, Raster, Series, Var

LONGEST_RETURN_PERIOD = 1e7
"""Longest return period of an event, in studies and single models alike [year]."""
LARGEST_RAIN = 4000
"""Largest rainfall intensity [mm h-1]: analytic channels with rain have 3600 (Delestre et al. 2013, SWASHES)."""
RETURN_PERIOD = Annotated[
    Number,
    Var("return_period", "year", "Mean recurrence interval of an event", on="", ge=1, le=LONGEST_RETURN_PERIOD),
]
STORM_DURATION = Annotated[Number, Var("storm_duration", "min", "Length of a design storm", on="", ge=5, le=10080)]
RAIN_INTENSITY = Annotated[
    Series, Var("rain_intensity", "mm h-1", "Rainfall intensity of an event", on="time", ge=0, le=LARGEST_RAIN)
]

INFLOWS = Annotated[
    Geometry, Var("inflows", "", "Where water enters: lines, points or areas", on="inflows", kind="geometry")
]
INFLOW_SHARE = Annotated[
    Column, Var("inflow_share", "1", "Share of the inflow discharge that enters here", on="inflows", ge=0, le=1)
]
INFLOW_DISCHARGE = Annotated[
    Series,
    Var(
        "inflow_discharge", "m3 s-1", "Discharge of all inflows together, mean of each step", on="time", ge=0, le=200000
    ),
]
INFLOW_HYDROGRAPH = Annotated[
    Series,
    Var(
        "inflow_hydrograph",
        "m3 s-1",
        "Discharge of all inflows together at each label, linear between labels",
        on="time",
        ge=0,
        le=200000,
    ),
]
EDGE_LEVEL = Annotated[
    Series,
    Var(
        "edge_level",
        "m",
        "Water level outside the edges set to 'level', read at each label",
        on="time",
        ge=-500,
        le=9000,
    ),
]
INITIAL_DEPTH = Annotated[Raster, Var("initial_depth", "m", "Water depth before the event", ge=0, le=500)]
INITIAL_VELOCITY_EAST = Annotated[
    Raster, Var("initial_velocity_east", "m s-1", "Velocity to the east before the event", ge=-50, le=50)
]
INITIAL_VELOCITY_NORTH = Annotated[
    Raster, Var("initial_velocity_north", "m s-1", "Velocity to the north before the event", ge=-50, le=50)
]

HYDRAULIC_CONDUCTIVITY = Annotated[
    Raster, Var("hydraulic_conductivity", "mm h-1", "Saturated hydraulic conductivity, cell mean", ge=0, le=5000)
]
SUCTION_HEAD = Annotated[Raster, Var("suction_head", "mm", "Wetting-front suction head", ge=0, le=2000)]
MOISTURE_DEFICIT = Annotated[Raster, Var("moisture_deficit", "1", "Porosity less initial moisture", ge=0, le=1)]
SURFACE_STORAGE = Annotated[
    Raster, Var("surface_storage", "mm", "Rain held by the surface before it runs off", ge=0, le=5000)
]
DRAIN_CAPACITY = Annotated[
    Raster, Var("drain_capacity", "mm h-1", "Rain the drains can carry off", ge=0, le=500, absent=0.0)
]
CURVE_NUMBER = Annotated[Raster, Var("curve_number", "1", "SCS curve number", ge=1, le=100)]
RUNOFF_DEPTH = Annotated[Raster, Var("runoff_depth", "mm", "Direct runoff of an event", ge=0)]
RUNOFF_CONTROL = Annotated[
    Number,
    Var("runoff_control", "1", "Share of the event's rain that does not leave as direct runoff", on="", ge=0, le=1),
]

MAX_DEPTH = Annotated[Raster, Var("max_depth", "m", "Deepest water of an event", ge=0, le=500, coarsen="max")]
FINAL_DEPTH = Annotated[Raster, Var("final_depth", "m", "Water depth at the end of an event", ge=0, le=500)]
MAX_SPEED = Annotated[Raster, Var("max_speed", "m s-1", "Fastest flow of an event", ge=0, le=50, coarsen="max")]
HAZARD_RATING = Annotated[Raster, Var("hazard_rating", "1", "Flood hazard rating d(v+0.5)+DF", ge=0, coarsen="max")]
ARRIVAL_TIME = Annotated[
    Raster,
    Var("arrival_time", "h", "Time until depth passes the threshold; none where it never does", ge=0, coarsen="min"),
]
FLOOD_DURATION = Annotated[
    Raster, Var("flood_duration", "h", "Time with depth above the threshold", ge=0, coarsen="max")
]
DEPTH_COURSE = Annotated[
    Field,
    Var("depth_course", "mm", "Depth at even times of an event, whole mm; -1 where there is none", on="field",
        ge=-1, le=30000, kind="int"),
]  # fmt: skip
VELOCITY_EAST = Annotated[
    Field,
    Var("velocity_east", "m s-1", "Velocity to the east at even times of an event", on="field", ge=-100, le=100),
]
VELOCITY_NORTH = Annotated[
    Field,
    Var("velocity_north", "m s-1", "Velocity to the north at even times of an event", on="field", ge=-100, le=100),
]
RAIN_VOLUME = Annotated[
    Number, Var("rain_volume", "m3", "Rain that the forcing prescribes on the model area", on="", ge=0)
]
INFLOW_VOLUME = Annotated[Number, Var("inflow_volume", "m3", "Inflow that the forcing prescribes", on="", ge=0)]
OUTFLOW_VOLUME = Annotated[
    Number, Var("outflow_volume", "m3", "Water that left over the edges or was pumped away", on="", ge=0)
]
INFILTRATION_VOLUME = Annotated[
    Number, Var("infiltration_volume", "m3", "Water infiltrated or held by the surface", on="", ge=0)
]
DRAINED_VOLUME = Annotated[Number, Var("drained_volume", "m3", "Water taken by drains", on="", ge=0)]
STORED_VOLUME = Annotated[Number, Var("stored_volume", "m3", "Water on the surface at the end", on="", ge=0)]
MASS_ERROR = Annotated[
    Number, Var("mass_error", "1", "Water balance residual over initial + rain + inflow", on="", closes=1e-6)
]

DAILY_RAIN = Annotated[
    Series,
    Var(
        "daily_rain",
        "mm",
        "Rain of each step of a record of years, days or hours; none where it is not known",
        on="time",
        ge=0,
        le=2000,
    ),
]
PLANNED_RUNOFF_CONTROL = Annotated[
    Column,
    Var("planned_runoff_control", "1", "Annual runoff control rate stated for the parcel", on="parcels", ge=0, le=1),
]
DETENTION_STORAGE = Annotated[
    Column,
    Var("detention_storage", "m3", "Tanks, ponds and basins that hold the parcel's runoff", on="parcels", ge=0),
]
RUNOFF_COEFFICIENT = Annotated[
    Raster, Var("runoff_coefficient", "1", "Share of an event's rain that runs off, by volume", ge=0, le=1)
]
ANNUAL_RUNOFF_CONTROL = Annotated[
    Raster, Var("annual_runoff_control", "1", "Share of the years' rain that the plot does not shed", ge=0, le=1)
]
SOLIDS_REMOVAL = Annotated[
    Raster, Var("solids_removal", "1", "Share of the years' suspended solids that the plot keeps back", ge=0, le=1)
]
SPONGE_STORAGE = Annotated[
    Raster, Var("sponge_storage", "mm", "Storage of facilities that hold runoff, mean of the plot", ge=0)
]
REQUIRED_STORAGE = Annotated[
    Raster, Var("required_storage", "mm", "Storage that the control rate asked for needs, mean of the plot", ge=0)
]
REQUIRED_VOLUME = Annotated[
    Column,
    Var("required_volume", "m3", "Storage that the control rate asked for needs on the parcel", on="parcels", ge=0),
]
SPONGE_VOLUME = Annotated[
    Column, Var("sponge_volume", "m3", "Storage of the parcel's facilities that hold runoff", on="parcels", ge=0)
]
STORAGE_SHORTFALL = Annotated[
    Column, Var("storage_shortfall", "m3", "Required storage that the parcel lacks", on="parcels", ge=0)
]
CONTINUOUS_RUNOFF_CONTROL = Annotated[
    Raster,
    Var(
        "continuous_runoff_control",
        "1",
        "Share of the years' runoff that the plot keeps, its storage followed step by step",
        ge=0,
        le=1,
    ),
]
CONTROL_RATE_DIFFERENCE = Annotated[
    Raster,
    Var(
        "control_rate_difference",
        "1",
        "Control rate of storage followed step by step, less that of sorted days",
        ge=-1,
        le=1,
    ),
]
