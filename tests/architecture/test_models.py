"""Every model is whole: cited, bounded, described, tested, shown, and said in every language."""

import json
import os
from pathlib import Path

import pytest

from citybraid.core import catalogue, factor, text
from citybraid.core.model import STAGES
from citybraid.core.var import Fact
from tests.discovered import ROOT, AnyModel, models, own_test

METHOD = ROOT / "docs" / "explanation" / "method"
EVERY = pytest.mark.parametrize("model", models(), ids=lambda model: model.id)
MEASURES = [model for model in models() if model.stage]


def test_the_catalogue_finds_every_model() -> None:
    assert [model.id for model in catalogue.discover()] == [model.id for model in models()]


def test_the_catalogue_of_a_checkout_is_written_where_code_is_newer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "src" / "citybraid"
    for part in catalogue.DESCRIBED:
        (package / part).mkdir(parents=True)
    module, path = package / "lowcarbon" / "climate.py", package / catalogue.FILE
    (tmp_path / "pyproject.toml").touch()
    module.touch()
    for place in (module, *package.rglob("*/")):
        os.utime(place, ns=(0, 0))
    texts = iter(['{"models": {"first": {}}}', '{"models": {"second": {}}}'])
    monkeypatch.setattr(catalogue, "catalogue_path", lambda: path)
    monkeypatch.setattr(catalogue, "catalogue_text", lambda: next(texts))
    known = catalogue.known.__wrapped__
    assert [*known(), *known()] == ["first", "first"]
    module.touch()
    os.utime(module, ns=(0, path.stat().st_mtime_ns + 1))
    assert [*known()] == ["second"]
    os.utime(module, ns=(0, 0))
    assert [*known()] == ["second"]
    assert [each.name for each in package.iterdir() if each.is_file()] == [catalogue.FILE]


def test_an_installed_package_keeps_its_catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "site-packages" / "citybraid" / catalogue.FILE
    (path.parent / "lowcarbon").mkdir(parents=True)
    path.write_text('{"models": {"first": {}}}', encoding="utf-8")
    os.utime(path, ns=(0, 0))
    monkeypatch.setattr(catalogue, "catalogue_path", lambda: path)
    monkeypatch.setattr(catalogue, "catalogue_text", lambda: '{"models": {"second": {}}}')
    assert [*catalogue.known.__wrapped__()] == ["first"]


def test_the_catalogue_of_this_checkout_is_fresh() -> None:
    assert catalogue.known() == json.loads(catalogue.catalogue_text())["models"]


@EVERY
def test_cites_and_bounds(model: AnyModel) -> None:
    assert model.version >= 1
    assert len(model.cite) > 10, "name the source with its equation number"
    assert model.validity.endswith("."), "say in one sentence where it holds"
    assert model.doc, "say what it does"


@EVERY
def test_method_page(model: AnyModel) -> None:
    page = METHOD / f"{model.id}.md"
    assert page.is_file(), f"docs/explanation/method/{model.id}.md is missing"
    written = page.read_text(encoding="utf-8")
    assert f"figures/{model.id}.png" in written, "the page shows no figure of the model's own test"
    assert (METHOD / "figures" / f"{model.id}.png").is_file(), "draw the figure: make figures"


@EVERY
def test_figure_is_drawn_by_a_test(model: AnyModel) -> None:
    asked = (f'figure("{model.id}")', f"figure({model.name}.id)")
    tests = [path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py")]
    assert any(one in written for written in tests for one in asked), asked


@EVERY
def test_invariants(model: AnyModel) -> None:
    apart = ROOT / "tests" / "invariants" / f"test_{model.name}.py"
    files = [file for file in (apart, own_test(model)) if file is not None and file.is_file()]
    held = [file.name for file in files if holds_invariants(file.read_text(encoding="utf-8"))]
    assert held, f"test_{model.name}.py, of the strand or in tests/invariants, holds no invariant with corner examples"


def holds_invariants(written: str) -> bool:
    """Tell whether a test file draws examples, and builds some from the quantities' ranges."""
    return "hypothesis" in written and "corners" in written


@EVERY
def test_parameters_say_what_they_are(model: AnyModel) -> None:
    fields = model.params.model_fields if model.params else {}
    assert not [name for name, field in fields.items() if not field.description]


@EVERY
def test_texts(model: AnyModel) -> None:
    assert text.known(f"model.{model.id}"), f"texts: a row model.{model.id} is missing"


@EVERY
def test_factors_exist(model: AnyModel) -> None:
    wanted = {need.what.name for need in model.needs.values() if isinstance(need.what, Fact)}
    assert not wanted - factor.shipped().by_name.keys()


def test_there_are_measures() -> None:
    assert len(MEASURES) >= len(STAGES)


@pytest.mark.parametrize("model", MEASURES, ids=lambda model: model.id)
def test_measure_says_who_and_how_much(model: AnyModel) -> None:
    assert model.id.startswith("integrate.measures.")
    assert model.responsible
    assert model.build_years > 0
    assert model.quantity is None or model.quantity.name in model.makes
    assert model.params is not None
    assert {"where", "share"} <= model.params.model_fields.keys()


def test_no_measure_writes_what_a_model_makes() -> None:
    derived = {var for model in models() if not model.stage for var in model.makes}
    assert not {(model.id, var) for model in MEASURES for var in model.makes if var in derived}
