"""Surfaces over a day that repeats, against a column of ground cut into thin layers."""

import numpy as np
import pytest

from citybraid.kernels.outdoor.surface_temperature import DAY, daily_response

EFFUSIVITY, EXCHANGE, HOURS = 1200.0, 18.0, 24


def column(drive: np.ndarray, *, days: int = 12, conductivity: float = 1.0) -> np.ndarray:
    """Return surface temperatures of the last day by implicit differences; `drive` is Q + h Ta by hour."""
    capacity = EFFUSIVITY**2 / conductivity
    depth, fine = 0.01, 6
    layers, step = 150, DAY / HOURS / fine
    temperature = np.full(layers, drive.mean() / EXCHANGE)
    joined = conductivity / depth
    matrix = np.zeros((layers, layers))
    for k in range(layers):
        if k > 0:
            matrix[k, k - 1], matrix[k, k] = -joined, matrix[k, k] + joined
        if k + 1 < layers:
            matrix[k, k + 1], matrix[k, k] = -joined, matrix[k, k] + joined
    half = 1.0 / (1.0 / EXCHANGE + 0.5 * depth / conductivity)
    matrix[0, 0] += half
    system = np.linalg.inv(np.eye(layers) * capacity * depth / step + matrix)
    surface = np.zeros(HOURS)
    smooth = np.interp(np.arange(HOURS * fine) / fine, np.arange(HOURS + 1) + 0.0, [*drive, drive[0]])
    for _ in range(days):
        for t in range(HOURS * fine):
            load = capacity * depth / step * temperature
            load[0] += half * smooth[t] / EXCHANGE
            temperature = system @ load
            if t % fine == 0:
                into = half * (smooth[t] / EXCHANGE - temperature[0])
                surface[t // fine] = (smooth[t] - into) / EXCHANGE
    return surface


def test_against_a_column_of_layers() -> None:
    hours = np.arange(HOURS)
    drive = EXCHANGE * (25.0 + 4.0 * np.cos(2 * np.pi * (hours - 15) / 24)) + np.clip(
        700.0 * np.cos(2 * np.pi * (hours - 12) / 24), 0.0, None
    )
    found = daily_response(EFFUSIVITY, EXCHANGE, HOURS) @ drive
    np.testing.assert_allclose(found, column(drive), atol=0.4)


def test_a_steady_load_warms_by_load_over_exchange() -> None:
    np.testing.assert_allclose(daily_response(EFFUSIVITY, EXCHANGE, HOURS) @ np.full(HOURS, 90.0), 90.0 / EXCHANGE)


def test_the_heavier_the_ground_the_smaller_the_swing_and_the_later() -> None:
    load = np.clip(np.cos(2 * np.pi * (np.arange(HOURS) - 12) / 24), 0.0, None)
    light, heavy = (daily_response(each, EXCHANGE, HOURS) @ load for each in (300.0, 2200.0))
    assert np.ptp(light) > 1.5 * np.ptp(heavy)
    assert light.argmax() <= heavy.argmax()
    assert light.mean() == pytest.approx(heavy.mean())
