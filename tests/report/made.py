"""A small made-up plan for the tests of reports: parcels, buildings, water, and chapters of every kind of block."""

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
from matplotlib.figure import Figure as Drawing
from numpy.typing import NDArray
from shapely.geometry import Polygon, box

from citybraid.report.chapter import (
    Chapter,
    Column,
    Detail,
    Explorer,
    Figure,
    Fills,
    MapLayer,
    Paragraph,
    Picture,
    Quantity,
    Shapes,
    Table,
    TranslatedText,
    words,
)
from citybraid.report.drawing.cartography import Entry, Sheet, draw_map, scale_legend
from citybraid.report.drawing.charts import Labels, stacked_bars
from citybraid.report.drawing.palettes import code_colours, scale_of
from citybraid.report.drawing.scene import Bounds, RasterPart, VectorPart

CRS = "EPSG:4549"
LEFT, BOTTOM, BLOCK = 500_000.0, 3_400_000.0, 100.0
USES = ("070102", "0901", "1401", "0804")


class Made(NamedTuple):
    parcels: gpd.GeoDataFrame
    buildings: gpd.GeoDataFrame
    depth: NDArray[np.float64]
    bounds: Bounds


def made(side: int = 4, cells: int = 40) -> Made:
    """Return side x side parcels, one of them with a court, four buildings each, and a depth raster."""
    shapes, rows = [], []
    for row in range(side):
        for column in range(side):
            left, bottom = LEFT + BLOCK * column + 8, BOTTOM + BLOCK * row + 8
            shape = box(left, bottom, left + 84, bottom + 84)
            if row == column == 0:
                court = box(left + 30, bottom + 30, left + 50, bottom + 50)
                shape = Polygon(shape.exterior, [court.exterior])
            shapes.append(shape)
            number = row * side + column
            rows.append(
                {
                    "id": f"P{number:03d}",
                    "plot_number": f"嘉南-{number:02d}",
                    "land_use": USES[number % len(USES)],
                    "floor_area_ratio": 0.5 + 0.25 * (number % 8),
                    "building_density": 0.3,
                    "height_limit": 24.0 + number,
                    "green_ratio": 0.35,
                }
            )
    parcels = gpd.GeoDataFrame(pd.DataFrame(rows).set_index("id"), geometry=shapes, crs=CRS)
    houses = [
        box(left + 8 + 40 * east, bottom + 8 + 40 * north, left + 30 + 40 * east, bottom + 24 + 40 * north)
        for left, bottom, _, _ in (shape.bounds for shape in shapes)
        for east in (0, 1)
        for north in (0, 1)
    ]
    ids = [f"B{number:04d}" for number in range(len(houses))]
    buildings = gpd.GeoDataFrame(
        {"building_use": ["residential"] * len(ids), "height": 18.0}, geometry=houses, crs=CRS, index=ids
    )
    y, x = np.mgrid[0:cells, 0:cells] / cells
    depth = np.clip(1.4 * np.sin(4 * x) * np.cos(3 * y), 0, None)
    depth[:2, :2] = np.nan
    size = side * BLOCK
    return Made(parcels, buildings, depth, Bounds(LEFT, BOTTOM, LEFT + size, BOTTOM + size))


def both(zh: str, en: str) -> TranslatedText:
    return TranslatedText({"zh": zh, "en": en})


def made_map(plan: Made, language: str) -> Drawing:
    scale = scale_of("max_depth", [plan.depth])
    sheet = Sheet(
        title=both("最大积水深度（50年一遇）", "Deepest water, 50-year storm").say(language),
        project=both("嘉兴高铁新城", "Jiaxing new town").say(language),
        alternative=both("现状", "As is").say(language),
        language=language,
        source="DEM; resilience.flood",
        legend_title=both("水深（米）", "Depth (m)").say(language),
        legend=[*scale_legend(scale), Entry(both("建筑", "Building").say(language), "#cfcac4")],
        notes=[words("map.street", native=28).say(language)],
        synthetic=True,
        number="03",
    )
    parts: list[RasterPart | VectorPart] = [
        VectorPart(list(plan.parcels.geometry), fill="#f3f1ec", edge="#b5b0a8"),
        RasterPart(plan.depth, plan.bounds, scale, alpha=0.9),
        VectorPart(list(plan.buildings.geometry), fill="#cfcac4"),
    ]
    return draw_map(sheet, parts, bounds=plan.bounds)


