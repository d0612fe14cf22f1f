"""A street's drain: four manholes in a row, an outfall, a catchment each, as a SWMM model in SI units."""

from types import SimpleNamespace

import geopandas as gpd
import pandas as pd
import shapely

from citybraid.core.group import flatten
from citybraid.resilience.drains.drainage import DrainageParams, drainage

CRS = "EPSG:32651"
PLACES = {"J1": (22.5, 27.5), "J2": (72.5, 27.5), "J3": (122.5, 27.5), "J4": (172.5, 27.5), "O1": (240.0, 27.5)}
"""Manholes stand 50 m apart in the middle of cells of 5 m; the outfall lies beyond them."""
INVERTS = {"J1": 8.4, "J2": 8.2, "J3": 8.0, "J4": 7.8, "O1": 7.5}
RIM = 10.0
DIAMETER = 0.4
LINKS = {"C1": ("J1", "J2"), "C2": ("J2", "J3"), "C3": ("J3", "J4"), "C4": ("J4", "O1")}

TEXT = """[TITLE]
街道雨水 a street

[OPTIONS]
FLOW_UNITS CMS
INFILTRATION HORTON
FLOW_ROUTING {routing}
START_DATE 06/01/2020
START_TIME 00:00:00
END_DATE 06/01/2020
END_TIME 02:00:00
REPORT_STEP 00:05:00
WET_STEP 00:01:00
DRY_STEP 00:10:00
ROUTING_STEP 2
ALLOW_PONDING YES
VARIABLE_STEP 0.75

[RAINGAGES]
R1 INTENSITY 0:05 1.0 TIMESERIES T1

[SUBCATCHMENTS]
S1 R1 J1 0.2 80 40 0.5 0
S2 R1 J2 0.2 80 40 0.5 0
S3 R1 J3 0.2 80 40 0.5 0
S4 R1 J4 0.2 80 40 0.5 0

[SUBAREAS]
S1 0.015 0.2 1 3 0 OUTLET
S2 0.015 0.2 1 3 0 OUTLET
S3 0.015 0.2 1 3 0 OUTLET
S4 0.015 0.2 1 3 0 OUTLET

[INFILTRATION]
S1 75 5 4 7 0
S2 75 5 4 7 0
S3 75 5 4 7 0
S4 75 5 4 7 0

[LID_CONTROLS]
G1 BC
G1 SURFACE 150 0.1 0.1 1 5
G1 SOIL 500 0.45 0.2 0.1 50 10 80
G1 STORAGE 300 0.6 10 0
G1 DRAIN 0 0.5 0 0

[LID_USAGE]
S2 G1 2 50 5 0 40 0 "a report.txt" *

[JUNCTIONS]
J1 8.4 1.6 0 0 0
J2 8.2 1.8 0 0 0
J3 8.0 2.0 0 0 0
J4 7.8 2.2 0 {surcharge} 0

[OUTFALLS]
O1 7.5 FREE

[CONDUITS]
C1 J1 J2 50 0.013 0 0
C2 J2 J3 50 0.013 0 0
C3 J3 J4 50 0.013 0 0
C4 J4 O1 67.5 0.013 0 0

[XSECTIONS]
C1 CIRCULAR 0.4 0 0 0 1
C2 CIRCULAR 0.4 0 0 0 1
C3 CIRCULAR 0.4 0 0 0 1
C4 CIRCULAR {diameter} 0 0 0 1

[TIMESERIES]
T1 0:00 20
T1 0:30 0

[COORDINATES]
J1 22.5 27.5
J2 72.5 27.5
J3 122.5 27.5
J4 172.5 27.5
O1 240 27.5
"""


def street(*, routing: str = "DYNWAVE", surcharge: float = 0.0, diameter: float = DIAMETER, raised: float = 0.0) -> str:
    """Return the model's text, all levels `raised` [m]; it allows ponding, which a coupled run ends."""
    text = TEXT.format(routing=routing, surcharge=surcharge, diameter=diameter)
    for name, invert in INVERTS.items() if raised else ():
        text = text.replace(f"\n{name} {invert} ", f"\n{name} {invert + raised:.3f} ")
    return text


def nodes(names: tuple[str, ...] = tuple(PLACES)) -> gpd.GeoDataFrame:
    """Return the street's nodes as a view."""
    points = [shapely.Point(PLACES[name]) for name in names]
    return gpd.GeoDataFrame(geometry=points, index=pd.Index(names, dtype=object, name="id"), crs=CRS)


def links() -> gpd.GeoDataFrame:
    """Return the street's links as a view."""
    lines = [shapely.LineString([PLACES[start], PLACES[end]]) for start, end in LINKS.values()]
    return gpd.GeoDataFrame(geometry=lines, index=pd.Index(LINKS, dtype=object, name="id"), crs=CRS)


def rain(rate: float, minutes: float = 30.0) -> pd.Series:
    """Return even rain [mm/h] in steps of five minutes, then ten minutes without."""
    count = round(minutes / 5.0)
    return pd.Series([rate] * count + [0.0, 0.0], index=[step / 12.0 for step in range(count + 2)])


def ran(text: str | None = None, falling: pd.Series | None = None, **told: object) -> SimpleNamespace:
    """Run the street's drain under rain of 60 mm/h, or as it is told."""
    falling = rain(60.0) if falling is None and told.get("rain") != "own" else falling
    result = drainage(
        drainage_model=street() if text is None else text, drain_nodes=nodes(), drain_links=links(),
        p=DrainageParams.model_validate(told), rain_intensity=falling,
    )  # fmt: skip
    return SimpleNamespace(**flatten(result))
