"""What an edit moves by itself, computed without a model: buildings, ground, residents, land uses."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from shapely.geometry.base import BaseGeometry

from citybraid.integrate.learn.conformal import Groups, Inputs
from citybraid.integrate.measures.built_form import PLANNED
from citybraid.integrate.measures.built_ground import ground
from citybraid.integrate.measures.form.parcel_edit import (
    BUILDINGS,
    CANOPY,
    COVER,
    DEPTH,
    GREEN,
    LOADS,
    PEOPLE,
    STATUS,
    STOREYS,
    SURROUNDINGS,
    USE,
)
from citybraid.integrate.measures.form.plot import Building, build, uses_of
from citybraid.integrate.measures.form.residents import HOME, new_residents
from citybraid.integrate.measures.siting import CODE, area_of_cells, area_of_points, cell_area
from citybraid.planning.rows import controls, indicators
from citybraid.study.run.evaluation import never_read
from citybraid.study.whatif.bench import GROUP, Bench
from citybraid.study.whatif.edit import LAND_USE, Edit
from citybraid.study.whatif.placing import after

Floats = NDArray[np.float64]
PARKING, PARKING_NORM = "parking", "parking_norm"
"""Control of parking spaces, and the factor by which they follow from floor area."""
NAMED = ("roof", "paved", "grass", "trees")
OTHERS = tuple(name for name in CODE if name not in NAMED)
"""Covers, and those that are not named apart."""
GREEN_RATIO = "gr"
"""Control of the share of a plot under green covers."""
KEPT = 8
"""Edits of which what they move is kept [-]."""
BUILT, FLOODED, GROUND, PLACED = 5, 2, 3 + len(NAMED) + len(OTHERS), 4
"""Columns of what stands on a parcel, of it times the water's depth, of the ground, and of each measure [-]."""


class Built(NamedTuple):
    """What stands on a parcel: homes, other floor area and footprint [m2], volume [m3], residents, height [m]."""

    homes: float
    other: float
    footprint: float
    volume: float
    residents: float
    loads: tuple[float, ...]
    """Sums of LOADS, at the alternative's own amounts per floor area of each use where a building is new."""
    height: float
    uses: tuple[float, ...]
    """Floor area of each of the plan's uses but homes [m2]: what jobs and visits go with."""


class Plot(NamedTuple):
    """What a plan checks of a plot's buildings: distance from its edge [m], and parking spaces that they ask for.

    NaN without buildings; spaces are NaN too where a use has no norm by floor area.
    """

    setback: float
    spaces: float


class Covered(NamedTuple):
    """What lies on the cells of a parcel [m2]: canopy, and by cover, roofs, paving, grass, trees and each of OTHERS."""

    canopy: float
    roof: float
    paved: float
    grass: float
    trees: float
    others: tuple[float, ...] = (0.0,) * len(OTHERS)

    def less(self, other: "Covered") -> "Covered":
        """Return what it has more than another."""
        canopy, roof, paved, grass, trees = (a - b for a, b in zip(self[:5], other[:5], strict=True))
        others = tuple(a - b for a, b in zip(self.others, other.others, strict=True))
        return Covered(canopy, roof, paved, grass, trees, others)


