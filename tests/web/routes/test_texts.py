from fastapi.testclient import TestClient


def test_texts_come_in_both_languages_with_placeholders(stranger: TestClient) -> None:
    english, chinese = (stranger.get(f"/api/texts/{each}").json() for each in ("en", "zh"))
    assert english.keys() == chinese.keys()
    assert "{places}" in english["web.invalid_request"]
    assert all(name.startswith("web.") for name in english)


def test_an_unknown_language_is_told(stranger: TestClient) -> None:
    assert stranger.get("/api/texts/xx").status_code == 404
