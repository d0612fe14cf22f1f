"""Columns that a planner can name on the page of files: ids of rows, quantities of shapes, headers of sheets."""

from citybraid.web.studies.columns import entry_seen
from citybraid.web.studies.contents import FileSeen, LayerSeen


def file(*columns: str, path: str = "人口.xlsx", kind: str = "table") -> FileSeen:
    layer = LayerSeen("", kind, 2, "", "", columns, (), (), "", 0.0, {}, {}, ())
    return FileSeen("a", path, 1, 0.0, "sheet", inside=True, layers=(layer,))


def test_a_sheet_tells_which_columns_hold_names_and_residents() -> None:
    """The remedy of a sheet whose names are not those of the map is to name the column: the page has it."""
    seen = entry_seen("population", {"path": "人口.xlsx"}, file("单元编号", "名称", "常住人口"))
    held = {each.quantity: (each.header, each.unit["zh"]) for each in seen.columns}
    none = ("", "")
    assert held == {"id": ("单元编号", ""), "unit_name": ("名称", ""), "population": ("常住人口", "人"),
                    "compound": none, "plot_number": none}  # fmt: skip
    chosen = entry_seen("population", {"columns": {"unit_name": "单元编号"}}, file("单元编号", "名称", "常住人口"))
    found = {each.quantity: (each.header, each.how) for each in chosen.columns}
    assert found["unit_name"] == ("单元编号", "chosen")


def test_ids_of_shapes_are_named_by_column() -> None:
    seen = entry_seen("units", {}, file("单元编号", "人口", path="单元.shp", kind="polygon"))
    assert ("id", "单元编号") in [(each.quantity, each.header) for each in seen.columns]
    assert seen.unused == ()
    other = entry_seen("units", {}, file("片号", "人口", path="单元.shp", kind="polygon"))
    assert other.unused == ("片号",)
    chosen = entry_seen("units", {"columns": {"id": "片号"}}, file("片号", "人口", path="单元.shp", kind="polygon"))
    assert [(each.quantity, each.header) for each in chosen.columns if each.how == "chosen"] == [("id", "片号")]
    assert chosen.unused == ()


def test_a_file_without_columns_asks_for_none() -> None:
    assert entry_seen("weather", {}, file(path="嘉兴.epw")).columns == ()
