from collections.abc import Callable
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
import xarray as xr

from citybraid.core.errors import InputError
from citybraid.core.factor import resolve
from citybraid.core.vocabulary.surface import COVER
from citybraid.lowcarbon.green_sink import GreenSinkParams, green_sink
from citybraid.sources.intake.foreign_sources import source_region
from tests.district import cover_colours, district

RATE = resolve("sink_rate", region="CN-ZJ")


def raster(values: list[list[float]]) -> xr.DataArray:
    return xr.DataArray(np.array(values), dims=("y", "x"))


def test_rates_by_cover() -> None:
    found = green_sink(land_cover=raster([[10, 30], [50, 0]]), sink_rate=RATE, p=GreenSinkParams()).green_sink
    assert found.to_numpy()[:2, :1].ravel() == pytest.approx([RATE["10"], 0.0])
    assert found[0, 1] == pytest.approx(RATE["30"])
    assert np.isnan(found[1, 1])


def test_canopy_adds_over_open_ground_only() -> None:
    found = green_sink(
        land_cover=raster([[10, 30], [51, 10]]),
        canopy_cover=raster([[0.5, 0.5], [0.2, np.nan]]),
        sink_rate=RATE,
        p=GreenSinkParams(),
    ).green_sink
    assert found.to_numpy().ravel() == pytest.approx(
        [0.5 * RATE["10"], 0.5 * RATE["10"] + 0.5 * RATE["30"], 0.2 * RATE["10"], RATE["10"]]
    )


def test_every_cover_of_the_vocabulary_has_a_rate() -> None:
    assert {str(code) for code, _ in COVER} <= set(RATE)


def test_a_cover_without_a_rate_is_refused() -> None:
    with pytest.raises(InputError, match="77"):
        green_sink(land_cover=raster([[77]]), sink_rate=RATE, p=GreenSinkParams())


def test_the_rate_of_trees_is_the_studied_one_where_it_was_studied() -> None:
    assert resolve("sink_rate", region="CN-HE")["10"] == pytest.approx(0.71 * 44 / 12 / 10, rel=1e-4)
    assert RATE["10"] == pytest.approx(1.66 * 44 / 12 / 10, rel=1e-4)  # urban forest of Hangzhou


def test_elsewhere_the_rate_of_trees_is_the_national_one_of_a_named_study() -> None:
    row = resolve("sink_rate", region="CN-SN-XA").rows["10"]
    assert row.value == pytest.approx(0.578 * 44 / 12 / 10, rel=1e-4)
    assert (row.status, "10.3390/land12101903" in row.source) == ("single_source", True)
    assert source_region(row) == "CN"  # used in another country, it is told


def of_trees(**params: object) -> float:
    """Return the rate of a closed canopy in tC per hectare and year."""
    found = green_sink(
        land_cover=raster([[10]]), sink_rate=RATE, p=GreenSinkParams.model_validate(params),
        stand_sink_rate=resolve("stand_sink_rate", region="CN"), crown_growth=resolve("crown_growth"),
    ).green_sink  # fmt: skip
    return float(found.item()) * 10 * 12 / 44


@pytest.mark.parametrize(
    ("trees", "age", "rate"),
    [("broadleaf", 0, 1.87), ("broadleaf", 9.9, 1.87), ("broadleaf", 10, 0.71), ("conifer", 35, 0.57),
     ("mixed", 25, 0.59), ("orchard", 300, 0.07), ("crown", None, 2.8), ("crown", 20, 2.8), ("crown", 21, 0.0)],
)  # fmt: skip
def test_trees_by_kind_and_age(trees: str, age: float | None, rate: float) -> None:
    assert of_trees(trees=trees, stand_age=age) == pytest.approx(rate, rel=1e-4)


def test_a_kind_of_stand_asks_for_its_age() -> None:
    with pytest.raises(InputError) as told:
        of_trees(trees="mixed")
    assert "mixed" in told.value.say("en")
    assert "林龄" in told.value.say("zh")


def test_figure(figure: Callable[[str], Path]) -> None:
    town = district()
    found = green_sink(
        land_cover=town.land_cover, canopy_cover=town.canopy_cover, sink_rate=RATE, p=GreenSinkParams()
    ).green_sink
    colours, norm = cover_colours()
    fig, (left, right) = plt.subplots(1, 2, figsize=(9.5, 4.2), layout="constrained")
    left.imshow(town.land_cover, cmap=colours, norm=norm)
    left.set_title("Land cover (made-up district)", fontsize=10)
    shown = right.imshow(found, cmap="Greens")
    right.set_title("Sink: woods, crowns along streets, water", fontsize=10)
    fig.colorbar(shown, ax=right, label="kg CO₂ per m² and year")
    for axis in (left, right):
        axis.set_xticks([])
        axis.set_yticks([])
    fig.savefig(figure("lowcarbon.green_sink"), dpi=130)
    plt.close(fig)
