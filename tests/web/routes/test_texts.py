import csv
import re
from io import StringIO

from fastapi.testclient import TestClient

from citybraid.core.text import (
    INTERFACE_FOLDER,
    INTERFACE_LANGUAGES,
    REVIEWED,
    interface_words,
    unfilled,
    unreviewed_words,
)


def test_texts_come_in_both_languages_with_placeholders(stranger: TestClient) -> None:
    english, chinese = (stranger.get(f"/api/texts/{each}").json() for each in ("en", "zh"))
    assert english.keys() == chinese.keys()
    assert "{places}" in english["web.invalid_request"]
    assert all(name.startswith("web.") for name in english)


def test_an_unknown_language_is_told(stranger: TestClient) -> None:
    assert stranger.get("/api/texts/xx").status_code == 404


def test_languages_of_partners_begin_with_some_words_and_tell_how_many_are_missing(
    owner: TestClient, stranger: TestClient
) -> None:
    """What is missing is shown in English and marked; nothing of it is hidden, nothing else speaks them."""
    told = owner.get("/api/session").json()
    assert set(told["begun"]) == {"id", "hi", "th", "fil"}
    assert not set(told["begun"]) & set(told["languages"])
    english = stranger.get("/api/texts/en").json()
    for code, begun in told["begun"].items():
        rows = stranger.get(f"/api/texts/{code}").json()
        assert rows.keys() == english.keys()
        marked = {name for name, text in rows.items() if text == f"{english[name]} [en]"}
        assert (len(marked), len(rows) - len(marked) > 30) == (begun["missing"], True)
        assert begun["texts"] == len(english)
        assert begun["unreviewed"] == len(rows) - len(marked), "no native speaker has read them yet"


def test_every_word_of_partners_says_whether_a_native_speaker_has_read_it() -> None:
    for code in INTERFACE_LANGUAGES:
        table = INTERFACE_FOLDER.joinpath(f"{code}.csv").read_text(encoding="utf-8")
        states = [row["status"] for row in csv.DictReader(StringIO(table))]
        assert set(states) <= {REVIEWED, "unreviewed"}, code
        assert unreviewed_words(code) == states.count("unreviewed")


def test_words_of_partners_are_texts_of_the_pages_with_their_placeholders() -> None:
    for code in INTERFACE_LANGUAGES:
        for name, text in interface_words(code).items():
            assert name.startswith("web."), name
            assert re.findall(r"\{\w+", text) == re.findall(r"\{\w+", unfilled(name, "en")), (code, name)
