"""The files that CONTRIBUTING.md names to follow a run, a flood's depth and an indicator are those that do the work."""

import ast
import re

import pytest

from tests.discovered import PACKAGE, ROOT

MOST = {"`citybraid run`": 12, "a flood's depth": 10, "an indicator on the page": 10}
ROWS = {
    line.split("|")[1].strip(): line
    for line in (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").splitlines()
    if line.startswith(tuple(f"| {name} |" for name in MOST))
}


def imports(path: str) -> set[str]:
    """The files of the package that a file imports."""
    tree = ast.parse((PACKAGE / path).read_text(encoding="utf-8"))
    modules = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
    return {f"{module.removeprefix('citybraid.').replace('.', '/')}.py" for module in modules}


@pytest.mark.parametrize("name", MOST)
def test_few_files_lead_through_and_each_is_joined_to_one_before_it(name: str) -> None:
    _, _, files, count, _ = ROWS[name].split("|")
    paths = re.findall(r"`([^`]+)`", files)
    assert len(set(paths)) == len(paths) == int(count) <= MOST[name]
    assert all((PACKAGE / path).is_file() for path in paths)
    modules = [path for path in paths if path.endswith(".py")]
    assert len(modules) >= MOST[name] - 1
    for at, path in enumerate(modules[1:], 1):
        before = modules[:at]
        assert imports(path) & set(before) or any(path in imports(each) for each in before), path
