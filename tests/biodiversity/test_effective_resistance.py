"""Resistances by pair by hand and through the command; what is refused; the figure."""

from collections.abc import Callable
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from odc.geo.geobox import GeoBox

import citybraid as cb
from citybraid.biodiversity.effective_resistance import EffectiveResistanceParams, effective_resistance
from citybraid.core.errors import InputError, PlanError
from tests.commands import citybraid
from tests.movement_case import raster

GRID = "ncols 5\nnrows 1\nxllcorner 1\nyllcorner 1\ncellsize 1\nNODATA_value -9999\n{}\n"


def test_a_chain_by_hand() -> None:
    """A node of two cells resists where it is no end of the pair, and nowhere if all are short circuited."""
    chain, nodes = raster(np.ones((1, 5))), raster(np.array([[1, 2, 2, 0, 3]], np.int32))
    for together, through in ((False, 4.0), (True, 3.0)):
        found = effective_resistance(
            movement_resistance=chain, habitat_patch=nodes, p=EffectiveResistanceParams(together=together)
        )
        assert found.effective_resistance.to_dict() == pytest.approx({"1-2": 1.0, "1-3": through, "2-3": 2.0})


def test_the_command_reads_grids_of_published_cases(tmp_path: Path) -> None:
    """Grids of 1 m from 1, 1, tabs and -9999; no path to the last node."""
    for name, row in (("ground", "1 1 1 -9999 2"), ("nodes", "1 -9999 2 -9999 7"), ("short", "0 3 3 0 0")):
        (tmp_path / f"{name}.asc").write_text(GRID.format(row.replace(" ", "\t")), "utf-8")
    words = ["--movement-resistance", "ground.asc", "--habitat-patch", "nodes.asc", "--crs", "EPSG:4549", "--out", "o"]
    done = citybraid("model", "biodiversity.effective_resistance", *words, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    table = pd.read_csv(tmp_path / "o" / "effective_resistance.csv", index_col=0).iloc[:, 0]
    assert table["1-2"] == pytest.approx(2.0)
    assert table[["1-7", "2-7"]].isna().all()
    shorted = [*words[:-1], "shorted", "--short-circuit", "short.asc"]
    assert citybraid("model", "biodiversity.effective_resistance", *shorted, folder=tmp_path).returncode == 0
    table = pd.read_csv(tmp_path / "shorted" / "effective_resistance.csv", index_col=0).iloc[:, 0]
    assert table["1-2"] == pytest.approx(1.0)


def test_conductances_points_masks_and_listed_pairs() -> None:
    """A chain of conductances 2 with points in metres; a mask cuts it; one pair of three is computed."""
    grid = GeoBox.from_bbox((0.0, 0.0, 50.0, 10.0), crs="EPSG:32651", resolution=10.0)
    words = {
        "movement_resistance": np.array([[2.0, 2.0, 2.0, 2.0, 0.0]]), "cell_values": "conductance", "grid": grid,
        "focal_points": "1\t5\t5\n2\t15\t5\n4\t35.0\t5.0\n",
    }  # fmt: skip
    found = cb.models.effective_resistance(**words)
    assert found.effective_resistance.to_dict() == pytest.approx({"1-2": 0.5, "1-4": 1.5, "2-4": 1.0})
    assert np.isnan(found.pair_current.to_numpy()).tolist() == [[False, False, False, False, True]]
    masked = cb.models.effective_resistance(**words, circuit_mask=np.array([[1, 1, 0, 1, 1]]))
    assert masked.effective_resistance.isna().to_dict() == {"1-2": False, "1-4": True, "2-4": True}
    one = cb.models.effective_resistance(**words, included_pairs="mode include\n4 1\n9 1\n")
    assert one.effective_resistance.to_dict() == pytest.approx({"1-4": 1.5})
    assert one.pair_current.to_numpy()[0, :4].tolist() == pytest.approx([1.0] * 4)
    for more, text in (
        ({"focal_points": "1 5 5\n2 95 5\n"}, "movement.point_outside"),
        ({"focal_points": "1 5 5\n2 6 5\n"}, "movement.point_twice"), ({"focal_points": None}, "movement.focal_either"),
        ({"movement_resistance": np.array([[2.0, 2.0, -2.0, 2.0, 0.0]])}, "check.range"),
    ):  # fmt: skip
        with pytest.raises(PlanError) as caught:
            cb.models.effective_resistance(**{**words, **more})
        assert text in {caught.value.text, *(each.text for each in getattr(caught.value, "problems", ()))}


def test_one_node_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        effective_resistance(
            movement_resistance=raster(np.ones((1, 3))), habitat_patch=raster(np.array([[0, 1, 1]], np.int32)),
            p=EffectiveResistanceParams(),
        )  # fmt: skip
    assert caught.value.text == "movement.few_nodes"


def test_figure(figure: Callable[[str], Path]) -> None:
    """Current of three pairs past a wall with a gap, and what each pair resists."""
    ground = np.ones((40, 60))
    ground[:, 30], ground[18:21, 30] = np.nan, 1.0
    nodes = np.zeros(ground.shape, np.int32)
    nodes[5:9, 5:9], nodes[30:34, 8:12], nodes[20:24, 50:54] = 1, 2, 3
    found = effective_resistance(
        movement_resistance=raster(ground), habitat_patch=raster(nodes), p=EffectiveResistanceParams()
    )
    fig, (left, right) = plt.subplots(1, 2, figsize=(8.2, 3.2), layout="constrained")
    shown = left.imshow(found.pair_current, cmap="magma", vmax=float(np.nanquantile(found.pair_current, 0.99)))
    fig.colorbar(shown, ax=left, label="current [A]")
    left.set_title("Current, three pairs", fontsize=10)
    between = found.effective_resistance
    right.bar(between.index, between)
    right.set_ylabel("effective resistance")
    right.set_title("Through the gap and beside it", fontsize=10)
    assert between["1-2"] < min(between["1-3"], between["2-3"])
    fig.savefig(figure("biodiversity.effective_resistance"), dpi=130)
    plt.close(fig)
