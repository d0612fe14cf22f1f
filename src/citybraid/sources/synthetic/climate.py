"""Monthly climate normals that the synthetic weather year is drawn around."""

from typing import NamedTuple


class Normal(NamedTuple):
    """Long-term means of one month."""

    high: float
    """Mean daily maximum of air temperature [degC]."""
    low: float
    """Mean daily minimum of air temperature [degC]."""
    humidity: float
    """Mean relative humidity [%]."""
    sunshine: float
    """Hours of sunshine [h]."""


class Climate(NamedTuple):
    """What a synthetic weather year is drawn around, and where: degrees north and east, metres, hours from UTC."""

    station: str
    """The two first fields of an EPW's location: a place and its province."""
    source: str
    status: str
    latitude: float
    longitude: float
    elevation: float
    time_zone: float
    normals: tuple[Normal, ...]
    """January to December."""
    wind: float
    """Mean wind speed [m s-1]."""


JIAXING = Climate(
    station="Jiaxing South SYNTHETIC,Zhejiang",
    source="Hangzhou 1991-2020 (the neighbour of Jiaxing), as recalled",
    status="recalled_unverified",
    latitude=30.69,
    longitude=120.76,
    elevation=4.0,
    time_zone=8.0,
    wind=2.2,
    normals=(
        Normal(8.8, 2.1, 73.0, 104.0),
        Normal(11.4, 3.8, 73.0, 106.0),
        Normal(16.1, 7.6, 71.0, 128.0),
        Normal(22.2, 12.8, 70.0, 150.0),
        Normal(27.1, 18.0, 70.0, 164.0),
        Normal(29.4, 21.9, 78.0, 130.0),
        Normal(34.0, 25.9, 73.0, 205.0),
        Normal(33.3, 25.7, 75.0, 188.0),
        Normal(28.6, 21.4, 76.0, 143.0),
        Normal(23.6, 15.9, 73.0, 146.0),
        Normal(17.5, 9.8, 73.0, 127.0),
        Normal(11.4, 4.0, 70.0, 126.0),
    ),
)
"""The values are recalled from public climate tables, not read from a source: replace the EPW with a measured one.

The mean of a day's highest and lowest temperature stands for the mean of its hours, which in July is about half a
kelvin lower.
"""
QINGPU = Climate(
    station="Qingpu SYNTHETIC,Shanghai",
    source="Shanghai, as its typical year CSWD 583620 has them",
    status="verified",
    latitude=31.19,
    longitude=121.14,
    elevation=4.0,
    time_zone=8.0,
    wind=3.2,
    normals=(
        Normal(7.6, 1.5, 77.0, 98.0),
        Normal(9.4, 3.3, 72.0, 142.0),
        Normal(13.5, 6.3, 79.0, 101.0),
        Normal(18.8, 11.8, 74.0, 148.0),
        Normal(24.2, 17.1, 77.0, 191.0),
        Normal(27.2, 21.5, 83.0, 152.0),
        Normal(30.2, 24.8, 82.0, 164.0),
        Normal(29.6, 24.4, 83.0, 138.0),
        Normal(27.0, 21.7, 77.0, 184.0),
        Normal(22.2, 15.6, 73.0, 165.0),
        Normal(16.9, 10.3, 68.0, 134.0),
        Normal(10.8, 4.1, 67.0, 159.0),
    ),
)
"""Means of a published year of hours, 40 km from Qingpu: the mean of a month's hours with half the mean daily range
above and below it, humidity, wind, and the sunshine that gives the year's global irradiation by `ANGSTROM`.
"""
RAIN = (80.0, 88.0, 140.0, 123.0, 129.0, 219.0, 173.0, 162.0, 118.0, 78.0, 72.0, 54.0)
"""Rain of the months, January to December [mm], of Hangzhou, recalled and rounded."""
ANGSTROM = (0.18, 0.55)
"""Angstrom-Prescott coefficients: global over extraterrestrial irradiation = a + b n/N; Penman (1948), recalled.

With the sunshine above they give about 1 265 kWh m-2 a year.
"""
DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
"""Days of the months of a common year."""
