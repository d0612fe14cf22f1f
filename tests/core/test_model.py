"""A model checks what it is given, by place or by name, and stamps what it makes."""

from typing import Annotated, Literal, NamedTuple

import pytest
import xarray as xr
from pydantic import ValidationError

from citybraid.core.errors import InputError, RangeError
from citybraid.core.model import Params, model
from citybraid.core.var import Var

SHARE = Annotated[xr.DataArray, Var("share", "1", "A share", ge=0.0, le=1.0)]
REST = Annotated[xr.DataArray, Var("rest", "1", "What is left", ge=0.0, le=1.0)]
HALF = xr.DataArray([[0.5]], dims=("y", "x"))


class Left(NamedTuple):
    rest: REST


@model(version=1, cite="made for this test", validity="Everywhere.")
def remainder(share: SHARE, other: SHARE | None = None) -> Left:
    """What shares leave."""
    return Left(1.0 - share - (0.0 if other is None else other))


def test_values_by_place_and_by_name_give_the_same() -> None:
    assert remainder(HALF).rest.identical(remainder(share=HALF).rest)
    assert float(remainder(HALF, 0.4 * HALF).rest.item()) == pytest.approx(0.3)


def test_a_value_by_place_is_checked_as_one_by_name() -> None:
    for wrong in (3.0 * HALF, -HALF):
        with pytest.raises(RangeError, match=r"remainder\.share"):
            remainder(wrong)
        with pytest.raises(RangeError, match=r"remainder\.share"):
            remainder(share=wrong)
        with pytest.raises(RangeError, match=r"remainder\.other"):
            remainder(HALF, wrong)
    with pytest.raises(InputError, match="unit '%'"):
        remainder(HALF.assign_attrs(units="%"))


def test_a_call_that_does_not_fit_is_refused_as_python_refuses_it() -> None:
    with pytest.raises(TypeError, match="missing"):
        remainder()  # type: ignore[call-arg]  # what must not work
    with pytest.raises(TypeError, match="too many"):
        remainder(HALF, HALF, HALF)  # type: ignore[call-arg]  # what must not work
    with pytest.raises(TypeError, match="unexpected"):
        remainder(HALF, rest=HALF)  # type: ignore[call-arg]  # what must not work


def test_what_is_made_is_checked_and_stamped() -> None:
    made = remainder(HALF).rest
    assert (made.name, made.attrs["units"]) == ("rest", "1")
    with pytest.raises(RangeError, match=r"remainder\.rest"):
        remainder(HALF, 2.0 * HALF * 0.9)


class Joined(Params):
    neighbours: Literal["4", "8"] = "8"


def test_a_word_of_digits_may_be_given_as_a_number() -> None:
    """`--neighbours 4` and `neighbours = 4` of a study were refused with: allowed is 4, 8 (got 4)."""
    assert Joined.model_validate({"neighbours": 4}).neighbours == "4"
    assert Joined.model_validate({"neighbours": "8"}).neighbours == "8"
    for wrong in (5, 4.0, True):
        with pytest.raises(ValidationError):
            Joined.model_validate({"neighbours": wrong})
