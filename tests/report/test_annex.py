"""The climate annex: its numbers are the run's, each with a code that resolves; its templates can be replaced."""

import json
import math
import re
import time
from collections.abc import Iterator
from pathlib import Path
from runpy import run_path
from typing import Any

import pandas as pd
import pytest
from docx import Document
from matplotlib import image
from python_calamine import CalamineWorkbook

from citybraid.core.errors import InputError
from citybraid.core.evaluate import WHOLE_AREA
from citybraid.core.text import LANGUAGES
from citybraid.report.annex.decisions import decisions
from citybraid.report.annex.evidence import Evidence
from citybraid.report.annex.places import places
from citybraid.report.annex.provenance import Address, Codes, Value
from citybraid.report.annex.rendering import KEPT_HYPHEN, unbroken, write_annex_document
from citybraid.report.annex.statement import _then
from citybraid.report.annex.templates import check_templates
from citybraid.report.annex.write import annex_of, write_annex
from citybraid.report.chapter import in_words
from citybraid.report.report_record import inputs_digest
from citybraid.report.templating import apart
from citybraid.report.templating.filling import Cell, Picture
from citybraid.report.view import View
from citybraid.study.open.pilots import copy_pilot
from citybraid.study.review.journal import add, answer
from citybraid.study.run.run import Run
from tests.commands import citybraid
from tests.discovered import ROOT
from tests.report.made_run import made_run

CODE = re.compile(r"\[([A-Z]\d*-\d[\d-]*)\]")
TEMPLATES = ROOT / "src" / "citybraid" / "report" / "templates"


def written(path: Path) -> str:
    document = Document(str(path))
    rows = [" | ".join(cell.text for cell in row.cells) for table in document.tables for row in table.rows]
    text = "\n".join([*(paragraph.text for paragraph in document.paragraphs), *rows])
    return text.replace(KEPT_HYPHEN, "-")


def index_of(path: Path) -> dict[str, list[str]]:
    """Return the rows of the index at the end of a document, by code."""
    table = Document(str(path)).tables[-1]
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    return {row[0]: row for row in rows[1:]}


@pytest.mark.parametrize(
    ("language", "wanted"),
    [
        ("zh", [
            "第1章　总则", "“现状”为 36.0 亩 [R1-01-00]，“优选组合”为 32.4 亩 [R2-01-00]，未达到目标",
            "净碳排放：现状 1,700 t CO₂e/年 [C1-13-00]；优选组合 1,530 t CO₂e/年 [C2-13-00]。",
            "现值成本 420 万元 [E2-02]", "以不含措施的“现状”为对照", "净现值 −100 万元 [E2-06]",
            "动态回收期：在措施平均寿命 20.0 年内不能回收",
            "年径流总量控制率：未计算，需补充至少十年的逐日降雨。", "合成数据",
        ]),
        ("en", [
            "Chapter 1 General provisions", '"As is": 36.0 mu [R1-01-00]; "Chosen portfolio": 32.4 mu [R2-01-00].',
            "The target is not reached", "Present cost CNY 4.20 million [E2-02]", 'against "As is" without them',
            "Discounted payback: not within the measures' mean lifetime of 20.0",
            "Annual runoff volume capture ratio: not computed; needs daily rainfall of at least ten years.",
        ]),
    ],
)  # fmt: skip
def test_the_text_states_the_runs_numbers_with_their_codes(report: Path, language: str, wanted: list[str]) -> None:
    text = written(report / "annex" / f"text.{language}.docx")
    for part in wanted:
        assert part in text
    assert not re.search(r"\{[{%]|[%}]\}|\bnan\b|\bNone\b", text)
    numbers = [int(each) for each in re.findall(r"(?:第|Article )(\d+)条?　", text)]
    assert numbers == list(range(1, len(numbers) + 1)), "articles are numbered through the document"


