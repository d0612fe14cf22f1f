"""A model alone reads a file once, whatever of it is asked for: a weather file holds six series and its place."""

from pathlib import Path
from typing import Any

import pytest

from citybraid.sources.fenced.sandbox import Sandbox
from citybraid.sources.intake.intake import take_in
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.study.run import single_files
from citybraid.study.run.single_files import SingleFiles
from tests.study.made_study import STORED, Made

ASKED = ("dry_bulb", "relative_humidity", "global_horizontal", "direct_normal", "diffuse_horizontal", "latitude")


def test_a_weather_file_is_read_once_for_all_its_series(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Made(tmp_path, ("weather",)).written()
    read: list[Path] = []

    def counted(files: Any, *given: Any, **options: Any) -> Any:
        read.extend(Path(each.path) for each in files.values())
        return take_in(files, *given, **options)

    monkeypatch.setattr(single_files, "take_in", counted)
    path = tmp_path / STORED["weather"]
    with Sandbox(tmp_path) as sandbox:
        files = SingleFiles(sandbox)
        values = {name: files.value(vocabulary()[name], path) for name in ASKED}
        again = SingleFiles(sandbox)
        alone = again.value(vocabulary()["dry_bulb"], path)
    assert read == [path.resolve()] * 2, "once for each run"
    assert values["dry_bulb"].equals(alone)
    assert not values["dry_bulb"].equals(values["global_horizontal"])
    told = [each.text for each in files.findings.findings]
    assert told.count("intake.weather_read") == 1
    assert told == [each.text for each in again.findings.findings]
