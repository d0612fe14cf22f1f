"""A costly invariant draws fewer examples, and never more than were asked for."""

import pytest
from hypothesis import settings

from tests.examples import at_most


@pytest.mark.parametrize(
    ("asked", "count", "drawn"), [(25, 8, 8), (25, 150, 150), (100, 8, 8), (5, 8, 5), (5, 150, 5), (5, 3, 3)]
)
def test_a_test_says_how_many_at_most(asked: int, count: int, drawn: int) -> None:
    usual = settings.get_current_profile_name()
    settings.register_profile("asked", max_examples=asked, database=None)
    settings.load_profile("asked")
    try:
        assert at_most(count).max_examples == drawn
    finally:
        settings.load_profile(usual)