def test_codes_are_not_broken_at_the_end_of_a_line(report: Path) -> None:
    """A hundred codes of the annex were: [R5- at the end of a line. The index stays as it is typed in a search."""
    document = Document(str(report / "annex" / "text.zh.docx"))
    said = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert not CODE.findall(said)
    assert len(CODE.findall(said.replace(KEPT_HYPHEN, "-"))) > 5
    assert KEPT_HYPHEN not in "".join(index_of(report / "annex" / "text.zh.docx"))
    assert unbroken("GB 50014-2021, HC11-17; R1-05-00") == "GB 50014-2021, HC11\u201117; R1\u201105\u201100"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kind", ["text", "memorandum"])
def test_every_code_resolves_in_the_index_and_in_the_workbook(report: Path, kind: str, language: str) -> None:
    path = report / "annex" / f"{kind}.{language}.docx"
    said = set(CODE.findall(written(path)))
    index = index_of(path)
    assert len(said) > 5
    heads = {code for code in said if f"{code}-01" in index}
    assert said - heads <= set(index)
    assert kind != "text" or heads, "columns of the table of units have codes that go on with the unit's number"
    book = sheet(
        report / "annex" / f"annex.{language}.xlsx", "溯源码索引" if language == "zh" else "Index of provenance"
    )
    assert set(index) <= set(book)
    assert all(index[code][1] == str(book[code][1]) for code in index)


def sheet(path: Path, name: str) -> dict[str, list[Any]]:
    book = CalamineWorkbook.from_path(path)
    title = next(each for each in book.sheet_names if each.startswith(name))
    return {str(row[0]): row for row in book.get_sheet_by_name(title).to_python()[3:]}


def test_the_workbooks_amounts_are_those_of_the_run_by_another_route(report: Path, run: Run) -> None:
    book = sheet(report / "annex" / "annex.en.xlsx", "Index of provenance")
    units, costs = run.table("units/chosen"), run.table("appraisal")
    assert units is not None
    assert costs is not None
    assert book["R2-01-00"][3] == pytest.approx(units.loc[WHOLE_AREA, "flooded_area"], rel=1e-3)
    assert book["R2-01-02"][3] == pytest.approx(units.loc["U2", "flooded_area"], rel=1e-3)
    assert book["C2-01-01"][3] == pytest.approx(units.loc["U1", "building_emissions"], rel=1e-3)
    assert book["T-01"][3] == 1.0
    controls = run.table("controls/as_is")
    assert controls is not None
    far = controls[(controls["control"] == "far") & (controls["parcel"] == "P003")].iloc[0]
    assert book["P1-0004-03"][3] == pytest.approx(far["stated"])
    assert book["P1-0004-03"][4] == pytest.approx(far["computed"])
    failed = int(((controls["control"] == "far") & (controls["state"] == "failed")).sum())
    assert book["K1-03-1"][3] == failed == 5


def test_codes_are_unique_and_lead_back_to_their_values(run: Run) -> None:
    codes = Codes(View(run))
    values = list(codes.every)
    assert len({each.code for each in values}) == len(values)
    assert len({str(each.address) for each in values}) == len(values)
    known = places(run)
    assert known["R1-01-00"] == "indicator:flooded_area@as_is/"
    assert known["map:max_depth"] == "map:max_depth"


def test_a_code_that_is_used_in_one_language_is_used_in_all(report: Path) -> None:
    said = [set(index_of(report / "annex" / f"text.{language}.docx")) for language in LANGUAGES]
    assert said[0] == said[1]


def test_the_memorandum_gives_each_article_a_reason_and_what_it_rests_on(report: Path) -> None:
    text = written(report / "annex" / "memorandum.en.docx")
    articles = re.findall(r"^Article (\d+): (.+)$", text, re.MULTILINE)
    clauses = re.findall(r"^Article (\d+)　(.+?)　", written(report / "annex" / "text.en.docx"), re.MULTILINE)
    assert [number for number, _ in articles] == [number for number, _ in clauses]
    assert "Second path to the total: not computed; needs" in text
    assert "1 of 1 objectives" not in text
    assert "unconfirmed or assumed factors: R1-01-00, R2-01-00. Models: Flood." in text


def planned(folder: Path, **tables: pd.DataFrame) -> Run:
    """Return a made run with more tables."""
    run = made_run(folder)
    for name, table in tables.items():
        path = run.folder / "tables" / "bands" / f"{name}.parquet"
        path.parent.mkdir(exist_ok=True)
        table.to_parquet(path)
    return Run.open(run.folder)


