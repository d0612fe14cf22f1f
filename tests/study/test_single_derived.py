"""A model by command or call gets what intake makes of its files for every input that is not given, as in a study."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from odc.geo.geobox import GeoBox

import citybraid as cb
from citybraid.core import catalogue
from citybraid.core.model import Model, reads
from citybraid.core.var import Table, Var
from citybraid.sources.fenced.intake_run import IntakeOptions
from citybraid.sources.fenced.sandbox import Sandbox
from citybraid.sources.intake.intake import take_in
from citybraid.sources.protocol.filespec import FileSpec
from citybraid.sources.protocol.reading import SourceLayer
from citybraid.sources.protocol.target import Target
from citybraid.study.run.single_files import SingleFiles
from tests.cli.test_model_beside_run import CRS, FILES, write_files
from tests.outdoor_case import hot_year

AnyModel = Model[Any, Any]
WEATHER = "dry_bulb"
"""The input that a weather file is named for."""


def needs_of(model: AnyModel) -> dict[str, Var | Table]:
    return {name: need.what for name, need in model.needs.items() if isinstance(need.what, Var | Table)}


def holds(layers: tuple[SourceLayer, ...], what: Var | Table) -> bool:
    """Tell whether intake has an input: a quantity, or a table with the columns that the model requires."""
    names = {each.var.name for each in layers if not each.at and each.var.kind != "document"}
    return what.name in names if isinstance(what, Var) else {what.on, *reads(what)} <= names


def test_all_that_intake_makes_of_a_file_reaches_every_model_that_reads_it(tmp_path: Path) -> None:
    write_files(tmp_path)
    models = [catalogue.load(each) for each in catalogue.known()]
    lost, reached = [], set()
    with Sandbox(tmp_path) as sandbox:
        grid = SingleFiles(sandbox).grid_of(tmp_path / FILES["terrain"])
        target = Target(crs=CRS, cell=10.0, base=grid)
        for role, name in FILES.items():
            entry = {role: FileSpec(path=name, role=role)}
            made = take_in(entry, target, root=tmp_path, conduct=IntakeOptions(sandbox=sandbox)).layers
            asked = WEATHER if role == "weather" else role
            readers = [each for each in models if asked in needs_of(each)]
            assert readers or role == "units", role
            files = SingleFiles(sandbox, grid=grid)
            if readers:
                files.read_together([(needs_of(readers[0])[asked], tmp_path / name)], ())
                assert not files.apart
            for model in readers:
                for other, what in needs_of(model).items():
                    if other == asked or (isinstance(what, Table) and what.on == role) or not holds(made, what):
                        continue
                    if files.derived(what, option=other) is None:
                        lost.append((model.id, asked, other))
                    reached.add((asked, other))
    assert lost == []
    assert {("canopy_height", "canopy_cover"), (WEATHER, "latitude"), (WEATHER, "wind_speed"), ("parcels", "units"),
            ("buildings", "study_area")} <= reached  # fmt: skip


def test_a_call_derives_trees_from_their_heights_and_warns_of_it() -> None:
    grid = GeoBox.from_bbox((500_000.0, 3_400_000.0, 500_050.0, 3_400_050.0), crs=CRS, resolution=5.0)
    tall = xr.DataArray(np.where(np.arange(100).reshape(10, 10) % 10 < 5, 9.0, 0.0), dims=("y", "x"))
    given = {"land_cover": 30, "terrain": 3.0, "canopy_height": tall.to_numpy(), "grid": grid}
    year = hot_year()
    with pytest.warns(UserWarning, match=r"canopy_cover: not given; derived from canopy_height") as told:
        trees = cb.models.outdoor_comfort(**given, **year)
    assert "推得" in str(told[0].message)
    assert float(trees.sky_view.mean()) < 0.9
    same = cb.models.outdoor_comfort(**given, **year, canopy_cover=(tall.to_numpy() > 2.0).astype(float))
    assert same.sky_view.to_numpy() == pytest.approx(trees.sky_view.to_numpy())