@dataclass(frozen=True)
class Features:
    """Inputs of edits on a bench; `measures` are those that are learned."""

    bench: Bench
    measures: tuple[str, ...]

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """Groups of land use of the plan, and of what edits may ask for."""
        codes = (code for code in (*self.bench.parcels[LAND_USE], *self.bench.classes) if isinstance(code, str))
        return tuple(sorted({code[:GROUP] for code in codes}))

    @cached_property
    def uses(self) -> tuple[str, ...]:
        """Uses of buildings but homes: those that stand, and those that land is built with, as planned or edited."""
        shares, codes = self.bench.factors["parcel_use"], (*self.bench.parcels[LAND_USE], *self.bench.classes)
        built = {use for code in codes for use in uses_of(code, shares)}
        standing = {use for use in self._buildings[USE] if isinstance(use, str)}
        return tuple(sorted((built | standing) - {HOME}))

    def __call__(self, edits: Iterable[Edit]) -> Inputs:
        """Return what edits move and their context, a row each."""
        listed = list(edits)
        moved = np.array([self._moved(edit) for edit in listed])
        return Inputs(moved, self._context.loc[[edit.parcel for edit in listed]].to_numpy(np.float64))

    @cached_property
    def parts(self) -> Groups:
        """Columns of what edits move that go together: loads, ground, and unions by which indicators are made."""
        counts = (
            BUILT, len(LOADS), len(self.uses), FLOODED, GROUND, 1, len(self.groups), PLACED * len(self.measures),
        )  # fmt: skip
        ends = np.cumsum((0, *counts))
        built, loads, areas, flood, land, _, groups, placed = (tuple(range(*each)) for each in pairwise(ends))
        return loads, land, built + loads, land + placed, built + groups, flood + built, built + areas

    def change(self, edit: Edit) -> Built:
        """Return what an edit adds to its parcel; nothing where its plan does not change."""
        return self._change_of(edit)

    def laid(self, edit: Edit) -> Covered:
        """Return what an edit adds to the cells of its parcel, laid out as the built form does it."""
        before, after = self._ground_of(edit)
        return after.less(before)

    @cached_property
    def _change_of(self) -> Callable[[Edit], Built]:
        """What an edit adds, kept of the last edits: an answer asks for it again and again."""
        return lru_cache(KEPT)(self._change)

    @cached_property
    def _ground_of(self) -> Callable[[Edit], tuple[Covered, Covered]]:
        """The ground before and after an edit, kept of the last edits."""
        return lru_cache(KEPT)(self._ground)

    def _change(self, edit: Edit) -> Built:
        if not edit.plans:
            return Built(0.0, 0.0, 0.0, 0.0, 0.0, (0.0,) * len(LOADS), 0.0, (0.0,) * len(self.uses))
        before, new = self.before(edit.parcel), self.after(edit)
        return Built(
            homes=new.homes - before.homes, other=new.other - before.other, footprint=new.footprint - before.footprint,
            volume=new.volume - before.volume, residents=new.residents - before.residents,
            loads=tuple(b - a for a, b in zip(before.loads, new.loads, strict=True)), height=new.height - before.height,
            uses=tuple(b - a for a, b in zip(before.uses, new.uses, strict=True)),
        )  # fmt: skip

    def before(self, parcel: str) -> Built:
        """Return what stands on a parcel: by its controls where it is planned, else as the existing buildings do."""
        row = self.bench.parcel(parcel)
        if row[STATUS] == PLANNED:
            return self.after(Edit(parcel))
        return self._standing(parcel)

    def buildings(self, edit: Edit) -> list[Building]:
        """Return the buildings of a parcel under an edit, laid out as the built form does it."""
        bench, row = self.bench, self.bench.parcel(edit.parcel)
        land_use, controls = after(row, edit)
        factors, plot = bench.factors, bench.shapes[edit.parcel]
        uses = uses_of(land_use, factors["parcel_use"])
        if not uses or not controls.stated:
            return []
        return build(plot, controls, uses=uses, archetype=factors["archetype"], storey_height=factors["storey_height"])

    def after(self, edit: Edit) -> Built:
        """Return what stands on a parcel under an edit."""
        buildings = self.buildings(edit)
        area = np.array([each.footprint.area * each.floors for each in buildings])
        home = np.array([each.use == HOME for each in buildings], dtype=bool)
        living = new_residents(
            pd.Series([each.use for each in buildings], dtype=object), area,
            living_area=self.bench.factors["living_area_per_person"][""],
        )  # fmt: skip
        return Built(
            homes=float(area[home].sum()), other=float(area[~home].sum()),
            footprint=sum(each.footprint.area for each in buildings),
            volume=sum(each.footprint.area * each.height for each in buildings),
            residents=float(living.sum()), loads=self._loads(buildings),
            height=max((each.height for each in buildings), default=0.0),
            uses=tuple(self._of_use(use, buildings) for use in self.uses),
        )  # fmt: skip

    def plot(self, edit: Edit) -> Plot:
        """Return what a plan checks of a parcel's buildings under an edit."""
        rows = self.buildings(edit)
        area = [each.footprint.area * each.floors for each in rows]
        return self._plot(edit.parcel, [each.footprint for each in rows], [each.use for each in rows], area)

    def plot_before(self, parcel: str) -> Plot:
        """Return what a plan checks of a parcel's buildings before an edit: those planned, else those that stand."""
        if self.bench.parcel(parcel)[STATUS] == PLANNED:
            return self.plot(Edit(parcel))
        own = self._buildings["at"].to_numpy() == self.bench.shapes.index.get_loc(parcel)
        rows = self._buildings[own]
        shapes = self.bench.value(self.bench.planned.place.one(BUILDINGS))[own]
        return self._plot(parcel, list(shapes), [str(use) for use in rows[USE]], list(rows["area"]))

    def _plot(
        self, parcel: str, footprints: Sequence[BaseGeometry], uses: Sequence[str], areas: Sequence[float]
    ) -> Plot:
        if not footprints:
            return Plot(np.nan, np.nan)
        edge = shapely.boundary(self.bench.shapes[parcel])
        spaces = sum(area * self._norm.get(use, np.nan) for use, area in zip(uses, areas, strict=True))
        return Plot(float(shapely.distance(np.array(footprints), edge).min()), float(spaces))

    @cached_property
    def _norm(self) -> Mapping[str, float]:
        """Parking spaces per floor area by use [m-2]; none where the alternative computes no parking."""
        bench, reading = self.bench, controls()[PARKING].reading
        if reading is None or reading.var not in bench.planned.place.layers:
            return {}
        about = bench.study.asked.study
        return bench.study.book.resolve(PARKING_NORM, region=about.region, year=about.year)

    @staticmethod
    def _of_use(use: str, buildings: Iterable[Building]) -> float:
        """Return the floor area of a use [m2]."""
        return float(sum(each.footprint.area * each.floors for each in buildings if each.use == use))

    def _loads(self, buildings: Iterable[Building]) -> tuple[float, ...]:
        """Return the LOADS of buildings that are not built yet."""
        sums = np.zeros(len(LOADS))
        for each in buildings:
            sums += each.footprint.area * each.floors * self._intensity.get(each.use, np.zeros(len(LOADS)))
        return tuple(float(each) for each in sums)

    @cached_property
    def _intensity(self) -> dict[str, Floats]:
        """Amount of each of LOADS per floor area, by use of the alternative's buildings."""
        sums = self._buildings.groupby(USE)[["area", *LOADS]].sum()
        return {
            str(use): row[list(LOADS)].to_numpy(np.float64) / row["area"]
            for use, row in sums.iterrows()
            if row["area"] > 0.0
        }

    def _ground(self, edit: Edit) -> tuple[Covered, Covered]:
        """Return what lies on the cells of a parcel before and after an edit."""
        cover, canopy, grid = self._cover
        own = self._cells == self.bench.shapes.index.get_loc(edit.parcel)
        before = _covered(cover[own], canopy[own], cell_area(grid))
        ratio = float({**self.bench.parcel(edit.parcel), **dict(edit.controls)}[GREEN])
        if not edit.plans or np.isnan(ratio):
            return before, before
        new = area_of_cells(gpd.GeoSeries([each.footprint for each in self.buildings(edit)]), grid=grid) >= 0
        laid = ground(
            cover, canopy, parcel=np.where(own, 0, -1), roof=np.where(own, new, self._roofs) | new,
            green_ratio=np.array([ratio]), trees=self.bench.factors["planted_tree_share"][""],
        )  # fmt: skip
        return before, _covered(laid.cover[own], laid.canopy[own], cell_area(grid))

    def _room(self, edit: Edit) -> Floats:
        """Return what measures may be placed on [m2]: the parcel, its roofs, its green and its paved ground."""
        row, ground_after = self.bench.parcel(edit.parcel), self._ground_of(edit)[1]
        roofs = self.after(edit) if edit.plans else self.before(edit.parcel)
        green = ground_after.grass + ground_after.trees
        return np.array([float(row["area"]), roofs.footprint, green, ground_after.paved])

    @cached_property
    def _cover(self) -> tuple[NDArray[np.int64], Floats, GeoBox]:
        """Land cover and canopy of the alternative, and their grid."""
        homes = self.bench.planned.homes
        layer, canopy = homes.one(COVER), homes.one(CANOPY)
        grid = layer.grid or self.bench.evaluator(self.bench.taken.place, self.bench.base).on(self.bench.role)
        cover = np.asarray(self.bench.value(layer)).astype(np.int64)
        return cover, np.asarray(self.bench.value(canopy)).astype(np.float64), grid

    @cached_property
    def _cells(self) -> NDArray[np.int64]:
        """Number of the parcel of each cell, -1 for none."""
        return area_of_cells(self.bench.shapes, grid=self._cover[2])

    @cached_property
    def _roofs(self) -> NDArray[np.bool_]:
        """Cells under the roofs of the buildings that the alternative adds."""
        before, after = self.bench.taken.place.layers.get(BUILDINGS, ()), self.bench.planned.homes.one(BUILDINGS)
        roofs: gpd.GeoSeries = self.bench.value(after)
        old = self.bench.value(before[0]).index if before else ()
        return area_of_cells(roofs[~roofs.index.isin(list(old))], grid=self._cover[2]) >= 0

    def computed(self, edit: Edit) -> dict[str, float]:
        """Return the changes of indicators and controls that follow from the edit alone, by column of the sample.

        They hold where every run of the sample agrees, which is checked.
        """
        change, area = self.change(edit), float(self.bench.parcels["area"][edit.parcel])
        laid, cells = self.laid(edit), self._land(edit.parcel)
        now = self.plot_before(edit.parcel)
        then = self.plot(edit) if edit.plans else now
        return {
            "area/residents": change.residents, "unit/residents": change.residents,
            "parcel/population": change.residents, "parcel/far": (change.homes + change.other) / area,
            "parcel/bd": 100.0 * change.footprint / area, "parcel/height": change.height,
            "parcel/gr": 100.0 * _green(laid) / cells if cells else np.nan,
            "parcel/setback": then.setback - now.setback, "parcel/parking": then.spaces - now.spaces,
        }  # fmt: skip

    def _land(self, parcel: str) -> float:
        """Return the area of a parcel's cells [m2]."""
        own = self._cells == self.bench.shapes.index.get_loc(parcel)
        return float(np.count_nonzero(own)) * cell_area(self._cover[2])

    def _moved(self, edit: Edit) -> Floats:
        row = self.bench.parcel(edit.parcel)
        new, area = edit.land_use or row[LAND_USE], float(row["area"])
        uses = [area * (str(new)[:GROUP] == each) - area * (str(row[LAND_USE])[:GROUP] == each) for each in self.groups]
        if not edit.land_use:
            uses = [0.0] * len(self.groups)
        shares = dict(edit.measures)
        change = self.change(edit)
        depth = float(self._depth[edit.parcel])
        laid = self.laid(edit)
        room = self._room(edit) if shares else np.zeros(PLACED)
        drawn = area / max(self._land(edit.parcel), cell_area(self._cover[2]))
        rebuilt = area if edit.plans and row[STATUS] != PLANNED else 0.0
        return np.array(
            [
                *change[:BUILT],
                *change.loads,
                *change.uses,
                depth * change.residents,
                depth * change.footprint,
                *laid[:5],
                *laid.others,
                laid.grass * drawn,
                laid.trees * drawn,
                rebuilt,
                *uses,
                *(part * shares.get(each, 0.0) for each in self.measures for part in room),
            ]
        )

    @cached_property
    def _context(self) -> pd.DataFrame:
        """Context of every parcel: position, size, and the means of rasters of the alternative over its cells.

        Of rasters by event it is the last of which a number is read: others are not computed.
        """
        bench = self.bench
        middle = bench.shapes.representative_point()
        table = pd.DataFrame(
            {"x": middle.x, "y": middle.y, "area": np.log(bench.parcels["area"]), "planned": bench.parcels["planned"]}
        ).astype(float)
        grid = bench.evaluator(bench.taken.place, bench.base).on(bench.role)
        at = area_of_cells(bench.shapes, grid=grid).ravel()
        readings = [each.reading for each in indicators().values()] + [each.reading for each in controls().values()]
        unread = never_read(bench.planned, bench.value, [each for each in readings if each is not None])
        for name in SURROUNDINGS:
            layers = [each for each in bench.planned.place.layers.get(name, ()) if each.grid == grid]
            layers = [each for each in layers if each.key not in unread]
            if layers:
                table[name] = _means(np.asarray(bench.value(layers[-1])).ravel(), at, len(table))
        return table.fillna(table.mean()).fillna(0.0)

    @cached_property
    def _depth(self) -> pd.Series:
        """Mean water depth on every parcel [m], 0 without a flood."""
        return self._context.get(DEPTH, pd.Series(0.0, index=self._context.index))

    @cached_property
    def _buildings(self) -> pd.DataFrame:
        """The alternative's buildings: use, storeys, height, footprint, floor area, residents, loads and parcel."""
        bench, place = self.bench, self.bench.planned.place
        shapes = bench.value(place.one(BUILDINGS))
        names = (STOREYS, "height", USE, PEOPLE, *LOADS)
        columns = {name: bench.value(place.layers[name][0]) for name in names if name in place.layers}
        table = pd.DataFrame(columns, index=shapes.index).reindex(columns=list(names))
        table[[PEOPLE, *LOADS]] = table[[PEOPLE, *LOADS]].astype(float).fillna(0.0)
        table["footprint"], table["at"] = shapes.area, area_of_points(shapes.centroid, bench.shapes)
        table["area"] = table[STOREYS].astype(float) * table["footprint"]
        return table

    def _standing(self, parcel: str) -> Built:
        """Return what stands today on a parcel."""
        number = self.bench.shapes.index.get_loc(parcel)
        own = self._buildings[self._buildings["at"].to_numpy() == number]
        area, home = own["area"], (own[USE] == HOME).fillna(False).to_numpy(np.bool_)  # noqa: FBT003  (pandas')
        height = own["height"].astype(float)
        return Built(
            homes=float(area[home].sum()), other=float(area[~home].sum()), footprint=float(own["footprint"].sum()),
            volume=float((own["footprint"] * height).sum()), residents=float(own[PEOPLE].sum()),
            loads=tuple(float(own[load].sum()) for load in LOADS), height=float(height.max()) if len(own) else 0.0,
            uses=tuple(float(area[(own[USE] == use).fillna(False).to_numpy(np.bool_)].sum()) for use in self.uses),  # noqa: FBT003  (pandas')
        )  # fmt: skip


