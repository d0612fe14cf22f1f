"""Texts: every row in every language, with the same placeholders, and every id that the code names."""

import re
import string
from collections.abc import Mapping

from citybraid.core import errors, text
from citybraid.core.rows.intake import ColumnName
from citybraid.core.tables import read_table
from citybraid.core.wording.spacing import tight
from tests.discovered import sources, written

ROWS = text.catalogue()
CHINESE = re.compile(r"[\u4e00-\u9fff]")
RAISED = {
    name for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, errors.PlanError)
}
SAYING = dict.fromkeys({*RAISED, "say"} - {"InputErrors"}, 0) | {"Finding": 1}
"""Calls that take a text id, and at which place."""


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def test_every_row_is_whole() -> None:
    assert not [
        (row, language) for row in ROWS for language in text.CATALOGUE_LANGUAGES if not ROWS[row][language].strip()
    ]


def test_placeholders_are_the_same_in_every_language() -> None:
    assert not [
        row for row in ROWS if len({frozenset(placeholders(ROWS[row][key])) for key in text.CATALOGUE_LANGUAGES}) > 1
    ]


def test_added_languages_say_what_there_is_with_its_placeholders() -> None:
    added = [each for each in text.LANGUAGES if each not in text.CATALOGUE_LANGUAGES]
    assert not [(each, row) for each in added for row in wrong(text.translations(each))]


def wrong(own: Mapping[str, str]) -> list[str]:
    """Return the ids of an added language that there are none of, or whose placeholders are others."""
    english = text.required_texts()
    return [row for row in own if row not in english or placeholders(own[row]) != placeholders(english[row])]


def test_wrong_rows_of_an_added_language_are_seen() -> None:
    assert wrong({"error.several": "{count} Fehler:"}) == []
    assert wrong({"error.several": "Fehler:", "error.nowhere": "-"}) == ["error.several", "error.nowhere"]


def test_names_of_codes_are_texts_of_an_added_language() -> None:
    assert text.required_texts()["code.land_use.Cultivated land"] == "Cultivated land"


def words(sentence: str) -> bool:
    """Tell whether a sentence holds words of its own, beside placeholders and signs."""
    return bool(re.search(r"[A-Za-z]{2}", re.sub(r"\{.*?\}", "", sentence)))


def test_chinese_is_chinese() -> None:
    said = [row for row in ROWS if row.split(".")[0] not in UNTRANSLATED and words(ROWS[row]["en"])]
    assert said
    assert not [row for row in said if not CHINESE.search(ROWS[row]["zh"])]


UNTRANSLATED = frozenset({"unit"})
"""Groups of rows whose Chinese may be a symbol or a name in Latin letters."""


def named() -> set[tuple[str, str]]:
    """Return (file, text id) for each literal id that the code says, raises or reports."""
    return {
        (path.name, row)
        for path in sources()
        for name, places, words in written(path).calls
        if name in SAYING
        for row in (*places[SAYING[name] : SAYING[name] + 1], words.get("text"))
        if row is not None
    }


def test_every_named_text_exists() -> None:
    found = named()
    assert found
    assert not {(file, row) for file, row in found if not text.known(row)}


def test_every_column_that_intake_reads_has_a_name_of_its_own() -> None:
    read = {row.var for row in read_table(ColumnName)}
    assert len(read) > 100
    assert not [name for name in sorted(read) if not {f"var.{name}", f"column_name.{name}"} & ROWS.keys()]


QUOTED = ("evaluation.", "master_indicator.")
"""Names of indicators as their standards print them."""


def test_chinese_stands_apart_from_numbers_and_latin_words() -> None:
    loose = {row: tight(ROWS[row]["zh"]) for row in ROWS if not row.startswith(QUOTED)}
    assert len(loose) > 1000
    assert not {row: places for row, places in loose.items() if places}
    assert tight("在12 万元内，第3章与表4.1.4注") == ["在"]
    assert tight("占45%的地块") == ["占", "%"]


NAMES = ("var", "indicator", "model", "role", "table", "factor", "master_indicator")
"""Groups of names that pages list beside one another."""


def test_no_two_things_of_a_list_have_one_name() -> None:
    told: dict[tuple[str, str, str], list[str]] = {}
    for row, words_of in ROWS.items():
        kind, _, rest = row.partition(".")
        if kind in NAMES and rest:
            for language in text.CATALOGUE_LANGUAGES:
                told.setdefault((kind, language, words_of[language].strip().lower()), []).append(row)
    assert len(told) > 2000
    assert not [rows for rows in told.values() if len(rows) > 1]
