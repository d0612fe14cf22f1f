import numpy as np
import pytest

from citybraid.kernels.energy.hourly_balance import (
    AREA_EXPORT,
    AREA_GENERATION,
    AREA_IMPORT,
    AREA_LOAD,
    AREA_SELF_USED,
    COLUMNS,
    EXPORTED,
    IMPORTED,
    LOST,
    PEAK_EXPORT,
    PEAK_IMPORT,
    ROWS,
    SELF_USED,
    STORED,
    Shapes,
    Sites,
    balance_groups,
)

LOAD = np.array([0.1, 0.1, 0.3, 0.5])
SUN = np.array([0.0, 0.5, 0.5, 0.0])


def balanced(
    load: float, generation: float, *, capacity: float = 0.0, power: float = 0.0, charging: float = 0.9
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return several([load], [generation], [capacity], [power], groups=[0, 1], charging=charging)


def several(
    load: list[float], generation: list[float], capacity: list[float], power: list[float], *, groups: list[int],
    charging: float = 0.9,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:  # fmt: skip
    count = len(load)
    sites = Sites(
        np.array(load), np.zeros(count, dtype=np.int64), np.array(generation), np.array(capacity), np.array(power)
    )
    year, area, peaks = np.zeros((count, COLUMNS)), np.zeros((ROWS, 4)), np.zeros((len(groups) - 1, 2))
    shapes = Shapes(LOAD[None, :].copy(), SUN.copy())
    balance_groups(0, len(groups) - 1, np.array(groups), sites, shapes, charging, 0.8, year, area, peaks)
    return year, area, peaks


def test_by_hand_without_a_battery() -> None:
    year, area, peaks = balanced(100.0, 60.0)  # loads 10 10 30 50, generation 0 30 30 0
    assert year[0, [SELF_USED, IMPORTED, EXPORTED]] == pytest.approx([40.0, 60.0, 20.0])
    assert year[0, [PEAK_IMPORT, PEAK_EXPORT]] == pytest.approx([50.0, 20.0])
    assert area[AREA_SELF_USED] == pytest.approx([0.0, 10.0, 30.0, 0.0])
    assert area[AREA_EXPORT] == pytest.approx([0.0, 20.0, 0.0, 0.0])
    assert peaks[0] == pytest.approx([50.0, 20.0])


@pytest.mark.parametrize("battery", [0.0, 50.0])
def test_a_building_without_generation_is_one_whose_generation_is_next_to_nothing(battery: float) -> None:
    """The short way of buildings without generation, to the last bit, though one of two in a group generates."""
    none, least = (
        several([100.0, 70.0], [made, 60.0], [battery, 0.0], [10.0, 0.0], groups=[0, 2]) for made in (0.0, 1e-300)
    )
    for short, long in zip(none, least, strict=True):
        np.testing.assert_allclose(short, long, rtol=0.0, atol=1e-299)


def test_by_hand_with_a_battery() -> None:
    """10 kWh are charged (its power), 9 stored, 7.2 given back."""
    year, area, _ = balanced(100.0, 60.0, capacity=50.0, power=10.0)
    assert year[0, [SELF_USED, IMPORTED, EXPORTED]] == pytest.approx([47.2, 52.8, 10.0])
    assert year[0, [LOST, STORED]] == pytest.approx([1.0 + 1.8, 0.0])
    assert area[AREA_IMPORT] == pytest.approx([10.0, 0.0, 0.0, 42.8])


def test_a_full_battery_takes_no_more() -> None:
    year, _, _ = balanced(0.0, 60.0, capacity=18.0, power=100.0)
    assert year[0, [STORED, EXPORTED]] == pytest.approx([18.0, 40.0])


def test_behind_one_transformer_an_export_serves_a_neighbour() -> None:
    year, area, peaks = several([100.0, 0.0], [0.0, 60.0], [0.0, 0.0], [0.0, 0.0], groups=[0, 2, 2])
    assert year[1, EXPORTED] == pytest.approx(60.0)
    assert peaks.tolist() == [[50.0, 20.0], [0.0, 0.0]]
    assert area[AREA_LOAD].sum() == pytest.approx(100.0)
    assert area[AREA_GENERATION].sum() == pytest.approx(60.0)
