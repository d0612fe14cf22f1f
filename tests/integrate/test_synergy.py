"""Services, spots, corridors and joint parcels by hand; what is refused; the figures of their pages."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from matplotlib.colors import ListedColormap
from matplotlib.patches import Patch
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from scipy.ndimage import gaussian_filter

from citybraid.core.errors import InputError
from citybraid.core.evaluate import WHOLE_AREA, GridRole, Portfolio, Use
from citybraid.core.model import MeasureParams
from citybraid.integrate.synergy.ecosystem_services import EcosystemServices, ecosystem_services
from citybraid.integrate.synergy.joint_corridors import JointCorridors, JointCorridorsParams, joint_corridors
from citybraid.integrate.synergy.joint_parcels import INDICATORS, joint_gain, joint_parcels
from citybraid.integrate.synergy.service_hot_spots import ServiceHotSpotsParams, service_hot_spots
from citybraid.integrate.synergy.trade_offs import bivariate_class, frontier, thirds
from citybraid.planning.rows import indicators
from citybraid.report.drawing.palettes import code_colours, code_names, ramp

Floats = NDArray[np.float64]
Figure = Callable[[str], Path]
NAN = np.nan


def raster(values: Any) -> xr.DataArray:
    return xr.DataArray(np.asarray(values, dtype=np.float64), dims=("y", "x"))


def grid_of(values: NDArray[Any], cell: float = 10.0) -> GeoBox:
    rows, columns = values.shape
    return GeoBox.from_bbox((0, 0, cell * columns, cell * rows), crs="EPSG:4549", resolution=cell)


def services(habitat: Any, carbon: Any, heat: Any = None, runoff: Mapping[str, Any] | None = None) -> EcosystemServices:
    return ecosystem_services(
        raster(habitat), raster(carbon), None if heat is None else raster(heat),
        None if runoff is None else {name: raster(values) for name, values in runoff.items()},
    )  # fmt: skip


def test_multifunctionality_by_hand() -> None:
    """Medians: habitat 0.4, carbon 0.15, cooling 1 K, retention 15 mm; the third cell beats all, the first none."""
    found = services([[0.0, 0.2, 1.0, 0.6]], [[0.0, 0.1, 0.9, 0.2]], [[3.0, 2.5, 0.0, 1.5]], {"a": [[40, 30, 5, 20]]})
    assert found.cooling is not None
    assert found.retention is not None
    np.testing.assert_allclose(found.cooling.cooling_service, [[0.0, 0.5, 3.0, 1.5]])
    np.testing.assert_allclose(found.retention.retention_service, [[0.0, 10.0, 35.0, 20.0]])
    np.testing.assert_array_equal(found.bundle.multifunctionality, [[0, 0, 4, 4]])
    np.testing.assert_array_equal(found.bundle.service_richness, [[0, 4, 4, 4]])
    second = (0.2 + 1.0 / 9.0 + 1.0 / 6.0 + 10.0 / 35.0) / 4.0
    np.testing.assert_allclose(found.bundle.service_index[0, :3], [0.0, second, 1.0])
    assert found.bundle.services_computed == 4


def test_access_to_nature_is_a_fifth_service() -> None:
    """Park within reach for three of four cells; the median is 10, so that two exceed it, and one has none."""
    found = ecosystem_services(
        raster([[0.0, 0.2, 1.0, 0.6]]), raster([[0.0, 0.1, 0.9, 0.2]]), nature_access=raster([[0.0, 5.0, 15.0, 20.0]])
    ).bundle
    np.testing.assert_array_equal(found.multifunctionality, [[0, 0, 3, 3]])
    np.testing.assert_array_equal(found.service_richness, [[0, 3, 3, 3]])
    np.testing.assert_allclose(found.service_index[0, 3], (0.6 + 2.0 / 9.0 + 1.0) / 3.0)
    assert found.services_computed == 3


def test_the_storm_with_the_most_runoff_tells_retention() -> None:
    found = services([[0.0, 1.0]], [[0.0, 1.0]], runoff={"rp2": [[3.0, 1.0]], "rp50": [[60.0, 20.0]]})
    assert found.retention is not None
    np.testing.assert_allclose(found.retention.retention_service, [[0.0, 40.0]])
    assert found.cooling is None


def test_a_service_that_is_the_same_everywhere_counts_for_nothing() -> None:
    found = services([[0.0, 0.5, 1.0]], np.full((1, 3), 7.0))
    np.testing.assert_array_equal(found.bundle.multifunctionality, [[0, 0, 1]])
    np.testing.assert_allclose(found.bundle.service_index, [[0.0, 0.25, 0.5]])
    same = services(np.ones((2, 2)), np.ones((2, 2)))
    assert not same.bundle.service_index.any()
    assert not same.bundle.service_richness.any()


def test_cells_that_lack_a_service_have_no_bundle_and_move_no_median() -> None:
    found = services([[0.0, 1.0, 0.9]], [[0.0, 1.0, NAN]])
    np.testing.assert_array_equal(found.bundle.multifunctionality, [[0, 2, NAN]])
    assert np.isnan(found.bundle.service_index[0, 2])


@pytest.mark.parametrize("carbon", [[[NAN, NAN]], [[1.0, NAN]]])
def test_services_without_a_common_cell_are_refused(carbon: list[list[float]]) -> None:
    with pytest.raises(InputError) as failure:
        services([[NAN, 1.0]], carbon)
    assert failure.value.text == "synergy.no_cells"
    assert "生态" in failure.value.say("zh") or "integrate.synergy" in failure.value.say("zh")


def planted() -> Floats:
    """A quiet field with a rich square and a poor one."""
    field = np.random.default_rng(5).random((40, 40)) * 0.2 + 0.4
    field[5:13, 5:13] += 0.4
    field[25:33, 25:33] -= 0.35
    return field


def test_planted_spots_are_found_and_the_rest_is_not() -> None:
    values = planted()
    found = service_hot_spots(raster(values), grid_of(values), ServiceHotSpotsParams())
    classes = found.service_hot_spot.to_numpy()
    assert (classes[6:12, 6:12] == 3).all()
    assert (classes[26:32, 26:32] == 1).all()
    away = np.ones_like(classes, dtype=bool)
    away[2:16, 2:16] = away[22:36, 22:36] = False
    assert (classes[away] == 2).mean() > 0.97
    assert found.hot_spot_area == pytest.approx((classes == 3).sum() * 0.01)
    assert found.cold_spot_area == pytest.approx((classes == 1).sum() * 0.01)
    assert found.hot_spot_reach == 20.0


def test_no_spots_on_a_constant_and_refusals() -> None:
    same = np.full((5, 6), 0.3)
    found = service_hot_spots(raster(same), grid_of(same), ServiceHotSpotsParams())
    assert (found.service_hot_spot == 2).all()
    assert found.hot_spot_area == found.cold_spot_area == 0.0
    for values, reach, text in ((same, 5.0, "synergy.reach"), (np.full((2, 2), NAN), None, "synergy.no_cells")):
        with pytest.raises(InputError) as failure:
            service_hot_spots(raster(values), grid_of(values), ServiceHotSpotsParams(reach=reach))
        assert failure.value.text == text


def corridors(
    current: Any, ground: Any, patch: Any = None, cover: Any = None, share: float = 0.2, walls: Any = None
) -> JointCorridors:
    shape = np.asarray(ground).shape
    blank = np.zeros(shape, np.int32)
    return joint_corridors(
        raster(current), xr.DataArray(blank if patch is None else np.asarray(patch, np.int32), dims=("y", "x")),
        raster(ground), xr.DataArray(blank + 30 if cover is None else np.asarray(cover, np.int32), dims=("y", "x")),
        grid_of(blank), JointCorridorsParams(strongest=share), None if walls is None else raster(walls),
    )  # fmt: skip


def test_joint_corridor_by_hand() -> None:
    """A valley down the middle column, of three: it drains all; current runs along the lowest row."""
    ground = np.array([[9.0, 5.0, 9.0], [8.0, 4.0, 8.0], [7.0, 1.0, 7.0]])
    current = np.array([[0.1, 0.1, 0.1], [0.2, 0.2, 0.2], [0.9, 0.9, 0.9]])
    found = corridors(current, ground, share=0.4)
    # Cells on the rim are outlets: the middle one alone passes its own 100 m2 on.
    assert float(found.flow_accumulation.max()) == 200.0
    assert float(found.flow_accumulation[2, 1]) == 200.0
    np.testing.assert_array_equal(found.joint_corridor, [[0, 0, 0], [0, 0, 0], [1, 3, 1]])
    assert found.joint_corridor_area == pytest.approx(0.01)


def test_wind_is_a_third_flow_where_walls_are_known() -> None:
    """Two fifths of ten cells have no walls: with ties at the limit the four of them are open to the wind."""
    level, patch, cover = np.zeros((2, 5)), np.zeros((2, 5)), np.full((2, 5), 30)
    patch[0, :3], cover[0, :2] = 1, 80
    walls = np.array([[0.0, 0.6, 0.0, 0.9, 0.3], [0.0, 0.4, 0.0, 0.8, NAN]])
    found = corridors(level, level, patch, cover, walls=walls)
    np.testing.assert_array_equal(found.joint_corridor, [[7, 3, 5, 0, 0], [4, 0, 4, 0, 0]])
    assert found.joint_corridor_area == pytest.approx(0.01)
    assert found.corridors_computed == 3
    assert corridors(level, level, patch, cover).corridors_computed == 2
    assert corridors(level, level, walls=np.full((2, 5), NAN)).joint_corridor_area == 0.0


def test_habitat_and_open_water_belong_to_their_corridors() -> None:
    level = np.zeros((3, 4))
    patch, cover = np.zeros((3, 4)), np.full((3, 4), 30)
    patch[0], cover[0, :2] = 1, 80
    found = corridors(level, level, patch, cover)
    np.testing.assert_array_equal(found.joint_corridor[0], [3, 3, 1, 1])
    assert not found.joint_corridor[1:].any()


def test_terrain_without_a_value_is_refused() -> None:
    with pytest.raises(InputError) as failure:
        corridors(np.zeros((2, 2)), np.full((2, 2), NAN))
    assert failure.value.text == "synergy.no_cells"
    found = corridors(np.full((3, 3), NAN), np.array([[1.0, NAN, 2.0], [1.0, 0.5, 2.0], [1.0, 0.2, 2.0]]))
    assert np.isnan(found.flow_accumulation[0, 1])


def test_thirds_and_classes_by_hand() -> None:
    values = np.array([0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
    assert thirds(values) == pytest.approx((2.0, 4.0))
    classes = bivariate_class(values, -values, first_limits=thirds(values), second_limits=thirds(-values))
    np.testing.assert_array_equal(classes, [2, 2, 1, 4, 3, 6, 6])
    same = np.full(4, 3.0)
    assert (bivariate_class(same, same, first_limits=thirds(same), second_limits=thirds(same)) == 0.0).all()
    assert np.isnan(thirds(np.full(3, NAN))[0])


def test_frontier_by_hand_and_by_comparing_all_pairs() -> None:
    first, second = np.array([1.0, 2.0, 3.0, 3.0, 2.0, NAN]), np.array([3.0, 2.0, 1.0, 1.0, 1.0, 9.0])
    np.testing.assert_array_equal(frontier(first, second), [True, True, True, True, False, False])
    drawn = np.random.default_rng(8).integers(0, 6, (2, 60)).astype(float)
    beaten = [
        any((o[0] >= p[0] and o[1] >= p[1] and (o > p).any()) for o in drawn.T) for p in drawn.T
    ]  # fmt: skip
    np.testing.assert_array_equal(frontier(*drawn), ~np.array(beaten))


@dataclass
class Town:
    """Three parcels: trees help wildlife on `a` and `b`, together more than alone; `c` takes none."""

    asked: list[Portfolio] = field(default_factory=list)

    def __call__(self, portfolio: Portfolio, *, grid: GridRole = "screening") -> pd.DataFrame:
        assert grid == "screening"
        self.asked.append(portfolio)
        where = {parcel for use in portfolio for parcel in (use.params.where or ("a", "b", "c"))}
        trees = any(use.model.name == "trees" for use in portfolio)
        wildlife = (2.0 * ("a" in where) + 1.0 * ("b" in where) + 3.0 * ({"a", "b"} <= where)) * trees
        row = {"wildlife": 10.0 + wildlife, "heat": 5.0 - 0.5 * trees * len(where & {"a", "b"}), "other": NAN}
        return pd.DataFrame([row], index=[WHOLE_AREA])

    def installed(self, portfolio: Portfolio) -> pd.DataFrame:
        amounts = {"a": 30.0, "b": 10.0, "c": 0.0} if portfolio else dict.fromkeys("abc", 0.0)
        return pd.DataFrame({"tree_area": {**amounts, WHOLE_AREA: sum(amounts.values())}})


def use(name: str, quantity: str) -> Use:
    return Use(SimpleNamespace(name=name, quantity=SimpleNamespace(name=quantity)), MeasureParams())  # type: ignore[arg-type]  # a stand-in


def test_each_parcel_is_computed_again_and_compared_with_its_share() -> None:
    """Everywhere +6 wildlife; a has three quarters of the trees: predicted 4.5, computed 2; b predicted 1.5, got 1."""
    town = Town()
    overlay = {"c": 3.0, "b": 2.0, "a": 1.0}
    table, placed = joint_parcels(town, [use("trees", "tree_area")], overlay, ["wildlife", "heat"], most=2)
    assert list(table["parcel"]) == ["b", "b", "a", "a"]
    rows = table.set_index(["parcel", "indicator"])
    assert tuple(rows.loc[("a", "wildlife"), ["everywhere", "predicted", "computed"]]) == (6.0, 4.5, 2.0)
    assert tuple(rows.loc[("b", "wildlife"), ["everywhere", "predicted", "computed"]]) == (6.0, 1.5, 1.0)
    assert tuple(rows.loc[("b", "heat"), ["everywhere", "predicted", "computed"]]) == (-1.0, -0.25, -0.5)
    assert len(town.asked) == 1 + 1 + 2
    assert dict(zip(placed["parcel"], placed["installed"], strict=True)) == {"b": 10.0, "a": 30.0}
    gains = joint_gain(table, {"wildlife": 1, "heat": -1})
    assert list(gains.index) == ["a", "b"]
    assert gains.loc["a", "share"] == pytest.approx((2.0 / 6.0 + 0.5) / 2.0)
    assert list(gains["gains"]) == [2, 2]


def test_no_indicator_taken_without_being_named_is_weighted_by_people() -> None:
    """Parcels stand in for units, which alone say where people live: the mean over residents would have no weight."""
    rows = [indicators()[name] for name in INDICATORS]
    assert {row.strand for row in rows} == {"biodiversity", "resilience"}
    assert all("residents" not in row.reading.second.split() for row in rows)
    assert indicators()["night_heat_island"].reading.second == "residents", "which is what this test guards against"


def test_indicators_that_are_not_computed_are_refused() -> None:
    for names in (["wildlife", "other"], ["wildlife", "unheard"]):
        with pytest.raises(InputError) as failure:
            joint_parcels(Town(), [use("trees", "tree_area")], {"a": 1.0}, names, most=1)
        assert failure.value.text == "synergy.indicators"
    with pytest.raises(InputError) as failure:
        joint_parcels(Town(), [use("trees", "unheard")], {"a": 1.0}, ["wildlife"], most=1)
    assert failure.value.text == "effects.quantity_missing"


def test_a_loss_counts_against_gains_and_no_change_is_no_gain() -> None:
    table = pd.DataFrame({
        "parcel": ["a", "a", "b", "b"], "indicator": ["up", "still"] * 2, "everywhere": [2.0, 0.0] * 2,
        "computed": [-1.0, 0.0, 1.0, 0.0],
    })  # fmt: skip
    gains = joint_gain(table, {"up": 1, "still": -1})
    assert list(gains.index) == ["b", "a"]
    assert list(gains["gains"]) == [1, 0]
    assert gains.loc["a", "share"] == pytest.approx(-0.25)


def landscape() -> tuple[Floats, Floats, Floats, Floats]:
    """Habitat, carbon, night heat and runoff of a made-up quarter of 1 km: woods, a park, a river, dense blocks."""
    noise = gaussian_filter(np.random.default_rng(2).normal(size=(100, 100)), 6.0)
    woods, park = noise > 0.035, np.zeros((100, 100), bool)
    park[55:75, 20:45] = True
    green = np.where(woods, 1.0, np.where(park, 0.6, 0.05))
    heat = 3.5 - 2.0 * gaussian_filter(green, 4.0)
    runoff = np.where(woods, 20.0, np.where(park, 35.0, 80.0))
    return green * 0.9, np.where(woods, 1.2, 0.3 * park), heat, runoff


def test_services_figure(figure: Figure) -> None:
    habitat, carbon, heat, runoff = landscape()
    found = services(habitat, carbon, heat, {"rp20": runoff})
    fig, axes = plt.subplots(1, 2, figsize=(9, 4), layout="constrained")
    picture = axes[0].imshow(found.bundle.service_index, cmap="YlGn", vmin=0, vmax=1)
    fig.colorbar(picture, ax=axes[0], shrink=0.8, label="mean of scaled services [-]")
    counts = found.bundle.multifunctionality.to_numpy()
    axes[1].imshow(counts, cmap=ListedColormap(list(ramp("plain", 5))), vmin=-0.5, vmax=4.5)
    handles = [Patch(color=colour, label=str(at)) for at, colour in enumerate(ramp("plain", 5))]
    title = "services above\nthe median"
    axes[1].legend(handles=handles, title=title, loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False)
    for axis, title in zip(axes, ("Index", "Multifunctionality"), strict=True):
        axis.set_title(f"{title}, made-up quarter at 10 m", fontsize=10)
        axis.set_axis_off()
    fig.savefig(figure("integrate.synergy.ecosystem_services"), dpi=120)
    plt.close(fig)
    assert set(np.unique(counts)) <= {0.0, 1.0, 2.0, 3.0, 4.0}


def classes_figure(path: Path, panels: Mapping[str, NDArray[Any]], table: str, extra: Floats | None = None) -> None:
    colours, names = code_colours(table), code_names(table, "en")
    codes = sorted(colours, key=int)
    fig, axes = plt.subplots(1, len(panels), figsize=(4.6 * len(panels), 4), layout="constrained", squeeze=False)
    palette = ListedColormap([colours[code] for code in codes])
    for axis, (title, values) in zip(axes[0], panels.items(), strict=True):
        axis.imshow(np.searchsorted([int(code) for code in codes], values), cmap=palette, vmin=-0.5,
                    vmax=len(codes) - 0.5)  # fmt: skip
        if extra is not None:
            axis.contour(extra, levels=8, colors="#77736c", linewidths=0.5)
        axis.set_title(title, fontsize=10)
        axis.set_axis_off()
    shown = {str(int(code)) for values in panels.values() for code in np.unique(values)}
    fig.legend(handles=[Patch(color=colours[code], label=names[code]) for code in codes if code in shown],
               loc="outside lower center", ncols=2, frameon=False)  # fmt: skip
    fig.savefig(path, dpi=120)
    plt.close(fig)


def test_hot_spots_figure(figure: Figure) -> None:
    index = services(*landscape()[:3]).bundle.service_index
    panels = {
        f"reach {reach:g} m": service_hot_spots(
            index, grid_of(index.to_numpy()), ServiceHotSpotsParams(reach=reach)
        ).service_hot_spot.to_numpy()
        for reach in (20.0, 80.0)
    }
    classes_figure(figure("integrate.synergy.service_hot_spots"), panels, "service_hot_spot")


def test_corridors_figure(figure: Figure) -> None:
    y, x = np.indices((80, 100)) / 80.0
    ground = 20.0 + 6.0 * np.abs(x - 0.6 - 0.2 * np.sin(4.0 * y)) - 4.0 * y
    current = np.exp(-(((y - 0.55 - 0.25 * x) / 0.12) ** 2)) + 0.6 * np.exp(-(((x - 0.75) / 0.1) ** 2))
    patch = ((x - 0.1) ** 2 + (y - 0.6) ** 2 < 0.006) | ((x - 1.1) ** 2 + (y - 0.8) ** 2 < 0.006)
    found = corridors(current, ground, patch)
    title = f"Wildlife, water and both: {found.joint_corridor_area:.1f} ha joint; contours of terrain"
    classes_figure(figure("integrate.synergy.joint_corridors"), {title: found.joint_corridor.to_numpy()},
                   "joint_corridor", ground)  # fmt: skip
    assert found.joint_corridor_area > 0.0
