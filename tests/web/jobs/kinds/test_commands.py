from pathlib import Path
from typing import Any

import pytest

from citybraid.web.jobs.lookup import arguments


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("run", {}, ["run", "study.toml", "--json", "--report"]),
        ("run", {"baseline": True, "report": False}, ["run", "study.toml", "--json", "--no-report", "--baseline"]),
        ("check", {}, ["check", "study.toml", "--events", "--no-report"]),
        ("check", {"report": True}, ["check", "study.toml", "--events", "--report"]),
        ("report", {"run": "002"}, ["report", "runs/002", "--json"]),
    ],
)
def test_commands(name: str, options: dict[str, Any], words: list[str], tmp_path: Path) -> None:
    (tmp_path / "runs" / "002").mkdir(parents=True)
    made = arguments(name, tmp_path, options)
    assert [each.removeprefix(f"{tmp_path}/") for each in made] == words
