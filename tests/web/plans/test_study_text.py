"""An alternative put into a study file's text: every other line stays, comments and order too."""

import tomllib

import pytest

from citybraid.core.errors import InputError
from citybraid.web.plans.study_text import with_alternative

TEXT = """# 研究 study
[study]  # what it is
name = "quarter"

[alternatives.as_is]
title = { zh = "现状", en = "As is" }  # today

[alternatives."b-2"]
title = { zh = "二", en = "Two" }
measures = [
    { measure = "built_form", params = { year = 2030 } },  # the plan
]

# --- Objectives ---

[[objectives]]
id = "dry"
"""
DRAWN = {
    "title": {"zh": "绘“制”", "en": 'Drawn "x"'},
    "measures": [
        {"measure": "changed_parcels", "params": {"parcels": {"地块 1": {"floor_area_ratio": 2.0}}}},
        {"measure": "green_roof", "params": {"share": 0.5}, "land": "plans/a.geojson"},
    ],
}


def test_it_stands_after_the_others_and_all_else_stays() -> None:
    written = with_alternative(TEXT, "drawn", DRAWN, file="study.toml")
    read = tomllib.loads(written)
    assert read["alternatives"].pop("drawn") == DRAWN
    assert read == tomllib.loads(TEXT)
    lines = written.splitlines()
    assert [line for line in lines if line in TEXT.splitlines()] != []
    rest = iter(lines)
    assert all(line in rest for line in TEXT.splitlines()), "every line, in its order"
    assert lines.index("[alternatives.drawn]") < lines.index("# --- Objectives ---")


def test_a_second_writing_replaces_the_first_alone() -> None:
    once = with_alternative(TEXT, "drawn", DRAWN, file="study.toml")
    bare = {"title": DRAWN["title"]}
    twice = with_alternative(once, "drawn", bare, file="study.toml")
    assert tomllib.loads(twice)["alternatives"]["drawn"] == bare
    assert "# --- Objectives ---" in twice
    assert "changed_parcels" not in twice
    assert with_alternative(twice, "drawn", DRAWN, file="study.toml") == once


def test_one_in_quotes_in_the_middle_is_replaced_where_it_stands() -> None:
    written = with_alternative(TEXT, "b-2", DRAWN, file="study.toml")
    read = tomllib.loads(written)
    assert read["alternatives"] == {"as_is": tomllib.loads(TEXT)["alternatives"]["as_is"], "b-2": DRAWN}
    assert "# the plan" not in written
    assert written.index("# --- Objectives ---") > written.index("green_roof")


@pytest.mark.parametrize(
    "text",
    [
        '[study]\nname = "a"\n', '[study]\nname = "a"', "",
        '[alternatives]\none = { title = { zh = "一", en = "One" } }\n[study]\nname = "a"\n',
        'alternatives.one.title = { zh = "一", en = "One" }\n',
        'note = """\n[alternatives.drawn]\n"""\n',
    ],
)  # fmt: skip
def test_other_ways_to_write_alternatives(text: str) -> None:
    read = tomllib.loads(with_alternative(text, "drawn", DRAWN, file="study.toml"))
    assert read["alternatives"].pop("drawn") == DRAWN
    assert {name: value for name, value in read.items() if value} == tomllib.loads(text)


def test_line_ends_stay() -> None:
    written = with_alternative(TEXT.replace("\n", "\r\n"), "drawn", DRAWN, file="study.toml")
    assert written.count("\n") == written.count("\r\n")


def test_no_toml_is_refused() -> None:
    with pytest.raises(InputError):
        with_alternative("[study", "drawn", DRAWN, file="study.toml")