def band(low: float, high: float) -> pd.DataFrame:
    return pd.DataFrame([{"zone": WHOLE_AREA, "indicator": "flooded_area", "value": 2.16, "low": low, "high": high,
                          "mean": 2.0, "draws": 5, "stated": 0.5}])  # fmt: skip


@pytest.mark.parametrize(("low", "high", "turns"), [(0.7, 0.9, False), (0.7, 1.2, True)])
def test_a_decision_turns_where_the_range_reaches_across_the_target(
    tmp_path: Path, low: float, high: float, turns: bool
) -> None:
    codes = Codes(View(planned(tmp_path, chosen=band(low, high))))
    found = {each.alternative: each for each in decisions(codes, Evidence(codes))}
    chosen = found["chosen"]
    assert (chosen.turns, found["as_is"].turns) == (turns, None)
    assert chosen.span is not None
    assert chosen.span[:2] == (low, high)
    assert math.isclose(chosen.margin, (1.0 - 0.8) / 0.8), "the scorecard's value against its target"
    order = [each.alternative for each in decisions(codes, Evidence(codes))]
    assert order == (["chosen", "as_is"] if turns else ["as_is", "chosen"])


def test_a_reversal_recommends_nothing_where_no_alternative_meets_all(tmp_path: Path) -> None:
    """The demo's statement had "As planned" recommended with 2 of 4 objectives; page one says that none is."""
    codes = Codes(View(planned(tmp_path)))
    found = {each.alternative: each for each in decisions(codes, Evidence(codes))}
    assert (found["chosen"].instead, found["chosen"].recommended) == ("chosen", False), "it meets its objective"
    assert (found["as_is"].instead, found["as_is"].recommended) == ("", True)
    said = {name: in_words(_then(codes.view, each), "en") for name, each in found.items()}
    assert said["chosen"].endswith("would come nearest; none would be recommended.")
    assert said["as_is"] == "Recommendation unchanged."
    none = found["as_is"]._replace(recommended=False)
    assert in_words(_then(codes.view, none), "en") == "Still none is recommended."


def test_the_light_is_that_of_the_factors_behind_a_value(run: Run) -> None:
    codes = Codes(View(run))
    evidence = Evidence(codes)
    table = run.table("plausibility")
    assert table is None
    lights = {name: evidence.light(codes.indicator(name, "as_is")) for name in ("flooded_area", "energy_cost")}
    assert lights == {"flooded_area": "unsure", "energy_cost": "missing"}, "max_depth rests on an assumed drain share"
    assert evidence.light(codes.counts["parcels"]) == "counted"
    assert evidence.light(codes.total("present", "chosen")) in {"stated", "unsure"}
    prices = {"a": ("single_source", "verified"), "b": ("recalled_unverified", "unsure"), "c": ("assumed", "unsure")}
    vars(codes)["costs"] = {
        ("chosen", name): {"measure": name, "status": status} for name, (status, _) in prices.items()
    }
    for name, (_, light) in prices.items():
        cost = Value("M", Address("present", name, "chosen"), name, 1.0, "CNY")
        assert evidence.light(cost) == light, "a recalled price is not verified"


def named(folder: Path, template: str, kind: str = "text") -> Run:
    """Return a made run whose study names a template."""
    run = made_run(folder / "study")
    path = run.folder / "manifest.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    content["asked"]["annex"] = {kind: template}
    path.write_text(json.dumps(content), encoding="utf-8")
    return Run.open(run.folder)


def restyled(path: Path) -> Path:
    document = Document(str(TEMPLATES / "annex_text.docx"))
    document.paragraphs[0].text = "某某规划设计院　{{ kind }}"
    document.save(str(path))
    return path


def text_of(run: Run, folder: Path) -> str:
    parts = annex_of(View(run)).text
    path = write_annex_document(View(run), folder / "a.docx", "text", parts, language="zh", system="hectare")
    return written(path)


