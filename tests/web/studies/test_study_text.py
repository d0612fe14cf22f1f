import tomllib

import pytest

from citybraid.core.errors import InputError
from citybraid.web.access.refusals import Refused
from citybraid.web.studies.study_text import Change, changed, difference, joined

TEXT = """\
# written by hand 手写
[study]
name = "a"  # short
title = { zh = "甲", en = "A" }
crs = ""  # the projected CRS 请填写

# the year
year = 2025

[files.parcels]
# because of its columns
path = "data/地块 一.shp"
# crs = "…"  # needed

[files.drains]
path = ["a.inp", "b.inp"]
registration = { points = [
    [1, 2, 3, 4],
    [5, 6, 7, 8],
] }

# the storms
[[storms]]
label = "rp20"
"""


def test_a_value_is_set_and_all_else_stays() -> None:
    after = changed(TEXT, [Change(("study", "crs"), "EPSG:4549")])
    assert after == TEXT.replace('crs = ""', 'crs = "EPSG:4549"')
    assert [(each.sign, each.number, each.text[:17]) for each in difference(TEXT, after)] == [
        ("-", 5, 'crs = ""  # the p'), ("+", 5, 'crs = "EPSG:4549"'),
    ]  # fmt: skip


def test_a_new_value_stands_with_those_of_its_table() -> None:
    after = changed(TEXT, [Change(("files", "parcels", "columns"), {"floor_area_ratio": "容积率"})])
    lines = after.splitlines()
    at = lines.index('path = "data/地块 一.shp"')
    assert lines[at + 1] == 'columns = {floor_area_ratio = "容积率"}'
    assert [line for line in lines if line not in TEXT.splitlines()] == [lines[at + 1]]


@pytest.mark.parametrize("name", ["parcels", "drains"])
def test_a_table_goes_with_its_own_comments_alone(name: str) -> None:
    after = changed(TEXT, [Change(("files", name), None)])
    assert name not in tomllib.loads(after)["files"]
    assert "# the storms" in after
    assert "# written by hand 手写" in after
    assert ("# because of its columns" in after) == (name != "parcels")


def test_new_tables_stand_under_their_own_head() -> None:
    entry = Change(("files", "roads"), {"path": "r.gpkg", "role": "streets"})
    after = changed(TEXT, [entry, Change(("budget", "total"), 5e6), Change(("files", "roads", "nodata"), [0, 255])])
    new = '\n[files.roads]\npath = "r.gpkg"\nrole = "streets"\nnodata = [0, 255]\n'
    assert after == TEXT.replace("\n# the storms", f"{new}\n# the storms") + "\n[budget]\ntotal = 5000000.0\n"
    assert tomllib.loads(after)["files"]["roads"] == {"path": "r.gpkg", "role": "streets", "nodata": [0, 255]}
    assert tomllib.loads(after)["budget"] == {"total": 5e6}


def test_what_is_hostile_stays_a_value() -> None:
    said = 'x"\n[study]\nname = "evil"\n#\x07\\'
    after = changed(TEXT, [Change(("files", "parcels", "value"), said), Change(("files", "a.b] #"), {"path": "p"})])
    assert tomllib.loads(after)["files"]["parcels"]["value"] == said
    assert tomllib.loads(after)["files"]["a.b] #"] == {"path": "p"}
    assert tomllib.loads(after)["study"] == tomllib.loads(TEXT)["study"]


def test_an_entry_in_a_value_is_refused() -> None:
    with pytest.raises(Refused, match="no table"):
        changed(TEXT, [Change(("study", "name", "x"), "y")])
    with pytest.raises(InputError, match="TOML"):
        changed("[study", [Change(("study", "name"), "y")])


def test_values_that_no_toml_holds_are_refused() -> None:
    with pytest.raises(Refused):
        changed(TEXT, [Change(("study", "year"), [None])])


def test_files_of_a_draft_are_joined_with_their_reasons() -> None:
    after, names = joined(TEXT, '[files.parcels]\n# by name 按名称\npath = "q.dxf"\n')
    assert names == {"parcels": "parcels_2"}
    new = '\n[files.parcels_2]\n# by name 按名称\npath = "q.dxf"\nrole = "parcels"\n'
    assert after == TEXT.replace("\n# the storms", f"{new}\n# the storms")
    assert tomllib.loads(after)["files"]["parcels_2"] == {"path": "q.dxf", "role": "parcels"}


def test_lines_of_tables_that_stand_apart_do_not_move() -> None:
    apart = TEXT + "\n[files.late]\npath = 'l.tif'\n\n[files.parcels.only]\nuse = ['R']\n"
    after = changed(apart, [Change(("files", "late", "unit"), "m"), Change(("files", "parcels", "only", "use"), ["B"])])
    assert after == apart.replace("path = 'l.tif'\n", "path = 'l.tif'\nunit = \"m\"\n").replace("['R']", '["B"]')
    assert "only" not in changed(apart, [Change(("files", "parcels"), None)])


def test_the_last_file_leaves_nothing() -> None:
    alone = '[study]\nname = "a"\n\n[files.x]\npath = "p"\n'
    assert changed(alone, [Change(("files", "x"), None)]) == '[study]\nname = "a"\n\n'
