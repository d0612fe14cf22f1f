"""The figure of each method page, drawn from a run of the model on the small plan."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
import shapely
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.patches import Rectangle
from shapely import affinity

from citybraid.core.factor import shipped
from citybraid.core.vocabulary.surface import COVER
from citybraid.integrate.bridges.building_fraction import building_fraction
from citybraid.integrate.bridges.building_height import building_height
from citybraid.integrate.bridges.building_residents import building_residents
from citybraid.integrate.bridges.floor_area import floor_area
from citybraid.integrate.bridges.green_roof_cover import green_roof_cover
from citybraid.integrate.bridges.waste_heat import waste_heat
from citybraid.integrate.measures.built_form import BuiltFormParams, built_form
from citybraid.integrate.measures.detention_wetland import detention_wetland
from citybraid.integrate.measures.envelope_retrofit import EnvelopeRetrofitParams, envelope_retrofit
from citybraid.integrate.measures.form.plot import Controls, build, uses_of
from citybraid.integrate.measures.green_roof import green_roof
from citybraid.integrate.measures.permeable_paving import permeable_paving
from citybraid.integrate.measures.rain_garden import rain_garden
from citybraid.integrate.measures.rooftop_pv import rooftop_pv
from citybraid.integrate.measures.street_trees import street_trees
from citybraid.integrate.measures.woodland import woodland
from tests.integrate.plan import BUILDINGS, CELL, PARCELS, STREETS, UNITS, box, land_cover, run, terrain

Figure = Callable[[str], Path]
EXTENT = (0.0, 100.0, 0.0, 100.0)
COLOURS = {
    "trees": "#2f7d32", "shrubs": "#7cb342", "grass": "#b7d98b", "cropland": "#e8d88f", "paved": "#d9d4cc",
    "road": "#9aa0a6", "roof": "#8d6e63", "bare": "#e3cfae", "water": "#6baed6", "wetland": "#3ca6a6",
}  # fmt: skip


def save(path: Path, *axes: Axes, source: str) -> None:
    """Label axes, write the figure and see that something was drawn."""
    for axis in axes:
        axis.set_aspect("equal")
        axis.set_xlabel("easting [m]")
        axis.set_ylabel("northing [m]")
    drawn = axes[0].get_figure(root=True)
    assert drawn is not None
    drawn.supxlabel(source, x=0.01, ha="left", fontsize=7, color="0.35")
    drawn.savefig(path, dpi=110)
    plt.close("all")
    assert path.stat().st_size > 5000


def sheets(count: int) -> list[Axes]:
    _, axes = plt.subplots(1, count, figsize=(4.7 * count + 0.6, 4.6), layout="constrained", squeeze=False)
    return list(axes[0])


def heat(axis: Axes, values: xr.DataArray, *, title: str, unit: str, colours: str = "viridis") -> None:
    drawn = axis.imshow(values.to_numpy(), extent=EXTENT, cmap=colours, vmin=0.0)
    axis.figure.colorbar(drawn, ax=axis, label=unit, shrink=0.8)
    BUILDINGS.boundary.plot(ax=axis, color="black", linewidth=0.8)
    PARCELS.boundary.plot(ax=axis, color="0.6", linewidth=0.6)
    axis.set_title(title, fontsize=10)


def cover(axis: Axes, values: xr.DataArray, *, title: str) -> None:
    codes = [code for code, _ in COVER]
    colours = ListedColormap([COLOURS[name] for _, name in COVER])
    axis.imshow(
        np.searchsorted(codes, values.to_numpy()), extent=EXTENT, cmap=colours, vmin=-0.5, vmax=len(codes) - 0.5
    )
    seen = set(np.unique(values.to_numpy()))
    patches = [Rectangle((0, 0), 1, 1, color=COLOURS[name]) for code, name in COVER if code in seen]
    axis.legend(patches, [name for code, name in COVER if code in seen], fontsize=7, loc="upper right", framealpha=0.9)
    axis.set_title(title, fontsize=10)


def shown(value: float) -> str:
    """Return a value with as many digits as a reader wants."""
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def shapes(axis: Axes, column: pd.Series, *, title: str, unit: str, colours: str = "viridis") -> None:
    PARCELS.plot(ax=axis, color="#f4f1ea", edgecolor="0.7", linewidth=0.6)
    low, top = (0.0, float(column.max()) or 1.0) if unit != "year" else (1900.0, 2030.0)
    BUILDINGS.assign(shown=column).plot(
        "shown", ax=axis, cmap=colours, edgecolor="black", linewidth=0.6, vmin=low, vmax=top, legend=True,
        legend_kwds={"label": unit, "shrink": 0.8},
    )  # fmt: skip
    for name, shape in BUILDINGS.geometry.items():
        axis.annotate(
            f"{name}\n{shown(float(column[str(name)]))}",
            (shape.centroid.x, shape.bounds[1] - 0.5),
            ha="center",
            va="top",
            fontsize=7,
        )
    axis.set_title(title, fontsize=10)


PLAN = "made-up plan of the tests, 100 m by 100 m"


def test_floor_area_figure(figure: Figure) -> None:
    (axis,) = sheets(1)
    shapes(axis, run(floor_area).floor_area, title="Floor area: footprint times storeys", unit="m²")
    save(figure("integrate.bridges.floor_area"), axis, source=PLAN)


def test_building_fraction_figure(figure: Figure) -> None:
    turned = BUILDINGS.assign(geometry=[affinity.rotate(shape, 20.0) for shape in BUILDINGS.geometry])
    (axis,) = sheets(1)
    found = run(building_fraction, buildings=turned[["geometry"]]).building_fraction
    drawn = axis.imshow(found.to_numpy(), extent=EXTENT, cmap="Greys", vmin=0.0, vmax=1.0)
    axis.figure.colorbar(drawn, ax=axis, label="footprint over cell area [-]", shrink=0.8)
    turned.boundary.plot(ax=axis, color="#c62828", linewidth=1.0)
    error = abs(float(found.sum()) * CELL - turned.area.sum())
    axis.set_title(f"Exact shares at 5 m; area lost: {error:.0e} m²", fontsize=10)
    assert error < 1e-9
    save(figure("integrate.bridges.building_fraction"), axis, source=PLAN)


def test_building_height_figure(figure: Figure) -> None:
    (axis,) = sheets(1)
    found = run(building_height).building_height
    drawn = axis.imshow(found.to_numpy(), extent=EXTENT, cmap="YlOrBr", vmin=0.0)
    axis.figure.colorbar(drawn, ax=axis, label="mean height of buildings [m]", shrink=0.8)
    BUILDINGS.boundary.plot(ax=axis, color="#1b4965", linewidth=1.0)
    for shape, height in zip(BUILDINGS.geometry, BUILDINGS["height"], strict=True):
        axis.annotate(f"{height:g} m", (shape.centroid.x, shape.centroid.y), ha="center", va="center", fontsize=8)
    axis.set_title("Heights of the table, on 5 m cells", fontsize=10)
    assert float(found.max()) == pytest.approx(BUILDINGS["height"].max())
    save(figure("integrate.bridges.building_height"), axis, source=PLAN)


def test_building_residents_figure(figure: Figure) -> None:
    found = run(building_residents)
    (axis,) = sheets(1)
    shapes(axis, found.residents, title="Residents by residential floor area", unit="person", colours="BuPu")
    UNITS.boundary.plot(ax=axis, color="#1565c0", linewidth=1.6)
    for name, unit in UNITS.iterrows():
        text = f"{name}: {unit['population']:.0f} people, {found.unplaced_population[str(name)]:.0f} unplaced"
        axis.annotate(
            text, (unit.geometry.centroid.x, 102), ha="center", fontsize=7, color="#1565c0", annotation_clip=False
        )
    axis.title.set_y(1.06)
    save(figure("integrate.bridges.building_residents"), axis, source=PLAN)


def test_waste_heat_figure(figure: Figure) -> None:
    rejected = BUILDINGS["floor_area"] * 12.0
    found = run(waste_heat, buildings=BUILDINGS[["geometry"]].assign(heat_rejected=rejected)).waste_heat
    (axis,) = sheets(1)
    heat(axis, found, title="Heat of 12 W per m² of floor, over the ground", unit="W m⁻²", colours="inferno")
    save(figure("integrate.bridges.waste_heat"), axis, source=PLAN)


def test_green_roof_cover_figure(figure: Figure) -> None:
    green = run(green_roof).green_roof
    found = run(green_roof_cover, buildings=BUILDINGS[["geometry"]].assign(green_roof=green)).green_roof_cover
    (axis,) = sheets(1)
    heat(axis, found, title="Green roof over cell area after full adoption", unit="-", colours="Greens")
    save(figure("integrate.bridges.green_roof_cover"), axis, source=PLAN)


def test_green_roof_figure(figure: Figure) -> None:
    (axis,) = sheets(1)
    shapes(
        axis,
        run(green_roof).green_roof,
        title="Green share of roofs: not above 50 m, not on heritage land",
        unit="-",
        colours="Greens",
    )
    save(figure("integrate.measures.green_roof"), axis, source=PLAN)


def test_rooftop_pv_figure(figure: Figure) -> None:
    left, right = sheets(2)
    shapes(left, run(rooftop_pv).pv_roof, title="Module share of free roofs", unit="-", colours="Blues")
    tight = BUILDINGS[["geometry", "building_use", "pv_roof"]].assign(free_roof=0.2)
    shapes(
        right,
        run(rooftop_pv, buildings=tight).pv_roof,
        title="with a fifth of each roof free",
        unit="-",
        colours="Blues",
    )
    save(figure("integrate.measures.rooftop_pv"), left, right, source=PLAN)


def test_envelope_retrofit_figure(figure: Figure) -> None:
    left, right = sheets(2)
    for axis, share in ((left, 1.0), (right, 0.03)):
        renewed = run(envelope_retrofit, EnvelopeRetrofitParams(share=share)).envelope_standard == "gb55015"
        title = f"Year built; renewed buildings hatched, share {share:g}"
        shapes(axis, BUILDINGS["year_built"], title=title, unit="year", colours="cividis")
        BUILDINGS[renewed].plot(ax=axis, facecolor="none", edgecolor="white", hatch="///", linewidth=0.0)
    save(figure("integrate.measures.envelope_retrofit"), left, right, source=PLAN)


def test_permeable_paving_figure(figure: Figure) -> None:
    left, right = sheets(2)
    cover(left, land_cover(), title="Land cover")
    heat(
        right,
        run(permeable_paving).permeable_paving,
        title="Permeable paving over cell area",
        unit="-",
        colours="Purples",
    )
    save(figure("integrate.measures.permeable_paving"), left, right, source=PLAN)


def test_rain_garden_figure(figure: Figure) -> None:
    left, right = sheets(2)
    cover(left, land_cover(), title="Land cover")
    heat(right, run(rain_garden).rain_garden, title="Rain garden over cell area", unit="-", colours="YlGn")
    save(figure("integrate.measures.rain_garden"), left, right, source=PLAN)


def test_woodland_figure(figure: Figure) -> None:
    left, right = sheets(2)
    cover(left, land_cover(), title="Land cover")
    heat(right, run(woodland).canopy_cover, title="Canopy over cell area", unit="-", colours="Greens")
    save(figure("integrate.measures.woodland"), left, right, source=PLAN)


def test_street_trees_figure(figure: Figure) -> None:
    (axis,) = sheets(1)
    heat(
        axis,
        run(street_trees).canopy_cover,
        title="Canopy of trees on the lane's free verge",
        unit="canopy over cell area [-]",
        colours="Greens",
    )
    STREETS.plot(ax=axis, color="#455a64", linewidth=2)
    save(figure("integrate.measures.street_trees"), axis, source=PLAN)


def test_detention_wetland_figure(figure: Figure) -> None:
    found = run(detention_wetland)
    left, right = sheets(2)
    drawn = left.imshow(terrain().to_numpy(), extent=EXTENT, cmap="terrain", vmax=11.2)
    left.figure.colorbar(drawn, ax=left, label="m", shrink=0.8)
    PARCELS.boundary.plot(ax=left, color="0.3", linewidth=0.8)
    left.set_title("Ground before", fontsize=10)
    cover(right, found.land_cover, title="Cover after: the park's lowest tenth, 0.5 m deeper")
    PARCELS.boundary.plot(ax=right, color="0.3", linewidth=0.8)
    save(figure("integrate.measures.detention_wetland"), left, right, source=PLAN)


PLOTS = (
    ("070102", box(0, 0, 120, 95), Controls(2.2, 0.22, 60.0)),
    ("070102", affinity.rotate(box(150, 0, 250, 95), 12), Controls(1.4, 0.28, 24.0)),
    ("0902", box(290, 0, 380, 95), Controls(4.5, 0.45, 100.0)),
    (
        "0901",
        shapely.Polygon([(420, 0), (520, 0), (520, 45), (470, 45), (470, 95), (420, 95)]),
        Controls(1.8, 0.5, 36.0),
    ),
    ("080403", shapely.Polygon([(560, 0), (690, 12), (670, 95), (560, 80)]), Controls(0.8, 0.2, 24.0)),
    ("100101", box(730, 0, 850, 95), Controls(1.2, 0.5, 24.0)),
)


def massing() -> gpd.GeoDataFrame:
    book = {
        name: shipped().resolve(name, region="CN", year=2025) for name in ("parcel_use", "archetype", "storey_height")
    }
    rows: list[dict[str, Any]] = []
    for use, plot, controls in PLOTS:
        found = build(
            plot, controls, uses=uses_of(use, book["parcel_use"]),
            archetype=book["archetype"], storey_height=book["storey_height"],
        )  # fmt: skip
        rows += [{"geometry": one.footprint, "floors": one.floors} for one in found]
        ratio = sum(one.floors * one.footprint.area for one in found) / plot.area
        assert ratio == pytest.approx(controls.floor_area_ratio, rel=0.02)
    return gpd.GeoDataFrame(rows, geometry="geometry")


def test_built_form_figure(figure: Figure) -> None:
    _, (top, low) = plt.subplots(2, 1, figsize=(10.5, 7.2), layout="constrained", height_ratios=(1, 1.7))
    gpd.GeoSeries([plot for _, plot, _ in PLOTS]).plot(ax=top, color="#f4f1ea", edgecolor="0.5")
    massing().plot(
        "floors",
        ax=top,
        cmap="YlOrBr",
        edgecolor="black",
        linewidth=0.4,
        legend=True,
        legend_kwds={"label": "storeys", "shrink": 0.9},
    )
    for use, plot, controls in PLOTS:
        label = f"{use}\nFAR {controls.floor_area_ratio:g}\ndensity {controls.density:g}\n≤ {controls.height_limit:g} m"
        top.annotate(label, (plot.centroid.x, 112), ha="center", fontsize=7)
    top.set_ylim(-10, 185)
    top.set_title("Six plots, their controls, and the form that meets them", fontsize=10)
    found = run(built_form, BuiltFormParams(year=2030))
    cover(low, found.land_cover, title="Ground of the planned parcel (south-east) of the small plan")
    found.buildings.boundary.plot(ax=low, color="black", linewidth=0.7)
    PARCELS.boundary.plot(ax=low, color="#c62828", linewidth=1.0)
    save(figure("integrate.measures.built_form"), top, low, source=PLAN)
