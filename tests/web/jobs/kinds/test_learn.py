"""The command that learns an alternative, and options that are refused."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from citybraid.web.jobs.kinds.learn import command


def test_the_command_learns_the_alternative(tmp_path: Path) -> None:
    made = command(tmp_path, {"alternative": "as_planned", "edits": 40, "measures": ["green_roof"]})
    study = str(tmp_path / "study.toml")
    words = ["whatif", study, "--learn", "40", "--seed", "1", "--alternative", "as_planned", "--measure", "green_roof"]
    assert made == [*words, "--json"]


@pytest.mark.parametrize(
    "options",
    [{}, {"alternative": "--data"}, {"alternative": "a", "edits": 5}, {"alternative": "a", "data": "/"},
     {"alternative": "a", "measures": ["--full"]}],
)  # fmt: skip
def test_other_options_are_refused(options: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(ValidationError):
        command(tmp_path, options)
