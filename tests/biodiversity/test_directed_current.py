"""Directed current by hand, in the model and through the command; what is refused; the figure."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
import rasterio

from citybraid.biodiversity.directed_current import DirectedCurrent, DirectedCurrentParams, directed_current
from citybraid.core.errors import InputError
from tests.commands import citybraid
from tests.geotiffs import write_raster
from tests.movement_case import covers, patches, raster, resistances

CHAIN = np.ones((1, 3))
THREE = np.array([[1, 2, 3]], np.int32)


def directed(
    resistance: Any, patch: Any = None, source: Any = None, ground: Any = None, **words: Any
) -> DirectedCurrent:
    given = {"habitat_patch": patch, "current_source": source, "ground_resistance": ground}
    layers: dict[str, Any] = {name: None if values is None else raster(values) for name, values in given.items()}
    return directed_current(
        movement_resistance=raster(np.asarray(resistance, np.float64)),
        p=DirectedCurrentParams.model_validate({"mode": "one_to_all", **words}),
        **layers,
    )


def test_a_chain_of_patches_by_hand() -> None:
    """The middle patch has both others at ground, two links of 1 ohm in parallel."""
    one = directed(CHAIN, THREE)
    np.testing.assert_allclose(one.directed_current, [[1.5, 3.0, 1.5]], rtol=1e-6)
    assert one.directed_power == pytest.approx(1.0 + 0.5 + 1.0)
    every = directed(CHAIN, THREE, mode="all_to_one")
    np.testing.assert_allclose(every.directed_current, [[4.0, 6.0, 4.0]], rtol=1e-6)
    np.testing.assert_allclose(every.directed_largest_current, [[2.0, 2.0, 2.0]], rtol=1e-6)
    assert every.directed_power == pytest.approx(2.0 * (2.0 + 3.0) + (1.0 + 1.0))
    assert one.isolated_current == every.isolated_current == 0.0


def test_a_patch_in_two_parts_is_one_focal_region() -> None:
    """Both ends are one patch: from the middle 1 A flows half to either side over 2 ohm each."""
    found = directed(np.ones((1, 5)), np.array([[1, 0, 2, 0, 1]], np.int32))
    np.testing.assert_allclose(found.directed_current[0, 1:4], [1.0, 2.0, 1.0], rtol=1e-6)
    assert found.directed_power == pytest.approx(1.0 + 1.0)


def test_sources_and_grounds_by_hand() -> None:
    """1 A at the left leaves over half an ohm of ground at the right: 3.5 V at the source."""
    source, ground = np.array([[1.0, np.nan, 0.0, 0.0]]), np.array([[np.nan, np.nan, np.nan, 0.5]])
    found = directed(np.ones((1, 4)), source=source, ground=ground, mode="given")
    np.testing.assert_allclose(found.directed_current, [[1.0, 1.0, 1.0, 1.0]], rtol=1e-6)
    assert found.directed_power == pytest.approx(3.5)
    direct = directed(np.ones((1, 4)), source=source, ground=np.where(ground > 0, 0.0, ground), mode="given")
    assert direct.directed_power == pytest.approx(3.0)
    shorted = directed(np.ones((1, 4)), np.array([[0, 1, 1, 0]], np.int32), source, ground, mode="given")
    assert shorted.directed_power == pytest.approx(2.5)


def test_sources_without_a_path_are_told() -> None:
    found = directed([[1.0, 1.0, np.nan, 1.0]], source=[[1.0, 0, 0, 2.0]], ground=[[np.nan, 0.0, np.nan, np.nan]],
                     mode="given")  # fmt: skip
    assert found.isolated_current == 2.0
    assert np.isnan(found.directed_current[0, 2])
    np.testing.assert_allclose(found.directed_current[0, [0, 1, 3]], [1.0, 1.0, 0.0], atol=1e-9)


@pytest.mark.parametrize(
    ("rule", "power"), [("keep_all", 0.5), ("remove_source", 0.0), ("remove_ground", 1.0), ("remove_both", 0.0)]
)
def test_rules_for_a_source_that_is_a_ground_too(rule: str, power: float) -> None:
    """1 A at a cell with 1 ohm to the ground, beside a direct ground 1 ohm away: half an ohm, 1, or no source."""
    found = directed([[1.0, 1.0, 1.0]], source=[[0.0, 1.0, 0.0]], ground=[[0.0, 1.0, np.nan]], mode="given",
                     conflict=rule)  # fmt: skip
    assert found.directed_power == pytest.approx(power)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({}, "0 habitat patches"),
        ({"patch": np.array([[1, 0, 0]], np.int32)}, "1 habitat patch has"),
        ({"mode": "given"}, "0 cells send"),
        ({"mode": "given", "source": [[1.0, 0, 0]]}, "0 are grounds"),
    ],
)
def test_what_is_refused(words: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        directed(CHAIN, **words)


def test_the_command_finds_the_same(tmp_path: Path) -> None:
    write_raster(tmp_path / "resistance.tif", CHAIN.astype(np.float32), cell=20.0)
    write_raster(tmp_path / "patch.tif", THREE, cell=20.0)
    done = citybraid(
        "model", "biodiversity.directed_current", "--movement-resistance", "resistance.tif", "--habitat-patch",
        "patch.tif", "--mode", "all_to_one", "--out", "out", folder=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    with rasterio.open(tmp_path / "out" / "directed_current.tif") as found:
        np.testing.assert_allclose(found.read(1), [[4.0, 6.0, 4.0]], rtol=1e-5)
    assert pd.read_csv(tmp_path / "out" / "directed_power.csv")["value"].tolist() == pytest.approx([12.0])


def test_directed_current_figure(figure: Callable[[str], Path]) -> None:
    resistance, patch = resistances(covers()), patches()
    patch[0, 9:11] = 3
    source, ground = np.where(patch == 1, 0.1, 0.0), np.full(patch.shape, np.nan)
    ground[-1] = 10.0
    every = {
        "one to all": directed(resistance, patch), "all to one": directed(resistance, patch, mode="all_to_one"),
        "from a wood to the south": directed(resistance, source=source, ground=ground, mode="given"),
    }  # fmt: skip
    axes = plt.figure(figsize=(11.0, 2.6), layout="constrained").subplots(1, 3)
    for axis, (name, found) in zip(axes, every.items(), strict=True):
        # Patches carry all that leaves or reaches them: the scale is that of the ground between them
        apart = (patch > 0) & (name != "from a wood to the south")
        axis.set_facecolor("0.7")
        shown = axis.imshow(np.where(apart, np.nan, found.directed_current), cmap="magma")
        axis.contour(patch > 0, levels=[0.5], colors="white", linewidths=0.8)
        axis.set(title=name, xticks=[], yticks=[])
        axis.figure.colorbar(shown, ax=axis, label="current [A]")
    plt.savefig(figure("biodiversity.directed_current"), dpi=110)
    plt.close("all")


def test_strengths_short_circuits_and_conductances() -> None:
    """Two ends of a chain of five cells: 2 A from one; a region without resistance between; conductances of 2."""
    words: dict[str, Any] = {
        "movement_resistance": raster(np.ones((1, 5))),
        "habitat_patch": raster(np.array([[1, 0, 0, 0, 2]], np.int32)),
    }
    p = DirectedCurrentParams(mode="one_to_all")
    assert directed_current(**words, p=p).directed_power == pytest.approx(8.0)
    strong = directed_current(**words, p=p, source_strengths="1 2\n")
    assert strong.directed_power == pytest.approx(16.0 + 4.0)
    assert strong.directed_current.to_numpy()[0].tolist() == pytest.approx([3.0] * 5)
    short = raster(np.array([[0, 7, 7, 7, 0]], np.int32))
    assert directed_current(**words, p=p, short_circuit=short).directed_power == pytest.approx(4.0)
    doubled = {**words, "movement_resistance": raster(np.full((1, 5), 2.0))}
    better = directed_current(**doubled, p=DirectedCurrentParams(mode="one_to_all", cell_values="conductance"))
    assert better.directed_power == pytest.approx(4.0)
    given = directed_current(
        movement_resistance=raster(np.ones((1, 5))), current_source=raster(np.array([[2.0, 0, 0, 0, 0]])),
        ground_resistance=raster(np.array([[np.nan, np.nan, np.nan, np.nan, 0.0]])), short_circuit=short,
        p=DirectedCurrentParams(mode="given"),
    )  # fmt: skip
    assert given.directed_power == pytest.approx(2.0 * 2.0 * 2.0)
