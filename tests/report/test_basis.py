"""What results rest on: counts of factor rows by status, and what was taken where no file tells."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from citybraid.planning.rows import quantities_of
from citybraid.report.chapter import Paragraph, in_words
from citybraid.report.remarks import basis
from citybraid.report.remarks.basis import assumption_blocks, basis_of, unsure_share
from citybraid.report.remarks.influence import basis_table
from citybraid.report.view import View, need_title
from citybraid.sources.protocol.filespec import FileSpec
from citybraid.study.run.run import Run
from tests.report.made_run import made_run


def asking(run: Run, **words: object) -> Run:
    """A run whose study says something else."""
    asked = run.manifest.asked.model_copy(update=words)
    return replace(run, manifest=run.manifest.model_copy(update={"asked": asked}))


def test_an_indicator_rests_on_every_factor_row_behind_it(run: Run) -> None:
    view = View(run)
    found = basis_of(view, "as_is", ["max_depth"])
    assert [row.factor for row in found.rows.values()] == ["drain_share"]
    assert found.unsure == 1
    assert unsure_share(view, "flooded_area") == 100.0
    table = basis_table(view, ["flooded_area"])
    assert table is not None
    assert table.frame[["verified", "assumed", "share"]].to_numpy().tolist() == [[0, 1, 100.0]]


def test_combined_indicators_are_followed_to_the_quantities_of_their_parts() -> None:
    parts = quantities_of("building_emissions") | quantities_of("green_sink")
    assert parts <= quantities_of("net_emissions")


def test_values_that_the_study_sets_everywhere_are_told(run: Run) -> None:
    view = View(asking(run, uniform={"land_cover": 30.0}))
    told = [
        in_words(block.text, "en")
        for block in assumption_blocks(view, ["pervious_share"])
        if isinstance(block, Paragraph)
    ]
    assert any("One value for the whole area" in text and "30" in text for text in told)
    silent = assumption_blocks(View(run), ["flooded_area"])
    assert not any("the same everywhere" in in_words(b.text, "en") for b in silent if isinstance(b, Paragraph))


def test_a_cover_composed_of_several_files_has_no_pixel_of_its_own(run: Run, tmp_path: Path) -> None:
    view = View(run)
    layer = view.layer("as_is", "land_cover")
    assert layer is not None
    origin = {**run.manifest.origin, "land_cover": ("worldcover",)}
    native = {**run.manifest.native, layer.key: 10.0}
    manifest = run.manifest.model_copy(update={"origin": origin, "native": native})
    assert View(replace(run, manifest=manifest)).native("as_is", layer) == 10.0
    depth = view.layer("as_is", "max_depth")
    assert depth is not None
    assert view.native("as_is", depth) == made_run(tmp_path).native(depth)


def test_a_parameter_that_is_lacking_is_named_with_its_model() -> None:
    said = in_words(need_title("parameter:lowcarbon.building_energy.climate_zone"), "en")
    assert "climate zone" in said
    assert "lowcarbon" not in said


def test_files_are_told_by_their_names_and_an_entry_may_have_several(run: Run) -> None:
    files = {
        "ground": FileSpec(path=("data/water.gpkg", "data/parks.gpkg")), "terrain": FileSpec(path="data/高程.tif"),
    }  # fmt: skip
    view = View(asking(run, files=files))
    assert in_words(view.file_names(["ground", "terrain", "parcels"]), "zh") == "water.gpkg、parks.gpkg、高程.tif、地块"
    twice = View(asking(run, files={name: FileSpec(path="data/社区.gpkg") for name in ("units", "parcels")}))
    assert in_words(twice.file_names(["units", "parcels"]), "zh") == "社区.gpkg", "one file of two roles is one source"


def test_rows_stand_in_one_order_whatever_order_steps_are_met_in() -> None:
    """Quantities are sets, which each process walks in an order of its own."""

    def row(factor: str, key: str) -> SimpleNamespace:
        return SimpleNamespace(factor=factor, key=key, region="CN", value=1.0, status="assumed")

    steps = [
        (str(at), SimpleNamespace(key=str(at), model="m", factors={name: (row(name, "b"), row(name, "a"))}))
        for at, name in enumerate(("zeta", "alpha", "mid"))
    ]
    orders = []
    for met in (steps, steps[::-1]):
        rows = {step.key: {(r.factor, r.key): r for r in next(iter(step.factors.values()))} for _, step in met}
        view: Any = SimpleNamespace(
            bases={}, layers={"x": {}}, names=lambda _: {}, behind=lambda *_, met=met: met, factor_rows=rows
        )
        orders.append(list(basis_of(view, "x", ()).rows))
    assert orders[0] == orders[1] == sorted(orders[0])


def test_rows_left_empty_are_not_told_as_imputed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Xiongan's page had 98% of hospital beds imputed by rule: 43 of 44 components are no hospitals and have none."""
    values = {
        "hospital_beds": pd.Series([500.0, np.nan, np.nan, np.nan]), "floors": pd.Series([3.0, 4.0, 5.0, 6.0]),
        "bridge": pd.Series(["yes", "", "", "no"]), "height": pd.Series([9.0, 12.0, np.nan, np.nan]),
    }  # fmt: skip
    complete = {"hospital_beds": 0.25, "floors": 0.75, "bridge": 0.25, "height": 0.25}
    manifest = SimpleNamespace(completeness=complete, asked=SimpleNamespace(uniform={}))
    view: Any = SimpleNamespace(
        run=SimpleNamespace(manifest=manifest, alternatives=("as_is",), value=lambda each: each),
        base="as_is", layer=lambda _, name: values.get(name),
    )  # fmt: skip
    found = basis.Basis({}, frozenset(values), frozenset())
    monkeypatch.setattr(basis, "basis_of", lambda *_: found)
    filled, empty = (block.text for block in basis.assumption_blocks(view, []) if isinstance(block, Paragraph))
    assert in_words(filled, "en") == (
        "Imputed by rule where files have no value (share of rows): Bridge 25%, Building height 25%, Storeys above "
        "ground 25%. The rules are in the appendix on data intake."
    )
    assert in_words(empty, "en") == (
        "Without a value in files, and left so (share of rows): Bridge 50%, Building height 50%, hospital beds 75%."
    )
    assert in_words(empty, "zh").startswith("文件未注明且未插补的比例：")
