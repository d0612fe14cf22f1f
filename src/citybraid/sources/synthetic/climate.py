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


PLACE = "Hangzhou 1991-2020 (the neighbour of Jiaxing), as recalled"
STATUS = "recalled_unverified"
"""The values are recalled from public climate tables, not read from a source: replace the EPW with a measured one."""

NORMALS = (
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
)
"""January to December."""
RAIN = (80.0, 88.0, 140.0, 123.0, 129.0, 219.0, 173.0, 162.0, 118.0, 78.0, 72.0, 54.0)
"""Rain of the months, January to December [mm], recalled likewise and rounded."""
WIND = 2.2
"""Mean wind speed [m s-1], recalled likewise."""
ANGSTROM = (0.18, 0.55)
"""Angstrom-Prescott coefficients: global over extraterrestrial irradiation = a + b n/N; Penman (1948), recalled.

With the sunshine above they give about 1 265 kWh m-2 a year.
"""
DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
"""Days of the months of a common year."""
