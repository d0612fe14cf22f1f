from pathlib import Path

import pytest

from citybraid.core.errors import InputError
from citybraid.web.access.refusals import NotFound
from citybraid.web.jobs.lookup import arguments, kind, kinds


@pytest.mark.parametrize("name", sorted(kinds()))
def test_no_kind_takes_options_that_it_does_not_know(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError):
        arguments(name, tmp_path, {"--out": "/x"})


def test_an_unknown_kind_is_told_with_those_known() -> None:
    with pytest.raises(NotFound, match="check"):
        kind("__init__")