def test_a_planners_own_template_is_taken_from_beside_the_study(tmp_path: Path) -> None:
    restyled(tmp_path / "院模板.docx")
    run = named(tmp_path, "院模板.docx")
    check_templates(run)
    text = text_of(run, tmp_path)
    assert text.startswith("某某规划设计院　规划文本")
    assert "[R1-01-00]" in text
    before = inputs_digest(run)
    restyled(tmp_path / "院模板.docx").write_bytes((TEMPLATES / "annex_text.docx").read_bytes())
    assert inputs_digest(run) != before, "another template makes another report"


def broken(path: Path, text: str) -> None:
    document = Document(str(TEMPLATES / "annex_text.docx"))
    document.paragraphs[0].text = text
    document.save(str(path))


BAD: dict[str, str] = {
    "unknown": "{{ project }}", "open": "{{ kind", "loop": "{%p for x in parts %}",
    "escape": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD)
def test_a_broken_template_is_told_in_both_languages(tmp_path: Path, kind: str) -> None:
    broken(tmp_path / "t.docx", BAD[kind])
    run = named(tmp_path, "t.docx")
    with pytest.raises(InputError) as caught:
        text_of(run, tmp_path)
    assert "t.docx" in caught.value.say("en")
    assert "t.docx" in caught.value.say("zh")


HEAVY: dict[str, tuple[str, float]] = {
    "loops": ("{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}", 2.0),
    "memory": ("{{ ('a' * 4000000000) | length }}", 8.0),
}  # fmt: skip
"""What a template asks for without end, and the time that it is given here [s]."""


@pytest.mark.parametrize("kind", HEAVY)
def test_a_template_that_does_not_end_is_ended(tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its loops pass every check that only reads it; the process that fills it with made-up values is killed."""
    heavy, seconds = HEAVY[kind]
    monkeypatch.setattr(apart, "SECONDS", seconds)
    broken(tmp_path / "t.docx", heavy)
    run = named(tmp_path, "t.docx")
    began = time.monotonic()
    with pytest.raises(InputError, match="loops") as caught:
        check_templates(run)
    assert caught.value.text == "annex.template_heavy"
    assert time.monotonic() - began < 900, "its loops would take hours"


def test_pictures_and_tables_come_through_the_process_apart(tmp_path: Path) -> None:
    """The package's own template stands for a planner's: what the report sets in is set by the process apart too."""
    image.imsave(tmp_path / "map.png", [[0.0, 1.0], [1.0, 0.0]])
    figure = {"kind": "figure", "picture": Picture(str(tmp_path / "map.png"), 3_000_000), "text": "Map"}
    rows = [[Cell("1", right=True)]]
    table = {"kind": "table", "title": "Table", "note": "", "heads": [Cell("ha", right=True)], "rows": rows}
    part = {"title": "Part", "page": 1, "blocks": [figure, table]}
    about = dict.fromkeys(("kind", "title", "subtitle", "synthetic", "contents_title", "made_by"), "x")
    values = {**about, "contents": ["Part"], "parts": [part], "appendices": []}
    document = apart.filled_apart(TEMPLATES / "annex_memorandum.docx", values, name="m.docx", strict=True)
    assert [round(shape.width) for shape in document.inline_shapes] == [3_000_000]
    assert [[cell.text for cell in row.cells] for row in document.tables[-1].rows] == [["ha"], ["1"]]


def test_a_template_cannot_read_files(tmp_path: Path) -> None:
    """Pictures are set from the report's own files alone: a template cannot name others."""
    broken(tmp_path / "t.docx", "{{ picture('/etc/passwd') }}")
    with pytest.raises(InputError, match=r"t\.docx"):
        text_of(named(tmp_path, "t.docx"), tmp_path)


def test_a_template_that_is_missing_empty_or_no_document_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"annex\.text"):
        check_templates(named(tmp_path, "none.docx"))
    Document().save(str(tmp_path / "empty.docx"))
    with pytest.raises(InputError, match="no content"):
        check_templates(named(tmp_path / "b", "../empty.docx"))
    (tmp_path / "text.docx").write_text("no document", encoding="utf-8")
    with pytest.raises(InputError, match="no readable Word"):
        check_templates(named(tmp_path / "c", "../text.docx"))