def made_explorer(plan: Made) -> Explorer:
    scale = scale_of("max_depth", [plan.depth])
    colours = code_colours("land_use")
    uses = Fills("parcels", [colours[code] for code in plan.parcels["land_use"]])
    drier = Picture(plan.depth * 0.6, plan.bounds, scale)
    legend = [(entry.label, entry.colour) for entry in scale_legend(scale)]
    controls = list(plan.parcels["floor_area_ratio"])
    return Explorer(
        alternatives={"as_is": both("现状", "As is"), "with": both("规划+措施", "With measures")},
        bounds=plan.bounds,
        layers=[
            MapLayer(
                "depth",
                both("最大积水深度（米）", "Deepest water (m)"),
                words("resilience.title"),
                legend,
                {"as_is": Picture(plan.depth, plan.bounds, scale), "with": drier},
                note=words("map.street", native=28),
            ),
            MapLayer(
                "use",
                both("用地", "Land use"),
                words("place.title"),
                [("070102", colours["070102"]), ("1401", colours["1401"])],
                {"as_is": uses, "with": uses},
            ),
        ],
        shapes={
            "parcels": Shapes(list(plan.parcels.index), list(plan.parcels.geometry)),
            "buildings": Shapes(list(plan.buildings.index), list(plan.buildings.geometry), edge="#9a948c"),
        },
        details=[
            Detail(both("容积率", "Floor area ratio"), {"as_is": controls, "with": controls}, "1", 2),
            Detail(
                both("用地面积", "Plot area"), {"as_is": list(plan.parcels.area), "with": list(plan.parcels.area)}, "m2"
            ),
        ],
        reasons={"P003": both("水深超过 0.15 米：低洼。", "Deeper than 0.15 m: the ground is low.")},
    )


def made_chapters(plan: Made) -> list[Chapter]:
    """Return two chapters with every kind of block; texts hold signs that markup would trip over."""
    frame = pd.DataFrame(
        {"id": plan.parcels.index, "area": plan.parcels.area.to_numpy(), "cost": 123_456.0, "text": "=1+1 <a> & b"}
    )
    frame.loc[2, "cost"] = np.nan
    columns = [
        Column("id", words("explorer.parcel")),
        Column("area", both("面积", "Area"), "m2"),
        Column("cost", both("费用", "Cost"), "CNY"),
        Column("text", both("说明", "Note")),
    ]
    bars = pd.DataFrame({"建筑 building": [5.0, 4.0], "碳汇 sink": [-1.0, -1.5]}, index=["现状", "规划"])
    return [
        Chapter(
            "first",
            both("结论摘要", "Executive summary"),
            [
                Paragraph(both("五个地块不达标。", "Five parcels fail."), "lead"),
                Paragraph(both("价格为假定值 a<b & c。", "Prices are assumed: a<b & c."), "warning"),
                Paragraph(both("列表项", "An item"), "item"),
                Paragraph(Quantity(20_000.0, "m2"), "text"),
                Table(
                    "parcels",
                    both("地块控制表", "Parcel controls"),
                    frame,
                    columns,
                    most=5,
                    note=both("注：测试。", "Note: a test."),
                ),
            ],
        ),
        Chapter(
            "maps",
            both("图", "Maps"),
            [
                made_explorer(plan),
                Paragraph(both("小标题", "A heading"), "heading"),
                Figure("max_depth", both("最大积水深度", "Deepest water"), lambda language: made_map(plan, language)),
                Figure("bars", both("分部门排放", "Emissions"), lambda _: stacked_bars(bars, Labels("排放 emissions"))),
            ],
        ),
    ]
