"""Record golden values and fingerprints: `make goldens`.

A model whose code changed is recorded under its old version only where its golden outputs are the same to the last
bit as those of the commit that recorded the fingerprints, both computed here and now. Where they are not, this says
so, and the model needs a raised version.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.discovered import ROOT, models
from tests.fingerprints import model_fingerprint
from tests.golden.values import CODE, golden_digest, golden_outputs, record_of

DIGESTS = "import json, sys; from tests.golden.record import digests; print(json.dumps(digests(sys.argv[1:])))"


def digests(wanted: list[str]) -> dict[str, str]:
    """Return digests of golden outputs to the last bit, by model."""
    return {model.id: golden_digest(model) for model in models() if model.id in wanted}


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()


def digests_of(tree: Path, wanted: list[str]) -> dict[str, str]:
    """Return the digests that another tree of the project computes on this machine."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(tree / "src"), str(tree)))}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", DIGESTS, *wanted],
        cwd=tree, env=environment, check=True, capture_output=True, text=True,
    )  # fmt: skip
    found: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return found


def recorded_before(wanted: list[str], commit: str) -> dict[str, str]:
    """Return the digests of the commit that recorded the fingerprints, from a scratch checkout of it."""
    with tempfile.TemporaryDirectory() as scratch:
        tree = Path(scratch) / "before"
        _git("worktree", "add", "--detach", "--quiet", str(tree), commit)
        try:
            return digests_of(tree, wanted)
        finally:
            _git("worktree", "remove", "--force", str(tree))


def main() -> int:
    """Record what may be recorded; return 1 where a model's values moved under its old version."""
    stored: dict[str, dict[str, Any]] = json.loads(CODE.read_text(encoding="utf-8"))
    every = {model.id: model for model in models()}
    now = {name: {"version": each.version, "code": model_fingerprint(each)} for name, each in every.items()}
    doubtful = [
        name for name in now if name in stored and now[name] != stored[name]
        and now[name]["version"] == stored[name]["version"]
    ]  # fmt: skip
    commit = os.environ.get("CITYBRAID_GOLDEN_BASE") or _git("log", "-1", "--format=%H", "--", str(CODE))
    before = recorded_before(doubtful, commit) if doubtful else {}
    after = digests(doubtful)
    moved = [name for name in doubtful if after[name] != before.get(name)]
    for name in sorted(now.keys() - set(doubtful)):
        if now[name] != stored.get(name):
            record = {"model": name, "version": now[name]["version"], "outputs": golden_outputs(every[name])}
            text = json.dumps(record, ensure_ascii=False, indent=1)
            record_of(every[name]).write_text(text + "\n", encoding="utf-8")
            sys.stdout.write(f"recorded   {name} version {now[name]['version']}\n")
    for name in doubtful:
        verdict = "MOVED: raise its version" if name in moved else "same bits, code recorded"
        sys.stdout.write(f"{verdict:26} {name}\n")
    kept = {name: stored[name] if name in moved else now[name] for name in sorted(now)}
    CODE.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    return 1 if moved else 0


if __name__ == "__main__":
    sys.exit(main())
