"""Texts: every row in every language, with the same placeholders, and every id that the code names."""

import ast
import re
import string

from citybraid.core import errors, text
from tests.discovered import sources, tree

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
    assert not [(row, language) for row in ROWS for language in text.LANGUAGES if not ROWS[row][language].strip()]


def test_placeholders_are_the_same_in_every_language() -> None:
    assert not [row for row in ROWS if len({frozenset(placeholders(ROWS[row][key])) for key in text.LANGUAGES}) > 1]


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
    return {(path.name, row) for path in sources() for node in ast.walk(tree(path)) for row in _ids(node)}


def _ids(node: ast.AST) -> list[str]:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id not in SAYING:
        return []
    place = SAYING[node.func.id]
    told = [*node.args[place : place + 1], *(word.value for word in node.keywords if word.arg == "text")]
    return [part.value for part in told if isinstance(part, ast.Constant) and isinstance(part.value, str)]


def test_every_named_text_exists() -> None:
    assert named()
    assert not {(file, row) for file, row in named() if not text.known(row)}
