"""Fields of closed records are told by the docstrings below them, wherever a class is written."""

import ast
import inspect
from typing import ClassVar

import pytest
from pydantic import Field, ValidationError

from citybraid.core.wording import documented
from citybraid.core.wording.documented import CLASSES_TELL_THEIR_LINES, Documented


class Depth(Documented):
    """A depth."""

    UNIT: ClassVar[str] = "m"
    """No field."""
    bare: float
    deep: float = Field(0.5, ge=0.0)
    """Depth from which
    it counts [m]."""
    stated: float = Field(1.0, description="stated itself")
    """Below a field that says so itself."""

    class Inner(Documented):
        deep: int = 1
        """Of a class within."""


class Deeper(Depth):
    more: float = 0.0
    """More [m]."""


def told(kind: type[Documented]) -> dict[str, str | None]:
    return {name: field.description for name, field in kind.model_fields.items()}


def test_a_docstring_below_a_field_is_its_description() -> None:
    assert told(Depth) == {"bare": None, "deep": "Depth from which\nit counts [m].", "stated": "stated itself"}
    assert told(Depth.Inner) == {"deep": "Of a class within."}
    assert told(Deeper) == {**told(Depth), "more": "More [m]."}
    assert Depth.model_json_schema()["properties"]["deep"]["description"] == "Depth from which\nit counts [m]."
    assert Depth(bare=1.0).deep == 0.5


def test_what_a_field_allows_stays() -> None:
    for wrong in ({"bare": 1.0, "deep": -1.0}, {"bare": float("nan")}, {"bare": 1.0, "other": 1}):
        with pytest.raises(ValidationError):
            Depth.model_validate(wrong)


def test_a_class_without_text_has_no_descriptions() -> None:
    made: dict[str, type[Documented]] = {"Documented": Documented}
    exec("class Typed(Documented):\n    deep: int = 1\n    'Lost.'\n", made)  # noqa: S102  (as in a prompt)
    assert told(made["Typed"]) == {"deep": None}


def test_no_module_is_looked_through_for_a_class(monkeypatch: pytest.MonkeyPatch) -> None:
    """What pydantic would do, some milliseconds for each of 170 classes, where these do not tell their lines."""
    asked: list[object] = []
    monkeypatch.setattr(inspect, "getmodule", lambda *about: asked.append(about))

    class Here(Documented):
        deep: int = 1
        """Within a function."""

    assert told(Here) == {"deep": "Within a function."}
    assert CLASSES_TELL_THEIR_LINES or asked == []


# fmt: off
def further_out() -> type[Documented]:
    """Return a class whose text goes on further out than it begins."""

    class Out(
        Documented,
    ):
# a remark at the margin
        deep: int = 1
        """Of two
lines."""
        more: tuple[
            int, int
        ] = (
            1, 2
)
        """A pair."""

        def twice(self) -> int:
            return 2 * self.deep
        last: int = 3
        """The last one."""

    return Out
# fmt: on


def test_a_class_is_read_alone_where_its_text_tells_where_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[tuple[str, ...]] = []
    tree = documented._tree

    def counted(lines: tuple[str, ...]) -> ast.AST:
        parsed.append(lines)
        return tree(lines)

    monkeypatch.setattr(documented, "_tree", counted)

    class Alone(
        Documented,
    ):
        deep: tuple[
            int,
            int,
        ] = (1, 2)
        """A pair."""

        # a remark
        def twice(self) -> int:
            return 2 * self.deep[0]

        last: int = 3
        """The last one."""

    assert told(Alone) == {"deep": "A pair.", "last": "The last one."}
    assert parsed == []
    assert told(further_out()) == {"deep": "Of two\nlines.", "more": "A pair.", "last": "The last one."}
    assert CLASSES_TELL_THEIR_LINES or len(parsed) == 1
