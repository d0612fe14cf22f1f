"""SWMM models: tables in SI units, the text kept, every malformed row told by its line."""

from pathlib import Path

import pytest

from citybraid.core.check import check_value, stamp
from citybraid.core.errors import InputError, InputErrors, PlanError
from citybraid.core.layer import digest
from citybraid.sources.intake.intake import take_in
from citybraid.sources.protocol.discovery import reader_for
from citybraid.sources.protocol.file_key import leaf_key
from citybraid.sources.protocol.filespec import FileSpec
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.named_files import named_files
from citybraid.sources.protocol.reading import Reading, SourceLayer
from citybraid.sources.readers import swmm
from citybraid.store import codec
from tests.sources.planner_files import CRS, SOUTH, TARGET, WEST, parcels

MODEL = f"""[TITLE]
;; 小区雨水
示例 A

[OPTIONS]
FLOW_UNITS  {{flow}}
INFILTRATION HORTON

[SUBCATCHMENTS]
S1 R1 J1 {{area}} 60 100 0.5 0

[JUNCTIONS]
;;name invert depth
J1 {{j1}} {{depth}} 0 0 0
J2 1.0 2.0

[OUTFALLS]
O1 0.5 FREE

[CONDUITS]
C1 J1 O1 {{length}} 0.013 0 0
C2 J2 J1 50 0.014 0 0

[XSECTIONS]
C1 CIRCULAR {{diameter}} 0 0 0 1
C2 RECT_CLOSED 1.0 2.0 0 0

[PUMPS]
P1 J2 O1 * ON

[LID_USAGE]
S1 绿色屋顶 1 100 10 0 50 0

[COORDINATES]
J1 {WEST + 10} {SOUTH + 10}
J2 {WEST + 10} {SOUTH + 60}
O1 {WEST + 110} {SOUTH + 10}

[VERTICES]
C1 {WEST + 50} {SOUTH + 20}

[POLYGONS]
S1 {WEST} {SOUTH}
S1 {WEST + 50} {SOUTH}
S1 {WEST + 50} {SOUTH + 50}
"""
SI = {"flow": "CMS", "area": "0.5", "j1": "2.5", "depth": "3", "length": "100", "diameter": "0.6"}
US = {"flow": "CFS", "area": "1", "j1": "10", "depth": "10", "length": "100", "diameter": "2"}


def model(path: Path, text: str = MODEL.format(**SI), *, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def read(path: Path, **options: str) -> Reading:
    return swmm.read(path, "drainage", swmm.Options(crs=CRS, **options), TARGET, limits=Limits())


def of(reading: Reading, name: str) -> SourceLayer:
    return next(found for found in reading.layers if found.var.name == name)


def told(reading: Reading) -> dict[str, int]:
    return {finding.text: finding.count for finding in reading.findings}


def test_tables_of_a_model(tmp_path: Path) -> None:
    reading = read(model(tmp_path / "管网.inp", encoding="gb18030"))
    assert of(reading, "node_kind").value.to_dict() == {"J1": "junction", "J2": "junction", "O1": "outfall"}
    assert of(reading, "invert_level").value["J1"] == 2.5
    assert of(reading, "node_depth").stated.to_dict() == {"J1": True, "J2": True, "O1": False}  # type: ignore[union-attr]
    assert of(reading, "link_kind").value.to_dict() == {"C1": "conduit", "C2": "conduit", "P1": "pump"}
    assert of(reading, "conduit_height").value["C1"] == 0.6
    assert of(reading, "conduit_width").value["C2"] == 2.0
    assert len(of(reading, "drain_links").value["C1"].coords) == 3
    assert of(reading, "catchment_area").value["S1"] == 5000.0
    assert of(reading, "catchment_imperviousness").value["S1"] == 0.6
    assert of(reading, "catchment_slope").value["S1"] == 0.005
    assert of(reading, "drainage_model").value.startswith("[TITLE]")
    assert told(reading)["intake.swmm_lid"] == 1
    assert "intake.encoding_guessed" in told(reading)


def test_feet_and_acres_become_metres(tmp_path: Path) -> None:
    reading = read(model(tmp_path / "a.inp", MODEL.format(**US)))
    assert of(reading, "invert_level").value["J1"] == pytest.approx(3.048)
    assert of(reading, "conduit_length").value["C1"] == pytest.approx(30.48)
    assert of(reading, "conduit_height").value["C1"] == pytest.approx(0.6096)
    assert of(reading, "catchment_area").value["S1"] == pytest.approx(4046.856, abs=1e-3)
    assert "intake.swmm_us_units" in told(reading)
    assert "intake.swmm_us_units" in told(
        read(model(tmp_path / "b.inp", MODEL.replace("FLOW_UNITS", "X").format(**US)))
    )


def problems(path: Path) -> list[PlanError]:
    with pytest.raises((InputError, InputErrors)) as caught:
        read(path)
    fault = caught.value
    return list(fault.problems) if isinstance(fault, InputErrors) else [fault]


def test_every_malformed_row_is_told_with_its_line(tmp_path: Path) -> None:
    text = MODEL.format(**SI).replace("J2 1.0 2.0", "J2 一米").replace("C2 J2 J1 50", "C2 J2 J9 50")
    text = text.replace("S1 R1 J1 0.5 60 100 0.5 0", "S1 R1 J1")
    found = problems(model(tmp_path / "a.inp", text))
    assert sorted((each.text, each.values["line"]) for each in found) == [
        ("intake.swmm_node", 22), ("intake.swmm_number", 15), ("intake.swmm_row", 10),
    ]  # fmt: skip
    assert all(each.say("zh") != each.say("en") for each in found)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("FLOW_UNITS  CMS", "FLOW_UNITS m3"), "intake.swmm_units"),
        (("O1 0.5 FREE", "J1 0.5 FREE"), "intake.swmm_node"), (("[TITLE]", "x y\n[TITLE]"), "intake.swmm_outside"),
        (("C2 J2 J1 50", "C1 J2 J1 50"), "intake.swmm_twice"),
    ],
)  # fmt: skip
def test_what_a_model_may_not_be(tmp_path: Path, change: tuple[str, str], problem: str) -> None:
    assert problem in {each.text for each in problems(model(tmp_path / "a.inp", MODEL.format(**SI).replace(*change)))}