def _means(values: NDArray[np.generic], at: NDArray[np.int64], count: int) -> Floats:
    """Return the mean of the known values of the cells of each area, NaN without one."""
    numbers = values.astype(np.float64)
    inside = (at >= 0) & np.isfinite(numbers)
    total = np.bincount(at[inside], weights=numbers[inside], minlength=count)
    cells = np.bincount(at[inside], minlength=count)
    return np.where(cells > 0, total / np.maximum(cells, 1), np.nan)


def _green(laid: Covered) -> float:
    """Return the area of the covers that the green ratio of a plot counts [m2], shrubs and wetlands as well."""
    reading = controls()[GREEN_RATIO].reading
    counted = [] if reading is None else [int(code) for code in reading.argument.split()]
    size = {"roof": laid.roof, "paved": laid.paved, "grass": laid.grass, "trees": laid.trees}
    size |= dict(zip(OTHERS, laid.others, strict=True))
    return sum(area for name, area in size.items() if CODE[name] in counted)


def _covered(cover: NDArray[np.int64], canopy: Floats, area: float) -> Covered:
    """Return the area of canopy and of each cover [m2], of cells of an area."""
    size = {name: area * float(np.count_nonzero(cover == code)) for name, code in CODE.items()}
    return Covered(
        canopy=area * float(np.nansum(canopy)), roof=size["roof"], paved=size["paved"], grass=size["grass"],
        trees=size["trees"], others=tuple(size[name] for name in OTHERS),
    )  # fmt: skip
