"""Heat cascades: the four streams of Linnhoff et al. (1982), as Kemp (2007) solves them."""

import numpy as np

from citybraid.kernels.energy.cascade import cascade
from tests.validation.publishing import Published

STREAMS = np.array([(20, 135, 230), (170, 60, 330), (80, 140, 240), (150, 30, 180)], dtype=np.float64)
"""Start and end [degC], heat [kW]: two cold and two hot streams."""


def test_four_streams(published: Published) -> None:
    """Kemp (2007), Pinch Analysis and Process Integration, table 2.2 and fig. 2.11, least difference 10 K."""
    found = cascade(*STREAMS.T, difference=10.0)
    published.near("Four streams: least heating", found.heating, 20.0, by=1e-9, unit="kW")
    published.near("Four streams: least cooling", found.cooling, 60.0, by=1e-9, unit="kW")
    published.near("Four streams: pinch, shifted", found.pinch, 85.0, by=1e-9, unit="°C")
    published.near("Four streams: heat passed at 140 °C", found.flow[2], 82.5, by=1e-9, unit="kW")
