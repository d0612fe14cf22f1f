"""Workflows run what the Makefile has, with its choice of fast tests; one version stands everywhere."""

import re

import citybraid
from tests.discovered import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_workflows_call_targets_that_there_are() -> None:
    targets = set(re.findall(r"^([a-z-]+):", text("Makefile"), re.MULTILINE))
    called = {
        name for path in WORKFLOWS for name in re.findall(r"run: make ([a-z-]+)$", path.read_text(), re.MULTILINE)
    }
    assert called == {"check", "test"}
    assert called <= targets


def test_fast_tests_are_the_same_everywhere() -> None:
    made = re.findall(r"^FAST := (.+)$", text("Makefile"), re.MULTILINE)
    chosen = re.findall(r'pytest -n auto --dist loadgroup -m "(.+)"$', text(".github/workflows/ci.yml"), re.MULTILINE)
    assert chosen == made


def test_python_versions_are_those_promised() -> None:
    promised = re.findall(r"Python :: (3\.\d+)", text("pyproject.toml"))
    assert promised
    assert re.findall(r"python: \[(.+)\]", text(".github/workflows/ci.yml")) == [
        ", ".join(f'"{one}"' for one in promised)
    ]


def test_citation_names_the_version() -> None:
    assert f"\nversion: {citybraid.__version__}\n" in text("CITATION.cff")


def test_actions_come_at_a_version() -> None:
    used = [use for path in WORKFLOWS for use in re.findall(r"uses: (\S+)", path.read_text())]
    assert used
    assert not [use for use in used if not re.search(r"@(v\d+|release/v1)$", use)]
