"""Record golden values and fingerprints: `make goldens`.

Code that changed under the same version is recorded only where it makes the same bits as at the commit that recorded
the fingerprints, both computed here and now: golden outputs for models, readings of the whole corpus for readers and
repairs. Where it does not, this says so, and the version must be raised.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from citybraid.sources.protocol.discovery import all_readers, all_repairs, repair_name
from tests.corpus.digests import corpus_digests
from tests.discovered import ROOT, models
from tests.fingerprints import model_fingerprint, module_fingerprint
from tests.golden.values import CODE, READERS, golden_digest, golden_outputs, record_of

Record = dict[str, dict[str, Any]]
MODELS_DIGESTS = "import json, sys; from tests.golden.record import digests; print(json.dumps(digests(sys.argv[1:])))"
CORPUS_DIGESTS = "import json; from tests.corpus.digests import corpus_digests; print(json.dumps(corpus_digests()))"


def digests(names: list[str]) -> dict[str, str]:
    """Return digests of golden outputs to the last bit, by model."""
    return {model.id: golden_digest(model) for model in models() if model.id in names}


def models_now() -> Record:
    """Return version and fingerprint of every model."""
    return {model.id: {"version": model.version, "code": model_fingerprint(model)} for model in models()}


def readers_now() -> Record:
    """Return version and fingerprint of every reader and every repair."""
    readers = {
        reader.id: {"version": reader.module.VERSION, "code": module_fingerprint(reader.module)}
        for reader in all_readers()
    }
    repairs = {
        f"repair.{repair_name(each)}": {"version": getattr(each, "VERSION", 1), "code": module_fingerprint(each)}
        for each in all_repairs()
    }
    return readers | repairs


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()


def _computed_at(commit: str, script: str, *words: str) -> dict[str, str]:
    """Return what a script prints in a scratch checkout of a commit, run on this machine."""
    with tempfile.TemporaryDirectory() as scratch:
        tree = Path(scratch) / "before"
        _git("worktree", "add", "--detach", "--quiet", str(tree), commit)
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(tree / "src"), str(tree)))}
        try:
            done = subprocess.run(
                [sys.executable, "-W", "ignore", "-c", script, *words],
                cwd=tree, env=environment, check=True, capture_output=True, text=True,
            )  # fmt: skip
        finally:
            _git("worktree", "remove", "--force", str(tree))
    printed: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return printed


def _recorded_at(record: Path) -> str:
    return os.environ.get("CITYBRAID_GOLDEN_BASE") or _git("log", "-1", "--format=%H", "--", str(record))


def _doubtful(now: Record, stored: Record) -> list[str]:
    """Return what has other code under the same version."""
    return [
        name for name in now if name in stored and now[name] != stored[name]
        and now[name]["version"] == stored[name]["version"]
    ]  # fmt: skip


def _write(path: Path, now: Record, stored: Mapping[str, Any], moved: list[str]) -> None:
    kept = {name: stored[name] if name in moved else now[name] for name in sorted(now)}
    path.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


def _print(names: list[str], moved: list[str]) -> None:
    for name in names:
        verdict = "MOVED: raise its version" if name in moved else "same bits, code recorded"
        sys.stdout.write(f"{verdict:26} {name}\n")


def record_models() -> list[str]:
    """Record what may be recorded of models; return those that moved."""
    stored: Record = json.loads(CODE.read_text(encoding="utf-8"))
    every, now = {model.id: model for model in models()}, models_now()
    doubtful = _doubtful(now, stored)
    before = _computed_at(_recorded_at(CODE), MODELS_DIGESTS, *doubtful) if doubtful else {}
    after = digests(doubtful)
    moved = [name for name in doubtful if after[name] != before.get(name)]
    for name in sorted(now.keys() - set(doubtful)):
        if now[name] != stored.get(name):
            record = {"model": name, "version": now[name]["version"], "outputs": golden_outputs(every[name])}
            text = json.dumps(record, ensure_ascii=False, indent=1)
            record_of(every[name]).write_text(text + "\n", encoding="utf-8")
            sys.stdout.write(f"recorded   {name} version {now[name]['version']}\n")
    _print(doubtful, moved)
    _write(CODE, now, stored, moved)
    return moved


def record_readers() -> list[str]:
    """Record what may be recorded of readers and repairs; where any file is read otherwise all that changed moved."""
    stored: Record = json.loads(READERS.read_text(encoding="utf-8")) if READERS.is_file() else {}
    now = readers_now()
    doubtful = _doubtful(now, stored)
    moved: list[str] = []
    if doubtful:
        before, after = _computed_at(_recorded_at(READERS), CORPUS_DIGESTS), corpus_digests()
        files = sorted(name for name in after if after[name] != before.get(name))
        sys.stdout.writelines(f"read otherwise             {name}\n" for name in files)
        moved = doubtful if files else []
    _print(doubtful, moved)
    _write(READERS, now, stored, moved)
    return moved


def main() -> int:
    """Record models, readers and repairs; return 1 where any moved under its old version."""
    return 1 if [*record_models(), *record_readers()] else 0


if __name__ == "__main__":
    sys.exit(main())
