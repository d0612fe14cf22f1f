"""A template that is broken is told with its paragraph before anything is computed: by check, and as a run starts."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.document import Document as WordDocument

from citybraid.core.errors import InputError
from citybraid.report.templating import filling
from citybraid.report.templating.dry import dry_values
from tests.commands import citybraid
from tests.report.hostile_templates import shipped
from tests.study.made_study import Made

KINDS = ("annex_text", "annex_memorandum", "annex_statement")


def made(path: Path, change: Callable[[WordDocument], Any], kind: str = "annex_text") -> Path:
    """Write a template of the package, changed."""
    document = Document(io.BytesIO(shipped(kind)))
    change(document)
    document.save(str(path))
    return path


def added(text: str) -> Callable[[WordDocument], Any]:
    return lambda document: document.add_paragraph(text)


def without(tag: str) -> Callable[[WordDocument], None]:
    def change(document: WordDocument) -> None:
        first = next(each for each in document.paragraphs if tag in each.text)
        first._p.getparent().remove(first._p)

    return change


def headed(document: WordDocument) -> None:
    document.sections[0].header.paragraphs[0].text = "{{ nothing }}"


def filled(path: Path) -> None:
    filling.fill(filling.opened(path, path.name), dry_values(), name=path.name, strict=True)


@pytest.mark.parametrize("kind", KINDS)
def test_the_packages_own_templates_are_filled_with_what_is_made_up(kind: str, tmp_path: Path) -> None:
    filled(made(tmp_path / "t.docx", lambda _: None, kind))


FAULTS: dict[str, tuple[Callable[[WordDocument], Any], str, str]] = {
    "unknown": (added("院长：{{ director }}"), "annex.template_unknown_at", "院长：{{ director }}"),
    "left open": (added("院长：{{ title"), "annex.template_broken_at", "院长：{{ title"),
    "no filter": (added("{{ title | nonsense }}"), "annex.template_broken_at", "{{ title | nonsense }}"),
    "no comparison": (added("{% if title = 3 %}x{% endif %}"), "annex.template_broken_at", "{% if title = 3 %}x"),
    "condition": (added("{% if title %}x"), "annex.template_broken_at", "{% if title %}x"),
    "loop": (without("endfor"), "annex.template_broken_at", "{%p for"),
    "header": (headed, "annex.template_unknown_margin", "{{ nothing }}"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_with_its_paragraph(fault: str, tmp_path: Path) -> None:
    change, text, said = FAULTS[fault]
    path = made(tmp_path / "t.docx", change)
    with pytest.raises(InputError) as refused:
        filled(path)
    assert refused.value.text == text
    assert str(refused.value.values["said"]).startswith(said)
    if text.endswith("_at"):
        every = [each for each in Document(str(path)).element.body.iter() if each.tag.endswith("}p")]
        at = int(str(refused.value.values["paragraph"]))
        assert said in "".join(each.text or "" for each in every[at - 1].iter() if each.tag.endswith("}t"))
    assert all("t.docx" in refused.value.say(language) for language in ("zh", "en"))


@pytest.mark.slow
def test_check_and_run_refuse_it_before_anything_is_computed(tmp_path: Path) -> None:
    study = Made(tmp_path, ("parcels",)).written()
    made(tmp_path / "院.docx", added("院长：{{ director }}"))
    study.write_text(f'{study.read_text("utf-8")}[annex]\ntext = "院.docx"\n', encoding="utf-8")
    for command in ("run", "check"):
        done = citybraid(command, str(study), "--lang", "zh")
        assert done.returncode == 2, done.stdout
        assert "“院.docx”第" in done.stderr
        assert "占位符“director”不存在：“院长：{{ director }}”" in done.stderr
    assert not (tmp_path / "runs").exists()
