"""The public names are those that are documented, typed in the stub, and explained by help()."""

import ast
import inspect
import pydoc
import re
from types import FunctionType

import pytest

import citybraid
from citybraid.api import doors
from citybraid.core import catalogue
from tests.discovered import PACKAGE, ROOT

PAGE = ROOT / "docs" / "reference" / "python.md"
STUB = ast.parse((PACKAGE / "__init__.pyi").read_text(encoding="utf-8"))
PLAIN = getattr(pydoc, "plaintext")  # noqa: B009  (typeshed does not know it)
DOORS = ("factors", "new", "open", "open_run")


def test_what_is_public_is_what_is_documented() -> None:
    table = PAGE.read_text(encoding="utf-8").partition("## The core")[0]
    documented = re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)
    assert sorted(documented) == citybraid.__all__ == dir(citybraid)


def test_every_public_name_is_there() -> None:
    assert not [name for name in citybraid.__all__ if getattr(citybraid, name, None) is None]


def test_an_unknown_name_is_told_as_python_tells_it() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'closed'"):
        citybraid.closed  # type: ignore[attr-defined]  # noqa: B018  (what must not work)


def test_the_stub_declares_what_is_public() -> None:
    listed = next(node.value for node in STUB.body if isinstance(node, ast.Assign))
    assert ast.literal_eval(listed) == citybraid.__all__


@pytest.mark.parametrize("name", DOORS)
def test_the_stub_has_the_words_of_each_door(name: str) -> None:
    declared = next(node for node in STUB.body if isinstance(node, ast.FunctionDef) and node.name == name)
    door = getattr(doors, name)
    told = ast.parse(inspect.getsource(door)).body[0]
    assert isinstance(told, ast.FunctionDef)
    assert ast.unparse(declared.args) == ast.unparse(told.args)


def public(kind: type) -> list[tuple[str, object]]:
    return [(name, value) for name, value in vars(kind).items() if not name.startswith("_")]


@pytest.mark.parametrize("kind", [citybraid.Study, citybraid.Run], ids=["Study", "Run"])
def test_every_member_says_what_it_is(kind: type) -> None:
    members = public(kind)
    assert len(members) > 5
    assert not [name for name, value in members if not inspect.getdoc(value)]


@pytest.mark.parametrize("name", sorted(citybraid.models))
def test_every_model_is_a_function_that_help_explains(name: str) -> None:
    model = catalogue.load(next(each for each in catalogue.known() if each.endswith(f".{name}")))
    called = getattr(citybraid.models, name)
    assert isinstance(called, FunctionType)
    said = PLAIN.document(called)
    assert model.doc.splitlines()[0] in said
    assert model.cite in said
    words = inspect.signature(called).parameters
    assert len(words) == len(set(words))
    assert {"region", "year", "grid", "factors", "tick"} <= set(words)


def test_models_are_listed() -> None:
    assert len(dir(citybraid.models)) == len(catalogue.known())
    assert not hasattr(citybraid.models, "floood")