def test_a_model_without_places_is_its_text(tmp_path: Path) -> None:
    """It can be run, but not mapped: told, and no error."""
    text = MODEL.format(**SI).replace("[COORDINATES]", "[LABELS]").replace("[POLYGONS]", "[LABELS]")
    found = read(model(tmp_path / "a.inp", text))
    assert [each.var.name for each in found.layers] == ["drainage_model"]
    assert "intake.swmm_unplaced" in {each.text for each in found.findings}


def test_other_inputs_are_no_model(tmp_path: Path) -> None:
    assert problems(model(tmp_path / "a.inp", "*HEADING\nabaqus\n"))[0].text == "intake.not_this_format"
    with pytest.raises(InputError):
        swmm.read(model(tmp_path / "b.inp"), "parcels", swmm.Options(), TARGET, limits=Limits())
    with pytest.raises(InputError) as caught:
        swmm.read(tmp_path / "b.inp", "drainage", swmm.Options(), TARGET, limits=Limits())
    assert caught.value.text == "intake.crs_missing"


def test_a_model_among_a_study_s_files_keeps_its_text(tmp_path: Path) -> None:
    model(tmp_path / "管网.inp")
    parcels().to_file(tmp_path / "地块.gpkg")
    files = {"drainage": FileSpec(path="管网.inp", crs=CRS), "parcels": FileSpec(path="地块.gpkg")}
    intake = take_in(files, TARGET, root=tmp_path)
    text = next(found.value for found in intake.layers if found.var.name == "drainage_model")
    assert text == MODEL.format(**SI)
    assert {"drain_nodes", "drain_links", "drain_catchments"} <= {found.var.on for found in intake.layers}
    folder = tmp_path / "kept"
    folder.mkdir()
    codec.write(folder, text)
    assert codec.read(folder) == text
    assert digest("leaf", text) == digest("leaf", MODEL.format(**SI))


def test_peek_shows_where_the_drains_lie(tmp_path: Path) -> None:
    peeked = swmm.peek(model(tmp_path / "a.inp"))[0]
    assert (peeked.kind, peeked.count) == ("drains", 3)
    assert peeked.bounds == (WEST + 10, SOUTH + 10, WEST + 110, SOUTH + 60)


def test_a_document_has_no_range(tmp_path: Path) -> None:
    found = of(read(model(tmp_path / "a.inp")), "drainage_model")
    check_value(found.var, found.value, where="drainage")
    assert stamp(found.var, found.value) == found.value
    assert found.completeness == 1.0


GAUGES = """
[RAINGAGES]
R1 INTENSITY 0:15 1.0 FILE "C:\\rain\\town.dat" S7 {unit} ; measured
R2 INTENSITY 0:15 1.0 TIMESERIES T1

[TIMESERIES]
T1 FILE series.txt
"""
RECORD = "S7 2004 2 28 24 0 2.54\nS8 2004 2 28 1 0 9\nS7 2004 2 29 1 30 0.5\n"