def test_a_study_that_names_a_missing_template_is_refused_before_it_runs(tmp_path: Path) -> None:
    path = copy_pilot("jiaxing-hsr", tmp_path)
    path.write_text(path.read_text(encoding="utf-8") + '\n[annex]\ntext = "无.docx"\n', encoding="utf-8")
    done = citybraid("run", str(path), "--quiet")
    assert done.returncode == 2
    assert "annex.text" in done.stderr
    assert "模板“无.docx”不存在" in done.stderr


def test_the_command_refuses_a_broken_template_before_it_draws(tmp_path: Path) -> None:
    broken(tmp_path / "t.docx", "{{ kind")
    run = named(tmp_path, "t.docx")
    done = citybraid("report", str(run.folder), "--quiet")
    assert done.returncode == 2
    assert "t.docx" in done.stderr
    assert "模板" in done.stderr
    assert not (run.folder / "report").exists()


def test_comments_are_listed_in_the_annex_and_make_the_report_anew(tmp_path: Path) -> None:
    run = made_run(tmp_path)
    before = inputs_digest(run)
    comment = add(run, "面积偏小 <b> & {{ x }}", author="张工", about="indicator:flooded_area@as_is/")
    answer(run, comment.id, "已复核", author="李工")
    assert inputs_digest(run) != before
    write_annex(View(run), tmp_path / "out", languages=("zh",), system="hectare")
    for kind in ("text", "memorandum"):
        text = written(tmp_path / "out" / "annex" / f"{kind}.zh.docx")
        assert f"{comment.id} | 受淹" in text or f"{comment.id} | 积水" in text
        assert "面积偏小 <b> & {{ x }}" in text
        assert "李工, " in text
        assert "已答" in text


def test_review_from_the_command_line(tmp_path: Path) -> None:
    run = made_run(tmp_path)
    folder = str(run.folder)
    added = citybraid("review", "add", folder, "偏小", "--author", "张工", "--about", "[R1-01-00]", "--lang", "zh")
    assert added.returncode == 0, added.stderr
    name = re.search(r"C-[0-9a-f]{8}", added.stdout)
    assert name is not None
    replied = citybraid("review", "add", folder, "ok", "--author", "Li", "--answers", name[0], "--status", "closed")
    assert "closed" in replied.stdout
    listed = json.loads(citybraid("review", "list", folder, "--json").stdout)
    assert [(each["about"], each["status"]) for each in listed] == [("indicator:flooded_area@as_is/", "closed")]
    assert citybraid("review", "export", folder, str(tmp_path / "c.xlsx")).returncode == 0
    other = made_run(tmp_path / "b")
    assert citybraid("review", "import", str(other.folder), str(tmp_path / "c.xlsx")).returncode == 0
    assert json.loads(citybraid("review", "list", str(other.folder), "--json").stdout) == listed
    for words in (
        ["add", folder, "x", "--author", "a", "--about", "R9-99-99"],
        ["add", folder, "x", "--author", "a", "--status", "closed"],
        ["add", folder, "x", "--author", "a", "--answers", "C-00000000"], ["export", folder, str(tmp_path / "c.ods")],
        ["import", folder, str(tmp_path / "none.csv")],
    ):  # fmt: skip
        done = citybraid("review", *words)
        assert done.returncode == 2, words
        assert len(done.stderr.splitlines()) == len(LANGUAGES), "in English and in Chinese"


def made_templates(folder: Path) -> Iterator[tuple[str, str, str]]:
    """Yield the body of each template as it is shipped, and as its script makes it now."""
    script = run_path(str(ROOT / "docs" / "annex_templates.py"))
    for kind, across in script["KINDS"].items():
        path = folder / f"{kind}.docx"
        script["made"](across=across).save(str(path))
        yield kind, *(Document(str(each)).element.xml for each in (TEMPLATES / f"annex_{kind}.docx", path))


def test_the_shipped_templates_are_those_that_the_script_makes(tmp_path: Path) -> None:
    for kind, shipped, made in made_templates(tmp_path):
        assert shipped == made, f"run docs/annex_templates.py: {kind}"
