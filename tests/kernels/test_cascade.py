import numpy as np
import pytest

from citybraid.kernels.energy.cascade import Cascade, cascade


def of(*streams: tuple[float, float, float], difference: float = 10.0) -> Cascade:
    start, end, heat = np.array(streams, dtype=np.float64).reshape(-1, 3).T
    return cascade(start, end, heat, difference=difference)


def test_by_hand_one_hot_one_cold() -> None:
    """Hot 100 to 50 (50 kW) warms 30 to 80 (50 kW) at 20 K: all is recovered; at 30 K, 10 kW are missing each side."""
    assert of((100, 50, 50), (30, 80, 50), difference=20.0)[:3] == pytest.approx((0.0, 0.0, 50.0))
    assert of((100, 50, 50), (30, 80, 50), difference=30.0)[:3] == pytest.approx((10.0, 10.0, 40.0))


def test_the_published_four_streams() -> None:
    """Linnhoff et al. (1982); Kemp (2007), table 2.2 and fig. 2.11: 20 kW hot, 60 kW cold, pinch at 85 degC shifted."""
    found = of((20, 135, 230), (170, 60, 330), (80, 140, 240), (150, 30, 180))
    assert found[:4] == pytest.approx((20.0, 60.0, 450.0, 85.0))
    assert found.temperature.tolist() == [165.0, 145.0, 140.0, 85.0, 55.0, 25.0]
    assert found.flow == pytest.approx([20.0, 80.0, 82.5, 0.0, 75.0, 60.0])


def test_heat_of_condensation_helps_only_below_its_temperature() -> None:
    above = of((60, 60, -200), (50, 100, 100))
    assert above.heating == pytest.approx(100.0)
    assert above.cooling == pytest.approx(200.0)
    below = of((120, 120, -200), (50, 100, 100))
    assert below[:3] == pytest.approx((0.0, 100.0, 100.0))


def test_no_stream_needs_nothing() -> None:
    assert of()[:3] == (0.0, 0.0, 0.0)