def gauged(folder: Path, unit: str = "MM", words: dict[str, str] = SI) -> Path:
    (folder / "town.dat").write_text(RECORD, "utf-8")
    (folder / "series.txt").write_text(";time\n0:00 1.5\n0:15 0 ; dry\n", "utf-8")
    return model(folder / "a.inp", MODEL.format(**words) + GAUGES.format(unit=unit))


@pytest.mark.parametrize(
    ("unit", "words", "first"), [("MM", SI, 2.54), ("IN", US, 2.54), ("MM", US, 0.1), ("IN", SI, 64.516)]
)
def test_rain_in_files_beside_a_model_is_read_into_it(
    tmp_path: Path, unit: str, words: dict[str, str], first: float
) -> None:
    """The gauge's own station alone, in the model's unit; 24:00 is the next day. Lines keep their numbers."""
    reading = read(gauged(tmp_path, unit, words))
    text = of(reading, "drainage_model").value
    rows = [line.split() for line in text.splitlines() if line.startswith("R1_file ")]
    assert [row[1:3] for row in rows] == [["02/29/2004", "00:00"], ["02/29/2004", "01:30"]]
    assert [float(row[3]) for row in rows] == pytest.approx([first, first * 0.5 / 2.54])
    assert "R1 INTENSITY 0:15 1.0 TIMESERIES R1_file" in text
    assert "T1 0:00 1.5" in text
    assert "FILE" not in text
    before = MODEL.format(**words).splitlines()
    assert text.splitlines()[: len(before)] == before
    assert sum(finding.text == "intake.swmm_file" for finding in reading.findings) == 2


def test_names_of_rain_files_may_have_spaces(tmp_path: Path) -> None:
    """Quotes hold a name together, as in the engine; the gauge's other words stay at their places."""
    path = gauged(tmp_path)
    (tmp_path / "town.dat").rename(tmp_path / "rain of town.dat")
    path.write_text(path.read_text("utf-8").replace("town.dat", "rain of town.dat"), "utf-8")
    text = of(read(path), "drainage_model").value
    assert "R1 INTENSITY 0:15 1.0 TIMESERIES R1_file" in text
    assert "R1_file 02/29/2004 00:00 2.54" in text


def test_other_files_stay_named_and_a_missing_station_is_told(tmp_path: Path) -> None:
    path = gauged(tmp_path)
    (tmp_path / "town.dat").write_text("USC 12 not a record", "utf-8")
    assert "town.dat" in of(read(path), "drainage_model").value
    (tmp_path / "town.dat").write_text(RECORD.replace("S7", "S9"), "utf-8")
    (told_once,) = problems(path)
    assert told_once.text == "intake.swmm_station"
    assert told_once.values["station"] == "S7"
    assert told_once.say("zh") != told_once.say("en")


@pytest.mark.parametrize(
    "row",
    [
        "S7 2004 2 30 1 0 2",
        "S7 2004 2 28 1 0 a lot",
        "S7 2004 2 28 1 0 -1",
        "S7 2004 2 28 1 0",
        "s7 2004 2 28 1 75 2",
        "S7 2004 2 28 1 0 nan",
    ],
)
def test_a_row_of_the_station_that_is_no_record_is_told(tmp_path: Path, row: str) -> None:
    path = gauged(tmp_path)
    (tmp_path / "town.dat").write_text(f"{RECORD}\n{row}\n", "utf-8")
    (told_once,) = problems(path)
    assert told_once.text == "intake.swmm_record"
    assert (told_once.values["row"], told_once.values["got"]) == (5, row)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_rain_with_a_chinese_name_is_part_of_the_model_s_key(tmp_path: Path, encoding: str) -> None:
    path = gauged(tmp_path)
    path.write_bytes(path.read_text("utf-8").replace("town.dat", "雨量.dat").encode(encoding))
    (tmp_path / "town.dat").rename(tmp_path / "雨量.dat")
    assert "雨量.dat" in [each.name for each in named_files(path)]


def test_a_link_beside_a_model_is_not_followed(tmp_path: Path) -> None:
    path = gauged(tmp_path)
    (tmp_path / "town.dat").rename(tmp_path / "elsewhere.dat")
    (tmp_path / "town.dat").symlink_to(tmp_path / "elsewhere.dat")
    assert "town.dat" in of(read(path), "drainage_model").value


def test_rain_beside_a_model_is_part_of_its_key(tmp_path: Path) -> None:
    path = gauged(tmp_path)
    reader = reader_for(path)
    before = leaf_key(path, reader, swmm.Options())
    (tmp_path / "town.dat").write_text(RECORD.replace("2.54", "2.55"), "utf-8")
    assert leaf_key(path, reader, swmm.Options()) != before
