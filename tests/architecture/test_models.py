"""Every model is whole: cited, bounded, described, tested, shown, and said in every language."""

import json
import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from citybraid.core import catalogue, factor, text
from citybraid.core.model import STAGES
from citybraid.core.var import Fact
from tests.discovered import ROOT, AnyModel, models, own_test

METHOD = ROOT / "docs" / "explanation" / "method"
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


def lacking(holds: Callable[[AnyModel], object], among: Sequence[AnyModel] | None = None) -> list[str]:
    """Return the ids of the models of which something does not hold: one test for all of them, as they are many."""
    return [model.id for model in (models() if among is None else among) if not holds(model)]


def test_cites_and_bounds() -> None:
    assert lacking(lambda model: model.version >= 1) == []
    assert lacking(lambda model: len(model.cite) > 10) == [], "name the source with its equation number"
    assert lacking(lambda model: model.validity.endswith(".")) == [], "say in one sentence where it holds"
    assert lacking(lambda model: model.doc) == [], "say what it does"


def test_method_page() -> None:
    pages = {path.stem: path.read_text(encoding="utf-8") for path in METHOD.glob("*.md")}
    assert lacking(lambda model: model.id in pages) == [], "docs/explanation/method/ID.md is missing"
    assert lacking(lambda model: f"{model.id}.zh" in pages) == [], "docs/explanation/method/ID.zh.md is missing"
    assert lacking(lambda model: f"figures/{model.id}.png" in pages[model.id]) == [], (
        "the page shows no figure of the model's own test"
    )
    assert lacking(lambda model: (METHOD / "figures" / f"{model.id}.png").is_file()) == [], (
        "draw the figure: make figures"
    )


def test_method_pages_that_are_named_are_there() -> None:
    """Where a number comes from is told with the page of each model behind it."""
    names = {catalogue.method_page(each, language) for each in catalogue.known() for language in ("en", "zh")}
    assert {name for name in names if not (METHOD / name).is_file()} == set()
    assert catalogue.method_page("core.absent_column", "en") == ""


def test_figure_is_drawn_by_a_test() -> None:
    tests = (path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    asked = {name for written in tests for name in re.findall(r"figure\(([\w.\"]+)\)", written)}
    assert lacking(lambda model: asked & {f'"{model.id}"', f"{model.name}.id"}) == []


def test_invariants() -> None:
    """In test_NAME.py, of the strand or in tests/invariants, with corner examples."""
    assert lacking(held) == []


def held(model: AnyModel) -> bool:
    """Tell whether a test file that is named after a model holds an invariant of it."""
    apart = ROOT / "tests" / "invariants" / f"test_{model.name}.py"
    files = [file for file in (apart, own_test(model)) if file is not None and file.is_file()]
    return any(holds_invariants(file.read_text(encoding="utf-8")) for file in files)


def holds_invariants(written: str) -> bool:
    """Tell whether a test file draws examples, and builds some from the quantities' ranges."""
    return "hypothesis" in written and "corners" in written


def test_parameters_say_what_they_are() -> None:
    fields = {model.id: model.params.model_fields if model.params else {} for model in models()}
    assert [(of, name) for of, each in fields.items() for name, field in each.items() if not field.description] == []


def test_texts() -> None:
    assert lacking(lambda model: text.known(f"model.{model.id}")) == [], "texts: a row model.ID is missing"


def test_factors_exist() -> None:
    wanted = {(model.id, need.what.name) for model in models() for need in model.needs.values()
              if isinstance(need.what, Fact)}  # fmt: skip
    assert {each for each in wanted if each[1] not in factor.shipped().by_name} == set()


def test_there_are_measures() -> None:
    assert len(MEASURES) >= len(STAGES)


def test_measure_says_who_and_how_much() -> None:
    def holds(model: AnyModel) -> bool:
        own = model.quantity is None or model.quantity.name in model.makes
        return bool(model.id.startswith("integrate.measures.") and model.responsible and model.build_years > 0 and own)

    assert lacking(holds, MEASURES) == []
    shared = {"where", "share"}
    assert lacking(lambda model: model.params and shared <= model.params.model_fields.keys(), MEASURES) == []


def test_no_measure_writes_what_a_model_makes() -> None:
    derived = {var for model in models() if not model.stage for var in model.makes}
    assert not {(model.id, var) for model in MEASURES for var in model.makes if var in derived}
