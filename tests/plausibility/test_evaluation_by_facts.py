"""The evaluation list of TD/T 1063-2021 held row by row to both tables of facts: names, groups and kinds."""

import csv
from collections import Counter
from pathlib import Path

from citybraid.core.text import say
from citybraid.planning.review.evaluation import evaluation_indicators

KINDS = ("basic", "recommended")


def facts(cases: Path, name: str) -> list[dict[str, str]]:
    with (cases / "facts" / f"{name}.csv").open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def test_dimensions_and_subclasses_go_with_those_of_the_facts_one_to_one(cases: Path) -> None:
    """6 dimensions and 23 sub-classes as published, of which this list names those that have an indicator."""
    told = {row["no"]: row for row in facts(cases, "tdt1063_2021_full_list")}
    rows = [row for row in evaluation_indicators().values() if row.list == "tdt1063"]
    assert len(rows) == len(told) == 122
    for ours, theirs in (("dimension", "dimension"), ("subclass", "subclass")):
        pairs = {(getattr(row, ours), told[str(row.number)][theirs]) for row in rows}
        assert len(pairs) == len({one for one, _ in pairs}) == len({two for _, two in pairs}), pairs
    assert len({row.dimension for row in rows}) == 6


def test_a_kind_is_the_one_that_some_fact_states_and_none_is_guessed(cases: Path) -> None:
    stated = {row["name_zh"]: row for row in facts(cases, "tdt1063_2021_indicators") if row["status"] != "check"}
    listed = {row["no"]: row["kind_inferred"] for row in facts(cases, "tdt1063_2021_full_list")}
    for row in evaluation_indicators().values():
        if row.list != "tdt1063":
            continue
        name = say(f"evaluation.{row.id}", "zh")
        from_list = listed[str(row.number)] if listed[str(row.number)] in KINDS else "unclear"
        assert row.kind == (stated[name]["kind"] if name in stated else from_list), (row.number, name)


def test_what_is_no_row_of_the_standard_is_not_told_as_one(cases: Path) -> None:
    others = {row["name_zh"] for row in facts(cases, "tdt1063_2021_indicators") if row["status"] == "check"}
    ours = {say(f"evaluation.{row.id}", "zh") for row in evaluation_indicators().values() if row.list == "tdt1063"}
    assert others
    assert not others & ours


def test_no_more_basic_rows_than_the_standard_has(cases: Path) -> None:
    """33 basic and 89 recommended ones are published; those whose kind is not known may be either."""
    kinds = Counter(row.kind for row in evaluation_indicators().values() if row.list == "tdt1063")
    assert kinds["basic"] <= 33 <= kinds["basic"] + kinds["unclear"]
    assert kinds["recommended"] <= 89 <= kinds["recommended"] + kinds["unclear"]
