"""Figures of measures of nature: covers or shares of the green plan, side by side."""

from pathlib import Path

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np
import xarray as xr
from matplotlib.colors import ListedColormap
from matplotlib.patches import Rectangle

from citybraid.core.vocabulary.surface import COVER

EXTENT = (0.0, 100.0, 0.0, 100.0)
COLOURS = {
    "trees": "#2f7d32", "shrubs": "#7cb342", "grass": "#b7d98b", "cropland": "#e8d88f", "paved": "#d9d4cc",
    "road": "#9aa0a6", "roof": "#8d6e63", "bare": "#e3cfae", "water": "#6baed6", "wetland": "#3ca6a6",
}  # fmt: skip


def show_covers(path: Path, *sheets: tuple[xr.DataArray, str], lines: gpd.GeoDataFrame) -> None:
    """Draw land covers side by side, with lines over them, and see that something was drawn."""
    figure, axes = plt.subplots(1, len(sheets), figsize=(4.7 * len(sheets), 4.8), layout="constrained", squeeze=False)
    codes = [code for code, _ in COVER]
    colours = ListedColormap([COLOURS[name] for _, name in COVER])
    seen = {int(code) for values, _ in sheets for code in np.unique(values.to_numpy())}
    for axis, (values, title) in zip(axes[0], sheets, strict=True):
        places = np.searchsorted(codes, values.to_numpy())
        axis.imshow(places, extent=EXTENT, cmap=colours, vmin=-0.5, vmax=len(codes) - 0.5)
        (lines.boundary if lines.geom_type.eq("Polygon").all() else lines.geometry).plot(
            ax=axis, color="0.25", linewidth=0.9
        )
        axis.set(title=title, xlabel="easting [m]", ylabel="northing [m]", xlim=(0, 100), ylim=(0, 100))
    named = [(COLOURS[name], name) for code, name in COVER if code in seen]
    figure.legend(
        [Rectangle((0, 0), 1, 1, color=colour) for colour, _ in named], [name for _, name in named],
        loc="outside upper center", ncols=len(named), fontsize=8,
    )  # fmt: skip
    figure.supxlabel("made-up plan of the tests, 100 m by 100 m", x=0.01, ha="left", fontsize=7, color="0.35")
    figure.savefig(path, dpi=110)
    plt.close(figure)
    assert path.stat().st_size > 5000
