"""Keys move exactly where they should: the core's promises on a small study."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from odc.geo.geobox import GeoBox
from shapely.geometry import box

from citybraid.core.errors import StudyError
from citybraid.core.evaluate import Portfolio, Use
from citybraid.core.factor import Factor, FactorBook
from citybraid.core.group import When
from citybraid.core.layer import Layer, digest
from citybraid.core.model import MeasureParams, Model, Params, measure, model, var_of
from citybraid.core.place import Place
from citybraid.core.var import Column, Fact, Factors, Number, Over, Raster, Series, Table, Threads, Tick, Var, View
from citybraid.store.store import Store
from citybraid.study.plan.known_steps import KnownSteps
from citybraid.study.plan.planner import Plan, Settings, plan
from citybraid.study.run.engine import Engine

CANOPY = Annotated[Raster, Var("canopy", "1", "", ge=0, le=1)]
WET = Annotated[Raster, Var("wet", "mm", "", ge=0)]
COOL = Annotated[Raster, Var("cool", "K", "")]
RAIN = Annotated[Series, Var("rain", "mm", "", on="time", ge=0)]
PERIOD = Annotated[Number, Var("period", "year", "", on="", ge=1)]
EXPECTED = Annotated[Number, Var("expected", "mm", "", on="", ge=0)]
HOUSES = Annotated[gpd.GeoSeries, Var("houses", "", "", on="houses", kind="geometry")]
U_VALUE = Annotated[Column, Var("u_value", "W m-2 K-1", "", on="houses", ge=0)]
TREES = Annotated[Column, Var("trees", "1", "", on="houses", ge=0, absent=0.0)]
KWH = Annotated[Column, Var("kwh", "kWh", "", on="houses", ge=0)]
KG = Annotated[Column, Var("kg", "kg", "", on="houses", ge=0)]
FORMER_CANOPY = Annotated[Raster, Var("former_canopy", "1", "", ge=0, le=1, before="canopy")]

GRID = GeoBox.from_bbox((0, 0, 80, 80), crs="EPSG:32651", resolution=5)
FINE = GeoBox.from_bbox((0, 0, 80, 80), crs="EPSG:32651", resolution=1)


class Wet(NamedTuple):
    wet: WET


@model(version=1, cite="toy", validity="toy")
def wetness(rain: RAIN, canopy: CANOPY, tick: Tick) -> Wet:
    tick(0.5)
    return Wet(float(rain.sum()) * (1 - 0.2 * canopy))


class Cool(NamedTuple):
    cool: COOL


@model(version=1, cite="toy", validity="toy")
def coolness(canopy: CANOPY, grid: GeoBox) -> Cool:
    return Cool(4 * canopy + 0 * grid.shape[0])


class Expected(NamedTuple):
    expected: EXPECTED


@model(version=1, cite="toy", validity="toy")
def expectation(
    wets: Annotated[Mapping[str, Raster], Over(WET, "event")],
    periods: Annotated[Mapping[str, float], Over(PERIOD, "event")],
) -> Expected:
    return Expected(sum(float(wets[label].mean()) / periods[label] for label in periods))


class Energy(NamedTuple):
    kwh: KWH


@model(version=1, cite="toy", validity="toy")
def energy(houses: Annotated[View, Table("houses", (U_VALUE,), optional=(TREES,))]) -> Energy:
    return Energy(houses["u_value"] * houses.area)


class Carbon(NamedTuple):
    kg: KG


@model(version=1, cite="toy", validity="toy")
def carbon(houses: Annotated[View, Table("houses", (KWH,))], grid_ef: Annotated[Factors, Fact("grid_ef")]) -> Carbon:
    return Carbon(houses["kwh"] * grid_ef[""])


class Planted(NamedTuple):
    canopy: CANOPY
    trees: TREES


@measure(version=1, cite="toy", validity="toy", stage="surface", quantity=None, responsible="", build_years=1)
def planting(canopy: CANOPY, houses: Annotated[View, Table("houses", (TREES,))], p: MeasureParams) -> Planted:
    return Planted((canopy + 0.1 * p.share).clip(max=1), houses["trees"] + p.share)


class Insulated(NamedTuple):
    u_value: U_VALUE


@measure(version=1, cite="toy", validity="toy", stage="roof", quantity=None, responsible="", build_years=1)
def insulation(houses: Annotated[View, Table("houses", (U_VALUE,))], p: MeasureParams) -> Insulated:
    return Insulated(houses["u_value"] * (1 - 0.5 * p.share))


MODELS = (wetness, coolness, expectation, energy, carbon)
TREES_USE, WALLS_USE = Use(planting, MeasureParams()), Use(insulation, MeasureParams())


def layer(store: Store, alias: Any, value: Any, grid: GeoBox | None = None, **at: str) -> Layer:
    var = var_of(alias)
    plain = value.to_wkt().tolist() if isinstance(value, gpd.GeoSeries) else np.asarray(value).tolist()
    made = Layer(var, digest(var.name, plain), grid, frozenset(at.items()))
    store.put(made.key, value)
    return made


class Toy:
    def __init__(self, folder: Path) -> None:
        self.store = Store(folder)
        rng = np.random.default_rng(1)
        ids = ["h1", "h2"]
        houses = gpd.GeoSeries([box(0, 0, 10, 10), box(20, 20, 30, 40)], index=ids, crs=32651)
        put = self.put
        self.place = Place().put(
            [
                put(CANOPY, xr.DataArray(rng.uniform(0, 0.5, FINE.shape), dims=("y", "x")), FINE),
                put(HOUSES, houses),
                put(U_VALUE, pd.Series([1.5, 0.9], index=ids)),
                *(put(RAIN, pd.Series([mm, mm]), event=label) for label, mm in (("rp5", 20.0), ("rp50", 45.0))),
                *(put(PERIOD, years, event=f"rp{years:.0f}") for years in (5.0, 50.0)),
            ]
        )

    def put(self, alias: Any, value: Any, grid: GeoBox | None = None, **at: str) -> Layer:
        return layer(self.store, alias, value, grid, **at)

    def go(
        self,
        portfolio: Portfolio = (),
        *,
        ef: float = 0.5,
        models: tuple[Any, ...] = MODELS,
        place: Place | None = None,
        grid: GeoBox = GRID,
        params: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> tuple[set[str], Plan]:
        book = FactorBook((Factor("grid_ef", "", ef, "kg kWh-1", "assumed"),))
        settings = Settings(grid=grid, book=book, region="", year=2025, params=params or {})
        planned = plan(place or self.place, models, portfolio, settings)
        ran = Engine(self.store, threads=2).run(planned.steps)
        names = {step.key: step.name.replace("tests.study.", "").replace("test_planner.", "") for step in planned.steps}
        return {names[key] for key in ran}, planned


@pytest.fixture
def toy(tmp_path: Path) -> Toy:
    made = Toy(tmp_path)
    made.go()
    return made


def test_a_second_run_computes_nothing(toy: Toy) -> None:
    assert toy.go()[0] == set()


def test_a_measure_that_changes_a_raster_and_a_column_reruns_only_what_reads_them(toy: Toy) -> None:
    ran, _ = toy.go((TREES_USE,))
    assert ran == {
        "planting",
        "wetness@rp5",
        "wetness@rp50",
        "coolness",
        "expectation",
        "energy",
        "carbon",
    }
    assert toy.go((WALLS_USE,))[0] == {"insulation", "energy", "carbon"}


def test_either_order_of_two_measures_gives_the_same_keys(toy: Toy) -> None:
    one, other = toy.go((TREES_USE, WALLS_USE))[1], toy.go((WALLS_USE, TREES_USE))
    assert other[0] == set()
    assert other[1].place == one.place


def test_what_was_planned_before_changes_no_later_plan(toy: Toy, monkeypatch: pytest.MonkeyPatch) -> None:
    models = (*MODELS, growth)
    book = FactorBook((Factor("grid_ef", "", 0.5, "kg kWh-1", "assumed"),))

    def fresh() -> Settings:
        return Settings(grid=GRID, book=book, region="", year=2025)

    portfolios: tuple[Portfolio, ...] = ((), (TREES_USE,), (WALLS_USE,), (TREES_USE, WALLS_USE), ())
    alone, shared = [plan(toy.place, models, each, fresh()) for each in portfolios], fresh()
    assert [plan(toy.place, models, each, shared) for each in portfolios] == alone
    with monkeypatch.context() as patch:
        patch.setattr(KnownSteps, "put", lambda *_: pytest.fail("a Step is planned anew"))
        plan(toy.place, models, (WALLS_USE,), shared)
    monkeypatch.setattr("citybraid.study.plan.known_steps.MOST", 3)
    assert [plan(toy.place, models, each, shared) for each in portfolios] == alone


def test_a_measure_with_share_zero_keeps_values(toy: Toy) -> None:
    planned = toy.go((Use(insulation, MeasureParams(share=0)),))[1]
    pd.testing.assert_series_equal(
        toy.store.get(planned.place.one("u_value").key), toy.store.get(toy.place.one("u_value").key)
    )


def test_one_corrected_storm_reruns_one_event_and_what_hangs_on_it(toy: Toy) -> None:
    place = toy.place.put([*toy.place.layers["rain"][:1], toy.put(RAIN, pd.Series([9.0, 9.0]), event="rp50")])
    assert {pair for found in place.layers["rain"] for pair in found.at} == {("event", "rp5"), ("event", "rp50")}
    assert toy.go(place=place)[0] == {"wetness@rp50", "expectation"}


def test_a_factor_reruns_only_what_resolves_it(toy: Toy) -> None:
    assert toy.go(ef=0.4)[0] == {"carbon"}


def test_what_cannot_run_is_a_gap_that_names_the_missing_home(toy: Toy) -> None:
    _, planned = toy.go(place=toy.place.without(["u_value"]))
    assert {gap.model.rpartition(".")[2]: gap.needs for gap in planned.gaps} == {
        "energy": ("u_value",),
        "carbon": ("u_value",),
    }


def test_a_measure_may_not_write_what_a_model_makes(toy: Toy) -> None:
    @measure(version=1, cite="toy", validity="toy", stage="roof", quantity=None, responsible="", build_years=1)
    def paint(canopy: CANOPY, p: MeasureParams) -> Cool:
        return Cool(canopy)

    with pytest.raises(StudyError, match="cool"):
        toy.go((Use(paint, MeasureParams()),))


def test_two_makers_of_a_wanted_var_are_refused(toy: Toy) -> None:
    @model(version=1, cite="toy", validity="toy")
    def rival(canopy: CANOPY) -> Wet:
        return Wet(canopy)

    with pytest.raises(StudyError, match=r"wetness.*rival"):
        toy.go(models=(*MODELS, rival))


@pytest.mark.parametrize(
    ("has_canopy", "chosen", "made"),
    [(True, None, "detailed"), (False, None, "simple"), (True, "simple", "simple")],
)
def test_a_fallback_makes_its_quantities_only_where_no_other_model_can(
    toy: Toy, *, has_canopy: bool, chosen: str | None, made: str
) -> None:
    class Both(NamedTuple):
        wet: WET
        cool: COOL

    @model(version=1, cite="toy", validity="toy")
    def detailed(canopy: CANOPY) -> Both:
        return Both(canopy, canopy)

    @model(version=1, cite="toy", validity="toy", fallback=True)
    def simple(grid: GeoBox) -> Wet:
        return Wet(xr.DataArray(np.zeros(grid.shape), dims=("y", "x")))

    place = toy.place if has_canopy else toy.place.without(["canopy"])
    ids = {each.name: each.id for each in (detailed, simple)}
    for models in ((simple, detailed), (detailed, simple)):
        settings = Settings(
            grid=GRID, book=FactorBook(()), region="", year=2025, makers={"wet": ids[chosen]} if chosen else {}
        )
        planned = plan(place, models, (), settings)
        assert [step.model.id for step in planned.steps if step.model.id in ids.values()] == [ids[made]]
        assert ("cool" in planned.place.layers) == (made == "detailed")
        assert {gap.model for gap in planned.gaps} == ({ids["detailed"]} if not has_canopy else set())


def test_a_loop_is_refused_with_its_path(toy: Toy) -> None:
    class Shade(NamedTuple):
        canopy: CANOPY

    @model(version=1, cite="toy", validity="toy")
    def regrowth(cool: COOL) -> Shade:
        return Shade(cool)

    with pytest.raises(StudyError, match="coolness"):
        toy.go(models=(coolness, regrowth), place=toy.place.without(["canopy"]))


def test_screening_on_a_coarser_nested_grid_is_the_same_study(toy: Toy) -> None:
    coarse = GRID.zoom_out(4)
    ran, planned = toy.go(grid=coarse)
    assert "energy" not in ran
    assert toy.store.get(planned.place.one("cool").key).shape == coarse.shape
    assert float(toy.store.get(planned.place.one("cool").key).mean()) == pytest.approx(
        4 * float(toy.store.get(toy.place.one("canopy").key).mean())
    )


def test_an_input_raster_is_coarsened_to_a_coarser_plan_so_that_indicators_read_it(toy: Toy) -> None:
    """Nothing in the plan makes canopy: what reads the plan's Place finds it on the plan's grid."""
    coarse = GRID.zoom_out(4)
    _, planned = toy.go(grid=coarse)
    canopy = planned.place.one("canopy")
    assert canopy.grid == coarse
    whole = float(toy.store.get(toy.place.one("canopy").key).mean())
    assert float(toy.store.get(canopy.key).mean()) == pytest.approx(whole)


def test_a_measures_new_geometry_brings_its_own_columns(toy: Toy) -> None:
    class Rebuilt(NamedTuple):
        houses: HOUSES

    @measure(version=1, cite="toy", validity="toy", stage="build", quantity=None, responsible="", build_years=1)
    def rebuild(houses: Annotated[View, Table("houses")], p: MeasureParams) -> Rebuilt:
        return Rebuilt(houses.geometry.iloc[:1])

    _, planned = toy.go((Use(rebuild, MeasureParams()),))
    assert "u_value" not in planned.homes.layers
    assert {gap.model.rpartition(".")[2] for gap in planned.gaps} == {"energy", "carbon"}


def test_parameters_without_a_default_are_asked_for(toy: Toy) -> None:
    class Needed(Params):
        zone: str

    @model(version=1, cite="toy", validity="toy")
    def zoned(canopy: CANOPY, p: Needed) -> Cool:
        return Cool(canopy)

    _, planned = toy.go(models=(zoned,))
    (gap,) = planned.gaps
    assert gap.needs == (f"parameter:{zoned.id}.zone",)


def test_a_parameter_stands_for_an_optional_input_of_its_name(toy: Toy) -> None:
    class Assumed(Params):
        wet: float | None = None

    @model(version=1, cite="toy", validity="toy")
    def dryness(canopy: CANOPY, p: Assumed, wet: WET | None = None) -> Cool:
        return Cool(canopy)

    _, planned = toy.go(models=(dryness,))
    (gap,) = planned.gaps
    assert gap.needs == (f"parameter:{dryness.id}.wet",)


def test_a_reader_of_all_events_takes_no_value_without_event(toy: Toy) -> None:
    place = toy.place.without(["rain", "period"]).put([toy.put(RAIN, pd.Series([1.0, 1.0])), toy.put(PERIOD, 5.0)])
    ran, planned = toy.go(place=place)
    assert "wetness" in ran
    assert "expectation" in {gap.model.rpartition(".")[2] for gap in planned.gaps}


class Shade(NamedTuple):
    canopy: CANOPY
    rain: RAIN | None = None


class Aired(NamedTuple):
    cool: COOL
    wet: Annotated[Wet | None, When("rain", "drains", "coupled")]


class AirParams(Params):
    drains: str = "coupled"


@model(version=1, cite="toy", validity="toy")
def airing(shade: Shade, p: AirParams) -> Aired:
    wet = None if shade.rain is None or p.drains == "apart" else Wet(float(shade.rain.sum()) * shade.canopy)
    return Aired(4 * shade.canopy, wet)


def test_a_group_is_one_need_for_each_member_and_its_keys_are_those_of_a_flat_signature(toy: Toy) -> None:
    @model(version=1, cite="toy", validity="toy")
    def spread(canopy: CANOPY, p: AirParams, rain: RAIN | None = None) -> Cool:
        return Cool(canopy)

    flat, grouped = toy.go(models=(replace(spread, id=airing.id),))[1], toy.go(models=(airing,))[1]
    assert {step.key: step.reads for step in flat.steps} == {step.key: step.reads for step in grouped.steps}
    assert set(flat.place.layers["cool"]) == set(grouped.place.layers["cool"])


@pytest.mark.parametrize(
    ("rains", "drains", "made"), [(True, "coupled", True), (True, "apart", False), (False, "coupled", False)]
)
def test_what_is_not_made_is_not_planned_stored_or_read(toy: Toy, *, rains: bool, drains: str, made: bool) -> None:
    place = toy.place if rains else toy.place.without(["rain"])
    ran, planned = toy.go(place=place, models=(airing, expectation), params={airing.id: {"drains": drains}})
    assert {name.partition("@")[0] for name in ran} >= {"airing"}
    assert ("wet" in planned.place.layers) == made
    outs = {out.var.name for step in planned.steps if step.model is airing for out in step.outs}
    assert outs == ({"cool", "wet"} if made else {"cool"})
    assert all(toy.store.has(out.key) for step in planned.steps for out in step.outs)
    gaps = {gap.model: gap.needs for gap in planned.gaps}
    assert airing.id not in gaps
    assert (expectation.id in gaps) != made
    if not made:
        assert "wet" in gaps[expectation.id]


def test_a_step_alone_has_every_thread_and_no_key_knows_of_it(toy: Toy) -> None:
    given: list[int] = []

    @model(version=1, cite="toy", validity="toy")
    def threaded(canopy: CANOPY, threads: Threads | None = None) -> Cool:
        given.append(threads or 0)
        return Cool(canopy)

    _, planned = toy.go(models=(threaded,))
    assert given == [2]
    step = next(each for each in planned.steps if each.model.name == "threaded")
    assert "threads" not in step.extra
    store = Store(toy.store.folder.parent / "other")
    for key in {layer.key for layers in step.reads.values() for layer in layers.values()}:
        store.put(key, toy.store.get(key))
    Engine(store, threads=3).run([step])
    assert given == [2, 3]


def test_what_a_model_writes_into_its_view_stays_there(toy: Toy) -> None:
    layers = {name: toy.place.one(name) for name in ("houses", "u_value")}
    table = Table("houses", (U_VALUE,))
    engine = Engine(toy.store, threads=1)
    view = engine.view(table, layers)
    before = view["u_value"].copy()
    view["u_value"] = 9.0
    view.loc[view.index[0], "geometry"] = None
    again = engine.view(table, layers)
    assert again["u_value"].equals(before)
    assert again.geometry.notna().all()


def test_a_key_never_rests_on_repr() -> None:
    with pytest.raises(TypeError):
        digest(Model)


@model(version=1, cite="toy", validity="toy")
def growth(canopy: CANOPY, former_canopy: FORMER_CANOPY) -> Cool:
    return Cool(canopy - former_canopy)


def grown(toy: Toy, portfolio: Portfolio = (), **words: Any) -> float:
    planned = toy.go(portfolio, models=(growth,), **words)[1]
    return float(toy.store.get(planned.place.one("cool").key).mean())


def test_the_value_before_all_measures_is_that_of_the_place_as_it_is(toy: Toy) -> None:
    assert grown(toy) == 0.0
    assert grown(toy, (TREES_USE,)) == pytest.approx(0.1)


def test_a_file_of_the_former_value_takes_precedence(toy: Toy) -> None:
    bare = toy.put(FORMER_CANOPY, xr.DataArray(np.zeros(FINE.shape), dims=("y", "x")), FINE)
    mean = float(toy.store.get(toy.place.one("canopy").key).mean())
    assert grown(toy, place=toy.place.put([bare])) == pytest.approx(mean)
