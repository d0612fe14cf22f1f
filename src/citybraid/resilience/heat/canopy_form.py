"""Form of the city in blocks: cover of the open ground, roofs, street canyons and roughness around each."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from scipy.ndimage import map_coordinates

from citybraid.core.remembered import remembered
from citybraid.core.vocabulary.surface import COVER
from citybraid.kernels.numerics.decay import distances, gaussian, weighted_mean
from citybraid.kernels.outdoor.canopy_air import ROUGH, Blocks
from citybraid.kernels.outdoor.obstruction import sector_horizon
from citybraid.kernels.outdoor.sky import patches

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]

GROUNDS = tuple(name for _, name in COVER if name != "roof")
"""Kinds of ground in the open area; cells of roofs outside buildings count as paved."""
BUILT_FROM = 0.5
"""Share of a cell from which on it is a building [-]."""
LEAST_VIEW = 0.1
"""Sky view below which streets are not taken narrower [-]."""
MOST_ROOF = 0.9
"""Share of roofs above which a block is not taken denser [-]."""
MOST_ROUGH = 5.0
"""Roughness beyond which a block is not taken rougher [m]."""
SUMMED = 400
"""Weights up to which they are summed one by one, so that what lies farther away leaves no rounding behind [-]."""
ALPHA, DRAG = 4.43, 0.5 * 1.2 / 0.16
"""Of Macdonald, Griffiths and Hall (1998), staggered cubes: A, and half the drag coefficient over Karman squared."""


class Town(NamedTuple):
    """The town by cell, each (rows, columns)."""

    cover: NDArray[np.integer]
    known: NDArray[np.bool_]
    built: F64
    """Share of buildings, 0 to 1."""
    height: F64
    """Of buildings [m]."""
    crowns: F64
    """Share of tree crowns, 0 to 1."""
    sky_view: F64
    """Of the ground between buildings alone, cosine-weighted."""


class Around(NamedTuple):
    """Blocks of cells, and the mean of what lies around each."""

    known: F64
    """1 where a cell counts (rows, columns)."""
    cells: F64
    """Cells that count, by block (rows, columns)."""
    size: tuple[int, int]
    """Cells of a block, down and across."""
    weights: F64
    """By block from the middle one."""

    @classmethod
    def of(cls, known: NDArray[np.bool_], grid: GeoBox, *, block: float, radius: float) -> "Around":
        """Return blocks of about `block` [m] and Gaussian weights of deviation `radius` / 2 out to 1.5 `radius`."""
        cell = (abs(float(grid.resolution.y)), abs(float(grid.resolution.x)))
        size = (max(1, round(block / cell[0])), max(1, round(block / cell[1])))
        count = block_sums(known.astype(np.float64), size)
        away = distances(
            (size[0] * cell[0], size[1] * cell[1]), reach=1.5 * radius, shape=(count.shape[0], count.shape[1])
        )
        return cls(known.astype(np.float64), count, size, gaussian(away, deviation=0.5 * radius, reach=1.5 * radius))

    def __call__(self, values: F64) -> F64:
        """Return the weighted mean around each block, flat (blocks,); 0 where nothing counts."""
        sums = block_sums(values * self.known, self.size)
        means = np.divide(sums, self.cells, out=np.zeros_like(sums), where=self.cells > 0.0)
        valid = self.cells > 0.0
        if self.weights.size > SUMMED:
            return weighted_mean(means, valid.astype(np.uint8), self.weights).ravel()
        return near_mean(means, valid, self.weights).ravel()

    def on_cells(self, values: F64) -> F64:
        """Return values of blocks (blocks,) on the cells, linear between the middles of blocks."""
        by_block, known = values.reshape(self.cells.shape), self.cells > 0.0
        filled = np.where(known, by_block, float(by_block[known].mean()) if known.any() else 0.0)
        return between_blocks(filled, self.size, (self.known.shape[0], self.known.shape[1]))


class Raised(NamedTuple):
    """The form of blocks, and how cells and blocks belong together."""

    blocks: Blocks
    around: Around


@remembered(2)
def sky_between(ground: F32, height: F32, *, cell: tuple[float, float]) -> F64:
    """Return the cosine-weighted sky view of the ground between buildings, without trees."""
    surface, slope = ground + height, np.zeros_like(ground)
    result = np.zeros(ground.shape)
    azimuths = patches().azimuth
    for azimuth in azimuths:
        sector_horizon(surface, ground, 0.0, float(azimuth), cell[0], cell[1], slope)
        result += 1.0 / (1.0 + slope.astype(np.float64) ** 2)
    return result / azimuths.size


def block_sums(values: F64, size: tuple[int, int]) -> F64:
    """Return sums over blocks of `size` cells from the first row and column on; the last may hold fewer."""
    rows, columns = (np.arange(0, n, step) for n, step in zip(values.shape, size, strict=True))
    return np.asarray(np.add.reduceat(np.add.reduceat(values, rows, axis=0), columns, axis=1), np.float64)


def near_mean(values: F64, valid: NDArray[np.bool_], weights: F64) -> F64:
    """Return sum(w v) / sum(w) over the valid blocks around each; 0 where none is valid.

    Weights are added in one order: a block is the same to the last bit whatever changes beyond their reach, which a
    transform of the whole grid does not keep. So the air of blocks that an edit leaves as they are is remembered.
    """
    if not valid.any():
        return np.zeros_like(values)
    reach = [(length // 2, length // 2) for length in weights.shape]
    around, counted = (np.pad(each, reach) for each in (np.where(valid, values, 0.0), valid.astype(np.float64)))
    total, weight = np.zeros_like(values), np.zeros_like(values)
    for (down, across), share in np.ndenumerate(weights):
        if share > 0.0:
            window = slice(down, down + values.shape[0]), slice(across, across + values.shape[1])
            total += share * around[window]
            weight += share * counted[window]
    mean = np.divide(total, weight, out=np.zeros_like(values), where=weight > 0.0)
    inside = np.clip(mean, float(values[valid].min()), float(values[valid].max()))
    return np.where(weight > 0.0, inside, 0.0)


def raised(town: Town, grid: GeoBox, *, block: float, radius: float) -> Raised:
    """Return the town's blocks of about `block` [m], each with the mean of what lies around it."""
    around = Around.of(town.known, grid, block=block, radius=radius)
    built = around(town.built)
    opened = np.maximum(around(1.0 - town.built), 1e-9)
    crowned = np.clip(town.crowns, 0.0, 1.0) * (1.0 - town.built)
    codes = {name: code for code, name in COVER}
    shares = np.empty((built.size, len(GROUNDS)))
    for k, name in enumerate(GROUNDS):
        here = town.cover == codes[name]
        if name == "paved":
            here |= town.cover == codes["roof"]
        wooded = name == "trees"
        ground = np.where(here, 1.0 - town.built - (0.0 if wooded else crowned), crowned if wooded else 0.0)
        shares[:, k] = around(np.maximum(ground, 0.0))
    total = shares.sum(axis=1, keepdims=True)
    shares = np.divide(shares, total, out=np.full_like(shares, 1.0 / len(GROUNDS)), where=total > 0.0)
    height = around(town.built * town.height) / np.maximum(built, 1e-9) * (built > 0.0)
    view = np.clip(around((1.0 - town.built) * town.sky_view) / opened, LEAST_VIEW, 1.0)
    aspect = (1.0 - view**2) / (2.0 * view)
    roof = np.clip(built, 0.0, MOST_ROOF)
    displacement, rough = roughness(roof, height, 2.0 * aspect * (1.0 - roof) / np.pi)
    return Raised(Blocks(shares, roof, aspect, height, displacement, rough), around)


def roughness(roof: F64, height: F64, frontal: F64) -> tuple[F64, F64]:
    """Return zero-plane displacement and roughness length [m] (Macdonald et al. 1998, eq. 23 and 26).

    `frontal` is the area of walls that the wind meets over plan area, mean over its directions: that of all walls
    over pi.
    """
    share = 1.0 + ALPHA**-roof * (roof - 1.0)
    drag = np.maximum(DRAG * (1.0 - share) * frontal, 1e-9)
    rough = height * (1.0 - share) * np.exp(-1.0 / np.sqrt(drag))
    return share * height, np.clip(rough, ROUGH, MOST_ROUGH)


def between_blocks(values: F64, size: tuple[int, int], shape: tuple[int, int]) -> F64:
    """Return the values of blocks of `size` cells on cells of a grid of `shape`, linear between the blocks' middles."""
    y, x = ((np.arange(n) + 0.5) / step - 0.5 for n, step in zip(shape, size, strict=True))
    place = np.meshgrid(y, x, indexing="ij")
    return np.asarray(map_coordinates(values, place, order=1, mode="nearest"), np.float64)
