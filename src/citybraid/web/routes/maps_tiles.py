"""Tiles of a run's layers and shapes, by ids of the run alone; what an id leads to never changes."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response
from fastapi.responses import FileResponse
from pydantic import BaseModel

from citybraid.core.land_cover import open_water
from citybraid.report.drawing.palettes import Scale
from citybraid.report.sheets import POND
from citybraid.web.access.permits import Looking
from citybraid.web.access.refusals import NotFound
from citybraid.web.maps.catalogue import COVER, RASTER, chart_of
from citybraid.web.maps.classes import classes_of
from citybraid.web.maps.finding import written_of
from citybraid.web.maps.shapes import shape_tiles
from citybraid.web.maps.tiles import tile, water_tile
from citybraid.web.studies.runs import open_run

router = APIRouter(tags=["map"])

LASTING = {"Cache-Control": "private, max-age=31536000, immutable"}
"""The content of an id never changes; a browser need not ask again."""
CLOSEST = 22


async def tile_address(
    z: Annotated[int, Path(ge=0, le=CLOSEST)],
    x: Annotated[int, Path(ge=0, lt=2**CLOSEST)],
    y: Annotated[int, Path(ge=0, lt=2**CLOSEST)],
) -> tuple[int, int, int]:
    """Return zoom, column and row of a tile; raises NotFound where the world has none such."""
    if max(x, y) >= 2**z:
        raise NotFound("web.no_tile")
    return z, x, y


class WrittenState(BaseModel):
    """Words at the shapes of a table, in the order of the shapes, '' for none; of areas also where they stand [°].

    `others` has the words of each language that the data name shapes in.
    """

    texts: list[str]
    places: list[tuple[float, float]]
    others: dict[str, list[str]]


Tile = Annotated[tuple[int, int, int], Depends(tile_address)]


@router.get("/api/studies/{study}/runs/{run}/layers/{layer}/tiles/{z}/{x}/{y}.png")
def layer_tile(permitted: Looking, run: str, layer: str, at: Tile, moment: int = 0) -> Response:
    """Return a tile of a raster in Web Mercator, 512 pixels wide, as PNG; `moment` is the number of a field's hour."""
    chart = chart_of(open_run(permitted.folder, run))
    layer_found = chart.found(layer)
    if layer_found.quantity.shape != RASTER:
        raise NotFound("web.no_tile")
    return Response(tile(permitted.folder, chart, layer_found, at, moment), media_type="image/png", headers=LASTING)


@router.get("/api/studies/{study}/runs/{run}/water/{layer}/{z}/{x}/{y}.png")
def open_water_tile(permitted: Looking, run: str, layer: str, at: Tile) -> Response:
    """Return a tile of a land cover's open water."""
    chart = chart_of(open_run(permitted.folder, run))
    layer_found = chart.found(layer)
    if layer_found.quantity.var.name != COVER:
        raise NotFound("web.no_tile")
    codes = open_water()
    scale = Scale((), (POND,) * len(codes), codes=codes)
    drawn = water_tile(permitted.folder, chart, layer_found, at, scale)
    return Response(drawn, media_type="image/png", headers=LASTING)


@router.get("/api/studies/{study}/runs/{run}/layers/{layer}/classes", response_class=Response)
def layer_classes(permitted: Looking, run: str, layer: str) -> Response:
    """Return the class of each shape of a column's table as one byte, in the order of the shapes; 255 for none."""
    chart = chart_of(open_run(permitted.folder, run))
    layer_found = chart.found(layer)
    shapes = chart.shapes(layer_found.alternative, layer_found.quantity.shape)
    if shapes is None:
        raise NotFound("web.no_layer")
    codes = classes_of(chart, layer_found.quantity).of_column(chart.value(layer_found.layer).reindex(shapes.index))
    return Response(codes.tobytes(), media_type="application/octet-stream", headers=LASTING)


@router.get("/api/studies/{study}/runs/{run}/shapes/{shapes}/names")
def shape_names(permitted: Looking, run: str, shapes: str) -> WrittenState:
    """Return what the map writes at the shapes of a table."""
    chart = chart_of(open_run(permitted.folder, run))
    table, _ = chart.table_of(shapes)
    written = written_of(chart, table, shapes)
    return WrittenState(texts=written.texts, places=written.places, others=dict(written.others))


@router.get("/api/studies/{study}/runs/{run}/shapes/{shapes}.pmtiles", response_class=FileResponse)
def table_shapes(permitted: Looking, run: str, shapes: str) -> FileResponse:
    """Return the vector tiles of a table's shapes as PMTiles, in ranges."""
    chart = chart_of(open_run(permitted.folder, run))
    _, layer = chart.table_of(shapes)
    path = shape_tiles(permitted.folder, layer.key, chart.value(layer))
    return FileResponse(path, media_type="application/vnd.pmtiles", headers=LASTING)
