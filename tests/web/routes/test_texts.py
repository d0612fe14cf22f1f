import re

from fastapi.testclient import TestClient

from citybraid.core.text import INTERFACE_LANGUAGES, interface_words, unfilled


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
    assert set(told["missing"]) == {"id", "hi", "th", "fil"}
    assert not set(told["missing"]) & set(told["languages"])
    english = stranger.get("/api/texts/en").json()
    for code, count in told["missing"].items():
        rows = stranger.get(f"/api/texts/{code}").json()
        assert rows.keys() == english.keys()
        marked = {name for name, text in rows.items() if text == f"{english[name]} [en]"}
        assert (len(marked), len(rows) - len(marked) > 30) == (count, True)


def test_words_of_partners_are_texts_of_the_pages_with_their_placeholders() -> None:
    for code in INTERFACE_LANGUAGES:
        for name, text in interface_words(code).items():
            assert name.startswith("web."), name
            assert re.findall(r"\{\w+", text) == re.findall(r"\{\w+", unfilled(name, "en")), (code, name)
