"""A model by command or call gets what intake makes of its files for every input that is not given, as in a study."""

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import xarray as xr
from odc.geo.geobox import GeoBox

import citybraid as cb
from citybraid.core import catalogue
from citybraid.core.errors import InputError
from citybraid.core.model import Model, reads
from citybraid.core.var import Table, Var
from citybraid.core.vocabulary.surface import COVER
from citybraid.sources.fenced.intake_run import IntakeOptions
from citybraid.sources.fenced.sandbox import Sandbox
from citybraid.sources.intake.intake import take_in
from citybraid.sources.protocol.filespec import FileSpec
from citybraid.sources.protocol.reading import SourceLayer
from citybraid.sources.protocol.target import Target
from citybraid.study.run.single_files import SingleFiles
from tests.cli.test_model_beside_run import CRS, FILES, write_files
from tests.commands import citybraid
from tests.outdoor_case import hot_year

AnyModel = Model[Any, Any]
ROOF, PAVED = ({name: code for code, name in COVER}[each] for each in ("roof", "paved"))
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


def _with_roofs(folder: Path) -> tuple[GeoBox, dict[str, np.ndarray]]:
    """Write a study's files and a surface model of its buildings; return the grid and the rasters by name."""
    write_files(folder)
    with rasterio.open(folder / FILES["terrain"]) as source:
        profile, grid = source.profile, GeoBox(source.shape, source.transform, CRS)
        ground = source.read(1)
    tops = ground.copy()
    tops[12:14, 2:4] += 18
    with rasterio.open(folder / "dsm.tif", "w", **profile) as target:
        target.write(tops, 1)
    with rasterio.open(folder / FILES["land_cover"]) as source:
        return grid, {"terrain": ground, "surface_model": tops, "land_cover": source.read(1)}


def test_roofs_of_buildings_beside_a_land_cover_count_by_study_command_and_call(tmp_path: Path) -> None:
    grid, _ = _with_roofs(tmp_path)
    entries = {role: FileSpec(path=FILES[role], role=role) for role in ("land_cover", "buildings")}
    with Sandbox(tmp_path) as sandbox:
        target = Target(crs=CRS, cell=10.0, base=grid)
        made = take_in(entries, target, root=tmp_path, conduct=IntakeOptions(sandbox=sandbox)).layers
    cover = next(each.value.to_numpy() for each in made if each.var.name == "land_cover")
    assert (cover == ROOF).sum() == 16
    by_study = cb.models.roughness(land_cover=cover, grid=grid).manning.to_numpy()
    words = ("--land-cover", FILES["land_cover"], "--beside", f"buildings={FILES['buildings']}", "--out", "out")
    done = citybraid("model", "resilience.roughness", *words, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    with rasterio.open(tmp_path / "out" / "manning.tif") as source:
        assert source.read(1) == pytest.approx(by_study, rel=1e-6)
    kept = json.loads((tmp_path / "out" / "provenance.json").read_text(encoding="utf-8"))["inputs"]["beside"]
    assert kept["buildings"]["file"] == FILES["buildings"]
    assert kept["buildings"]["key"]
    homes = gpd.read_file(tmp_path / FILES["buildings"]).set_index("id")
    codes = np.where(cover == ROOF, PAVED, cover)
    with pytest.warns(UserWarning, match="16 cells were changed by what is given beside it"):
        called = cb.models.roughness(land_cover=codes, grid=grid, beside={"buildings": homes})
    assert called.manning.to_numpy() == pytest.approx(by_study)
    plain = cb.models.roughness(land_cover=codes, grid=grid).manning.to_numpy()
    assert int((plain != by_study).sum()) == 16


def test_a_surface_model_beside_the_terrain_gives_heights_by_command_and_call(tmp_path: Path) -> None:
    grid, rasters = _with_roofs(tmp_path)
    year = hot_year()
    given = {"land_cover": 30, "grid": grid, **year}
    with pytest.warns(UserWarning, match="given; derived from land_cover, surface_model, terrain"):
        derived = cb.models.outdoor_comfort(
            terrain=rasters["terrain"], beside={"surface_model": rasters["surface_model"]}, **given
        )
    tall = rasters["surface_model"] - rasters["terrain"]
    stated = {"building_height": tall, "building_fraction": (tall > 2.0).astype(float)}
    same = cb.models.outdoor_comfort(terrain=rasters["terrain"], **stated, **given)
    assert same.sky_view.to_numpy() == pytest.approx(derived.sky_view.to_numpy(), nan_ok=True)
    needs = needs_of(catalogue.load("resilience.ventilation"))
    with Sandbox(tmp_path) as sandbox:
        files = SingleFiles(sandbox, grid=grid)
        pairs = [(needs["terrain"], tmp_path / FILES["terrain"])]
        files.read_together(pairs, {"building_height", "building_fraction"}, {"surface_model": tmp_path / "dsm.tif"})
        made = {name: files.derived(needs[name], option=name) for name in ("building_height", "building_fraction")}
    for name, value in made.items():
        assert value is not None
        assert np.nan_to_num(value.value.to_numpy()) == pytest.approx(stated[name], abs=1e-5)
    assert not any(each.text == "single.beside_idle" for each in files.findings.findings)


def test_what_stands_beside_and_changes_nothing_or_is_none_is_told(tmp_path: Path) -> None:
    _with_roofs(tmp_path)
    words = ("--land-cover", FILES["land_cover"], "--beside", f"units={FILES['units']}", "--lang", "en", "--out", "out")
    done = citybraid("model", "resilience.roughness", *words, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "nothing that this model reads is changed by what is given there (units.gpkg)" in done.stderr
    for text in ("buildings", "weather=year.epw", "nothing=homes.gpkg", "buildings=absent.gpkg"):
        wrong = citybraid(
            "model", "resilience.roughness", *words[:2], "--beside", text, "--lang", "en", folder=tmp_path
        )
        assert wrong.returncode == 2
        assert "--beside" in wrong.stderr
    with pytest.raises(InputError, match="is no table or raster by its role"):
        cb.models.roughness(land_cover=30, beside={"weather": 1.0})
