"""The pages in the package are those that web/ builds."""

import gzip
import hashlib

from citybraid.web.application.factory import BUNDLE
from tests.discovered import ROOT

TOP = ("index.html", "package.json", "package-lock.json", "tsconfig.json", "vite.config.ts")
FIRST_KB = 450
"""Largest first load, with the map [kB compressed]."""


def test_pages_were_built_from_their_sources() -> None:
    web = ROOT / "web"
    files = [web / name for name in TOP]
    files += [each for part in ("src", "public") for each in (web / part).rglob("*") if each.is_file()]
    names = sorted(each.relative_to(web).as_posix() for each in files)
    total = hashlib.sha256()
    for name in names:
        total.update(f"{name}\0".encode() + hashlib.sha256((web / name).read_bytes()).digest())
    assert (BUNDLE / "sources.txt").read_text(encoding="utf-8").strip() == total.hexdigest(), "run `make web`"


def test_the_bundle_as_a_whole_is_small() -> None:
    """All pages together are within what the first may load."""
    files = [BUNDLE / "index.html", *(BUNDLE / "assets").iterdir()]
    assert sum(len(gzip.compress(each.read_bytes())) for each in files) < FIRST_KB * 1000


def test_pages_name_no_other_host() -> None:
    texts = [each.read_text(encoding="utf-8") for each in BUNDLE.rglob("*.html")]
    assert not any("http://" in text or "https://" in text for text in texts)
