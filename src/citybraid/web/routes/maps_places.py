"""Values at a place, shapes by name, and where a number comes from."""

import math
from functools import lru_cache
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.core.text import LANGUAGES, say
from citybraid.report.remarks.citing import cited
from citybraid.report.remarks.factor_key import key_title
from citybraid.report.view import named
from citybraid.web.access.permits import Looking
from citybraid.web.access.refusals import NotFound
from citybraid.web.maps.catalogue import RASTER, Chart, Same, chart_of
from citybraid.web.maps.extent import projected
from citybraid.web.maps.finding import find
from citybraid.web.maps.origins import Origin, origin_of_indicator, origin_of_layer
from citybraid.web.maps.places import Value, controls_of, indicators_at, raster_value, rows_at, shape_of, zone_of
from citybraid.web.results.explained import formula
from citybraid.web.routes.maps import Said, said
from citybraid.web.studies.runs import open_run
from citybraid.web.wording import unit_said

router = APIRouter(tags=["map"])

MOST_LAYERS = 12
SHAPES, ZONES = 512, 256
"""Shapes and planning units whose words are at hand."""
Longitude = Annotated[float, Query(ge=-180, le=180)]
Latitude = Annotated[float, Query(ge=-85, le=85)]


class ValueState(BaseModel):
    """A value: the number in its canonical unit, the text with its unit, its colour on the map."""

    name: str
    title: Said
    layer: str
    number: float | None
    text: Said
    colour: str


class ShapeState(BaseModel):
    """A shape at a place: table, id, name, row, and values of its columns."""

    table: str
    title: Said
    id: str
    name: str
    row: int
    values: list[ValueState]


class IndicatorState(BaseModel):
    """An indicator of a planning unit."""

    name: str
    title: Said
    number: float | None
    text: Said


class ControlState(BaseModel):
    """A control of a parcel against its limit."""

    control: str
    title: Said
    computed: Said
    limit: Said
    state: str
    why: Said


class PlaceState(BaseModel):
    """What a run says of a place."""

    lon: float
    lat: float
    x: float | None
    y: float | None
    crs: str
    rasters: list[ValueState]
    shapes: list[ShapeState]
    zone: str
    """The planning unit of the indicators, or the whole area."""
    whole: bool
    indicators: list[IndicatorState]
    controls: list[ControlState]


class HitState(BaseModel):
    """A shape that a search found."""

    table: str
    title: Said
    id: str
    name: str
    row: int
    lon: float
    lat: float


class ModelState(BaseModel):
    """A model that ran."""

    title: Said
    id: str
    version: int
    cite: Said
    step: str
    event: Said
    """The event that it ran for; '' where it has none."""


class FactorValue(BaseModel):
    """A row of a factor: its key as tables have it and in words, value and unit."""

    key: str
    key_said: Said
    value: float
    unit: Said
    status: Said
    source: Said
    region: str


class FactorState(BaseModel):
    """A factor with its first rows."""

    name: str
    title: Said
    count: int
    unsure: int
    rows: list[FactorValue]


class SourceState(BaseModel):
    """An input and its files."""

    title: Said
    completeness: float | None
    native: float | None
    files: Said


class OriginState(BaseModel):
    """Where a number comes from."""

    title: Said
    formula: Said
    without: list[Said]
    models: list[ModelState]
    factors: list[FactorState]
    sources: list[SourceState]


@router.get("/api/studies/{study}/runs/{run}/at", response_model=PlaceState)
def place_state(
    permitted: Looking,
    run: str,
    *,
    lon: Longitude,
    lat: Latitude,
    alternative: str,
    layers: str = "",
    moments: str = "",
) -> Response:
    """Return what a run says of a place: rasters named by `layers` (ids, by comma), shapes, indicators, controls.

    `moments` are the numbers of hours of the layers, by comma.
    """
    chart = _chart(permitted, run, alternative)
    same = Same(chart.run)
    x, y = projected(chart, lon, lat)
    shapes = {table: _shape(same, alternative, table, row) for table, row in rows_at(chart, alternative, x, y)}
    unit = shapes["units"].id if "units" in shapes else ""
    table = chart.run.table(f"units/{alternative}")
    zone = WHOLE_AREA if table is None else zone_of(table, unit)
    finite = math.isfinite(x + y)
    values = PlaceState(
        lon=lon, lat=lat, x=x if finite else None, y=y if finite else None, crs=chart.run.about.crs,
        rasters=[_value(each) for each in _rasters(chart, layers, moments, (x, y))],
        shapes=list(shapes.values()), zone=zone, whole=zone == WHOLE_AREA,
        indicators=list(_indicators(same, alternative, unit)),
        controls=list(_controls(same, alternative, shapes["parcels"].id)) if "parcels" in shapes else [],
    )  # fmt: skip
    return Response(values.model_dump_json(), media_type="application/json")


