"""Run beside a copy of the package to which one of each thing was added: writes what the package then sees."""

import json
import sys
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
from odc.geo.geobox import GeoBox
from shapely.geometry import box

import citybraid
from citybraid.core import catalogue, text
from citybraid.core.evaluate import WHOLE_AREA, Use
from citybraid.core.factor import FactorBook
from citybraid.core.layer import Layer, digest
from citybraid.core.model import MeasureParams
from citybraid.core.place import Place
from citybraid.planning.rows import indicators
from citybraid.planning.unit_table import unit_table
from citybraid.planning.zones import Zones
from citybraid.report.chapter import chapter_functions
from citybraid.report.page import Cover, write_page
from citybraid.report.view import View
from citybraid.sources.intake.guess import guess_roles
from citybraid.sources.intake.intake import take_in
from citybraid.sources.protocol.discovery import all_repairs, known_roles, reader_for, repair_name
from citybraid.sources.protocol.filespec import FileSpec
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.protocol.target import Target
from citybraid.store.store import Store
from citybraid.study.plan.planner import Settings, plan
from citybraid.study.run.engine import Engine
from tests.report.made_run import made_run

GRID = GeoBox.from_bbox((0, 0, 40, 40), crs="EPSG:4549", resolution=10)
ROWS = ["x", "y"]


def taken(folder: Path) -> dict[str, Any]:
    """A file of an added format in an added role, guessed, read and seen by an added repair."""
    folder.mkdir()
    (folder / "浮标.barred").write_text("hour|edge_level\n0|120\n1|150\n2|90\n", encoding="utf-8")
    guess = guess_roles(folder)[0]
    spec = FileSpec(path="浮标.barred", role=guess.role)
    intake = take_in({"waves": spec}, Target("EPSG:4549", 10.0, GRID), root=folder)
    level = next(each for each in intake.layers if each.var.name == "edge_level")
    return {
        "reader": reader_for(Path("a.barred")).id,
        "known": "wave_height" in known_roles(),
        "guess": guess.role,
        "level": list(level.value),
        "findings": [each.say("en") for each in intake.findings],
        "repairs": [[repair_name(each), each.STAGE] for each in all_repairs()],
    }


def told(folder: Path) -> dict[str, Any]:
    """The added chapter of a made run, on a page in every language."""
    view = View(made_run(folder))
    chapters = [made for make in chapter_functions() if (made := make(view)).name == "added"]
    page = write_page(
        folder / "page.html", chapters, cover=Cover("-"), plates={}, languages=text.LANGUAGES, system="si"
    )
    return {"chapters": len(chapters), "page": page.read_text(encoding="utf-8")}


def spoken() -> dict[str, Any]:
    """The added language: its own text, and one that it lacks."""
    return {
        "languages": list(text.LANGUAGES),
        "own": text.say("added.text", "de", count=2),
        "lacking": text.say("error.several", "de", count=2),
        "untranslated": list(text.untranslated("de")),
    }


class Houses:
    """A Place of two buildings in one unit."""

    def __init__(self, folder: Path) -> None:
        self.store = Store(folder)
        shapes = gpd.GeoSeries([box(0, 0, 10, 10), box(20, 20, 30, 30)], index=ROWS, crs=4549)
        self.unit = gpd.GeoSeries([box(0, 0, 40, 40)], index=["u"], crs=4549, name="units")
        self.place = Place().put([
            self.put("buildings", shapes),
            self.put("units", self.unit),
            self.put("height", pd.Series([10.0, 20.0], index=ROWS)),
        ])  # fmt: skip

    def put(self, name: str, value: Any) -> Layer:
        layer = Layer(vocabulary()[name], digest(name), None, frozenset())
        self.store.put(layer.key, value)
        return layer


def counted(houses: Houses) -> dict[str, float]:
    """The added indicator, computed from its row."""
    row = indicators()["built_height"]
    zones = Zones(houses.unit, houses.place, lambda layer: houses.store.get(layer.key), GRID)
    return {"whole": float(unit_table(zones, [row]).by_zone[row.id][WHOLE_AREA])}


def planned(houses: Houses) -> dict[str, Any]:
    """The added model after the added measure, found, planned and run."""
    models = {each.id: each for each in catalogue.discover()}
    heat, lower = models["lowcarbon.idle_heat"], models["integrate.measures.lower_roof"]
    settings = Settings(grid=GRID, book=FactorBook(()), region="", year=2025)
    made = plan(houses.place, [heat], (Use(lower, MeasureParams()),), settings)
    Engine(houses.store, threads=1).run(made.steps)
    written = json.loads(catalogue.catalogue_text())["models"]
    return {
        "steps": [step.name for step in made.steps],
        "heat": list(houses.store.get(made.place.one("idle_heat").key)),
        "catalogue": [heat.id in written, lower.id in written],
    }


def main(folder: Path) -> None:
    """Write all that is seen, as one JSON file."""
    houses = Houses(folder / "houses")
    seen = {
        "package": citybraid.__file__, "taken": taken(folder / "files"), "told": told(folder / "run"),
        "spoken": spoken(), "counted": counted(houses), "planned": planned(houses),
    }  # fmt: skip
    (folder / "seen.json").write_text(json.dumps(seen), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
