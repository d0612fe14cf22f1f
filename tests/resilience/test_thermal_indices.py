from collections.abc import Callable
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest

import citybraid as cb
from citybraid.core.errors import PlanError
from citybraid.kernels.outdoor.humid_heat import discomfort_index, humidex


def test_by_hand() -> None:
    """30 degC and half the vapour of saturation: e = 6.112 · 10^(225 / 267.7) / 2 = 21.18 hPa."""
    assert float(humidex(np.array(30.0), np.array(0.5))) == pytest.approx(30.0 + 5.0 / 9.0 * 11.166, abs=0.01)
    assert float(discomfort_index(np.array(30.0), np.array(0.5))) == pytest.approx(30.0 - 0.275 * 15.5)
    assert float(discomfort_index(np.array(14.5), np.array(0.1))) == 14.5


def test_what_is_not_given_has_no_value() -> None:
    found = cb.models.thermal_indices(air_at_person=30.0, humidity_at_person=0.5, globe_at_person=40.0)
    assert np.isnan([found.utci_at_person, found.pet_at_person, found.wbgt_at_person]).all()
    assert found.humidex > 30.0


def test_a_humidity_in_percent_is_refused() -> None:
    with pytest.raises(PlanError, match="humidity_at_person"):
        cb.models.thermal_indices(air_at_person=30.0, humidity_at_person=50.0)


def test_figure(figure: Callable[[str], Path]) -> None:
    """Damp heat by four indices, radiant temperature that of the air, 1 m/s at 10 m."""
    fig, axis = plt.subplots(figsize=(6.4, 3.8), layout="constrained")
    shares = np.linspace(0.1, 0.8, 15)
    lines: dict[str, list[float]] = {"UTCI": [], "PET": [], "humidex": [], "discomfort index": []}
    for share in shares:
        found = cb.models.thermal_indices(
            air_at_person=32.0, humidity_at_person=float(share), radiant_at_person=32.0, wind_above=1.0
        )
        for line, value in zip(
            lines.values(),
            (found.utci_at_person, found.pet_at_person, found.humidex, found.discomfort_index), strict=True,
        ):  # fmt: skip
            line.append(value)
    for name, values in lines.items():
        axis.plot(100.0 * shares, values, label=name)
        assert np.all(np.diff(values) > 0.0)
    axis.set_xlabel("relative humidity [%]")
    axis.set_ylabel("index [°C]")
    axis.set_title("Air and radiant temperature of 32 °C, 1 m/s at 10 m", fontsize=10)
    axis.legend(frameon=False, fontsize=8)
    fig.savefig(figure("resilience.thermal_indices"), dpi=130)
    plt.close(fig)