@lru_cache(maxsize=SHAPES)
def _shape(same: Same, alternative: str, table: str, row: int) -> ShapeState:
    """Return a shape with its columns: many look at the same ones."""
    each = shape_of(same.chart, alternative, table, row)
    values = [_value(value) for value in each.values]
    return ShapeState(table=table, title=said(named("var", table)), id=each.id, name=each.name, row=row, values=values)


@lru_cache(maxsize=ZONES)
def _indicators(same: Same, alternative: str, unit: str) -> tuple[IndicatorState, ...]:
    return tuple(
        IndicatorState(name=name, title=said(title), number=number if math.isfinite(number) else None, text=said(text))
        for name, (title, number, text) in indicators_at(same.chart, alternative, unit).items()
    )


@lru_cache(maxsize=SHAPES)
def _controls(same: Same, alternative: str, parcel: str) -> tuple[ControlState, ...]:
    return tuple(
        ControlState(control=each.control, title=said(each.title), computed=said(each.computed),
                     limit=said(each.limit), state=each.state, why=said(each.why))
        for each in controls_of(same.chart, alternative, parcel)
    )  # fmt: skip


def _rasters(chart: Chart, layers: str, moments: str, place: tuple[float, float]) -> list[Value]:
    ids = [each for each in layers.split(",") if each][:MOST_LAYERS]
    hours = [int(each) if each.isdigit() else 0 for each in moments.split(",")]
    rasters = [(chart.found(each), hours[at] if at < len(hours) else 0) for at, each in enumerate(ids)]
    return [raster_value(chart, each, *place, hour) for each, hour in rasters if each.quantity.shape == RASTER]


@router.get("/api/studies/{study}/runs/{run}/find")
def shapes_found(
    permitted: Looking, run: str, alternative: str, text: Annotated[str, Query(max_length=100)]
) -> list[HitState]:
    """Return the shapes whose id or name holds a text."""
    chart = _chart(permitted, run, alternative)
    return [
        HitState(table=hit.table, title=said(named("var", hit.table)), id=hit.id, name=hit.name, row=hit.row,
                 lon=hit.place[0], lat=hit.place[1])
        for hit in find(chart, alternative, text)
    ]  # fmt: skip


@router.get("/api/studies/{study}/runs/{run}/layers/{layer}/origin")
def layer_origin(permitted: Looking, run: str, layer: str) -> OriginState:
    """Return where the values of a layer come from."""
    chart = chart_of(open_run(permitted.folder, run))
    return _origin(origin_of_layer(chart, chart.found(layer)))


@router.get("/api/studies/{study}/runs/{run}/indicators/{indicator}/origin")
def indicator_origin(permitted: Looking, run: str, indicator: str, zone: str = WHOLE_AREA) -> OriginState:
    """Return where an indicator of the whole area or of a planning unit comes from."""
    chart = chart_of(open_run(permitted.folder, run))
    return _origin(origin_of_indicator(chart, indicator, zone))


def _chart(permitted: Looking, run: str, alternative: str) -> Chart:
    chart = chart_of(open_run(permitted.folder, run))
    if alternative not in chart.run.alternatives:
        raise NotFound("web.no_alternative")
    return chart


def _value(value: Value) -> ValueState:
    return ValueState(
        name=value.name, title=said(value.title), layer=value.layer, number=value.number, text=said(value.text),
        colour=value.colour,
    )  # fmt: skip


def _origin(origin: Origin) -> OriginState:
    return OriginState(
        title=said(origin.title), formula={} if origin.reading is None else formula(origin.reading),
        without=[said(part) for part in origin.without],
        models=[
            ModelState(title=said(each.title), id=each.id, version=each.version, cite=said(cited(each.cite)),
                       step=each.step, event=said(each.event))
            for each in origin.models
        ],
        factors=[
            FactorState(
                name=each.name, title=said(named("factor", each.name)), count=each.total, unsure=each.unsure,
                rows=[
                    FactorValue(
                        key=row.key, key_said=said(key_title(row.factor, row.key)), value=row.value,
                        unit=unit_said(row.unit), source=said(cited(row.source or row.note)), region=row.region,
                        status={language: say(f"status.{row.status}", language) for language in LANGUAGES},
                    )
                    for row in each.rows
                ],
            )
            for each in origin.factors
        ],
        sources=[
            SourceState(title=said(each.title), completeness=each.completeness, native=each.native,
                        files=said(each.files))
            for each in origin.sources
        ],
    )  # fmt: skip
