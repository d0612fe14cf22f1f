"""Repairs of shapes run in the fenced process: one that hangs, grows or breaks down ends with a message, no more."""

import importlib
import os
from pathlib import Path
from types import ModuleType

import pytest

from citybraid.core.errors import InputError
from citybraid.core.text import LANGUAGES
from citybraid.sources.fenced.intake_run import IntakeOptions
from citybraid.sources.fenced.repairing import answered, apply_repairs, repair_job, repaired_of, runs_of_repairs
from citybraid.sources.fenced.sandbox import Sandbox
from citybraid.sources.intake import intake
from citybraid.sources.intake.intake import take_in
from citybraid.sources.protocol.discovery import all_repairs, repair_name
from citybraid.sources.protocol.filespec import FileSpec
from citybraid.sources.protocol.layers import Layers, layer_key
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.reading import SourceLayer
from citybraid.sources.protocol.rules import Rules
from citybraid.sources.protocol.target import Target
from tests.commands import citybraid
from tests.sources.planner_files import CRS, buildings, parcels, shapefile

pytestmark = [pytest.mark.own_worker, pytest.mark.slow]

EXPLODING = '''
"""A repair that {what}."""
import os
from citybraid.sources.protocol.rules import RepairResult

STAGE = "geometry"
READS = ()
FENCED = True

def repair(layers, rules):
    if "{what}" == "hangs":
        while True:
            pass
    if "{what}" == "grows":
        return [bytearray(100 << 30)]
    if "{what}" == "grows slowly":
        kept = []
        while True:
            kept.append(bytearray(1 << 24))
    if "{what}" == "breaks down":
        os.abort()
    raise ValueError("unforeseen")
'''
ENDS = {
    "hangs": "intake.repair_slow", "grows": "intake.repair_big", "grows slowly": "intake.repair_big",
    "breaks down": "intake.repair_crashed", "raises": "intake.repair_failed",
}  # fmt: skip
FILES = {"parcels": FileSpec(path="地块.shp"), "buildings": FileSpec(path="建筑.shp", crs=CRS)}
STUDY = """
[study]
name = "try"
title = {{ zh = "试", en = "Try" }}
crs = "{crs}"
resolution = 10.0
year = 2025
region = "CN-SH"
[files]
parcels = {{ path = "地块.shp" }}
[limits]
seconds = 3.0
[alternatives.as_is]
title = {{ zh = "现状", en = "Existing" }}
"""


@pytest.fixture
def exploding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, ModuleType]:
    """Misbehaving repairs by what they do, which the worker can import."""
    code = tmp_path / "code"
    code.mkdir()
    names = {what: f"exploding_{what.replace(' ', '_')}" for what in ENDS}
    for what, name in names.items():
        (code / f"{name}.py").write_text(EXPLODING.format(what=what), encoding="utf-8")
    monkeypatch.syspath_prepend(str(code))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(code), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep))
    return {what: importlib.import_module(name) for what, name in names.items()}


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "规划"
    folder.mkdir()
    shapefile(folder / "地块.shp", parcels(), encoding="utf-8", bare=False)
    shapefile(folder / "建筑.shp", buildings())
    return folder


def taken(files: Path, sandbox: Sandbox) -> tuple[Layers, Rules]:
    read = take_in(FILES, Target(CRS, 5.0), root=files, conduct=IntakeOptions(keep_going=True, sandbox=sandbox))
    return Layers({layer_key(layer): layer for layer in read.layers}), Rules(read.target)


def test_a_repair_that_explodes_ends_with_a_message(
    exploding: dict[str, ModuleType], files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Sandbox(files) as sandbox:
        layers, rules = taken(files, sandbox)
        for what, text in ENDS.items():
            monkeypatch.setattr(intake, "all_repairs", lambda what=what: (exploding[what],))
            limits = Limits(seconds=0.5 if what == "hangs" else 600.0)
            with pytest.raises(InputError) as caught:
                intake.repaired(layers, rules, sandbox=sandbox, limits=limits)
            assert caught.value.text == text
            assert all("parcels" in caught.value.say(language) for language in LANGUAGES)
        assert max(each.mib for each in sandbox.usage) <= Limits().memory_mib
        monkeypatch.undo()
        assert [*intake.repaired(layers, rules, sandbox=sandbox, limits=Limits()).layers]


def test_a_study_of_it_ends_with_exit_code_2_in_both_languages(
    exploding: dict[str, ModuleType], files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (files / "study.toml").write_text(STUDY.format(crs=CRS), encoding="utf-8")
    monkeypatch.setattr(intake, "all_repairs", lambda: (exploding["hangs"],))
    for language, text in (("zh", "图形检查与修复超过"), ("en", "checking and repairing the shapes took longer")):
        done = citybraid("check", "study.toml", "--lang", language, folder=files)
        assert done.returncode == 2, done.stderr
        assert text in done.stdout + done.stderr
        assert "Traceback" not in done.stdout + done.stderr


def test_repairs_of_shapes_are_fenced_in_few_messages() -> None:
    fenced = {repair_name(each) for each in all_repairs() if getattr(each, "FENCED", False)}
    assert {"geometry", "duplicates", "overlaps", "gaps", "slivers"} <= fenced
    assert sum(fenced for fenced, _ in runs_of_repairs(all_repairs())) <= 2


def test_the_fence_changes_nothing(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same layers to the last bit as in this process, and unchanged ones are the very same objects."""
    fenced = [each for each in all_repairs() if getattr(each, "FENCED", False)]
    with Sandbox(files) as sandbox:
        layers, rules = taken(files, sandbox)
        here = apply_repairs(fenced, layers, rules)
        job = repair_job(fenced, layers, rules, Limits())
        there = repaired_of(answered(job), job, layers)
        apart = sandbox.repair(fenced, layers, rules, Limits())
    for found in (there, apart):
        assert [*found.layers.kept] == [*here.layers.kept]
        assert found.findings == here.findings
        assert all(same(one, other) for one, other in zip(found.layers, here.layers, strict=True))
    kept = [each for each in here.layers if layers.kept.get(layer_key(each)) is each]
    assert kept
    assert all(apart.layers.kept[layer_key(each)] is each for each in kept)


def same(one: SourceLayer, other: SourceLayer) -> bool:
    values = one.value is other.value or bool(one.value.equals(other.value))
    return values and (one.var, one.at, one.origin, one.grid) == (other.var, other.at, other.origin, other.grid)
