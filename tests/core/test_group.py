"""Groups in a signature: flat needs and outputs outside, whole within, and absent where they are not made."""

from typing import Annotated, Any, NamedTuple

import pytest

from citybraid.core.catalogue import describe
from citybraid.core.errors import RangeError
from citybraid.core.group import When, flatten
from citybraid.core.model import Model, Params, model
from citybraid.core.var import Number, Var

RAIN = Annotated[Number, Var("rain", "mm", "Rain", on="", ge=0)]
SLOPE = Annotated[Number, Var("slope", "1", "Slope", on="")]
CREST = Annotated[Number, Var("crest", "m", "Crest", on="")]
WIDTH = Annotated[Number, Var("width", "m", "Width", on="")]
DEPTH = Annotated[Number, Var("depth", "mm", "Depth", on="", ge=0)]
OVER = Annotated[Number, Var("over", "mm", "Over the crest", on="", ge=0)]
PIPED = Annotated[Number, Var("piped", "mm", "In pipes", on="")]


class PondParams(Params):
    drains: str = "apart"
    """Whether pipes take part."""


class Sky(NamedTuple):
    slope: SLOPE | None = None
    rain: RAIN = 0.0


class Wall(NamedTuple):
    crest: CREST | None = None
    width: WIDTH | None = None


class Passed(NamedTuple):
    over: OVER


class Pipes(NamedTuple):
    piped: PIPED


class Pond(NamedTuple):
    depth: DEPTH
    wall: Annotated[Passed | None, When("crest")]
    pipes: Annotated[Pipes | None, When("rain", "drains", "coupled")]


TOLD: dict[str, Any] = {"version": 1, "cite": "none", "validity": "Tests."}


@model(**TOLD)
def pond(*, sky: Sky, p: PondParams, wall: Wall | None = None) -> Pond:
    """Keep the wall's presence and the pipes' as the function sees them."""
    passed = None if wall is None or wall.crest is None else Passed(max(0.0, sky.rain - wall.crest))
    return Pond(sky.rain, passed, Pipes(1.0) if p.drains == "coupled" else None)


def test_needs_and_outputs_are_flat_and_needs_that_must_be_there_stand_first() -> None:
    assert list(pond.needs) == ["rain", "p", "slope", "crest", "width"]
    assert [name for name, need in pond.needs.items() if need.optional] == ["slope", "crest", "width"]
    assert list(pond.makes) == ["depth", "over", "piped"]
    assert describe(pond)["makes"]["piped"]["when"] == {"given": "rain", "parameter": {"drains": "coupled"}}
    assert "when" not in describe(pond)["makes"]["depth"]


@pytest.mark.parametrize(
    ("given", "drains", "made"),
    [
        ({}, "apart", {"depth": 5.0}),
        ({"width": 2.0}, "apart", {"depth": 5.0}),
        ({"crest": 3.0}, "apart", {"depth": 5.0, "over": 2.0}),
        ({"crest": 3.0}, "coupled", {"depth": 5.0, "over": 2.0, "piped": 1.0}),
    ],
)
def test_what_is_made_is_what_was_promised(given: dict[str, float], drains: str, made: dict[str, float]) -> None:
    values = {"rain": 5.0, "p": PondParams(drains=drains), **given}
    assert pond.run(values) == made
    assert list(pond.promised(values)) == list(made)
    assert flatten(pond.of(values)) == made


def test_a_function_gets_none_for_a_group_without_members() -> None:
    seen: list[Wall | None] = []

    def looked(*, rain: RAIN, wall: Wall | None = None) -> Passed:
        seen.append(wall)
        return Passed(rain)

    found: Model[Any, Any] = model(**TOLD)(looked)
    for values in ({"rain": 1.0}, {"rain": 1.0, "crest": None, "width": None}, {"rain": 1.0, "width": 2.0}):
        found.run(values)
    assert seen == [None, None, Wall(None, 2.0)]


def test_members_are_checked_on_the_way_in_and_out() -> None:
    with pytest.raises(RangeError, match=r"rain"):
        pond(sky=Sky(rain=-1.0), p=PondParams())
    with pytest.raises(RangeError, match=r"depth"):
        Model(**{**vars(pond), "function": lambda **_: Pond(-1.0, None, None)})(sky=Sky(), p=PondParams())


def test_refuses_groups_that_are_not_those_promised() -> None:
    broken: Model[Any, Any] = Model(**{**vars(pond), "function": lambda **_: Pond(1.0, None, None)})
    with pytest.raises(TypeError, match=r"not \['depth', 'over'\]"):
        broken.run({"rain": 1.0, "crest": 1.0, "p": PondParams()})


def test_refuses_signatures_that_do_not_hold() -> None:
    class Silent(NamedTuple):
        wall: Passed | None

    class Stray(NamedTuple):
        wall: Annotated[Passed | None, When("levees")]

    def firm(*, sky: Sky | None = None) -> Passed:
        return Passed(0.0 if sky is None else sky.rain)

    def twice(*, crest: CREST, wall: Wall | None = None) -> Passed:
        return Passed(crest if wall is None else 0.0)

    def silent(*, rain: RAIN) -> Silent:
        return Silent(Passed(rain))

    def stray(*, rain: RAIN) -> Stray:
        return Stray(Passed(rain))

    for function, why in ((firm, "default of None"), (twice, "twice"), (silent, "say when"), (stray, "does not need")):
        with pytest.raises(TypeError, match=why):
            model(**TOLD)(function)
