"""Sleeps in the folder of a study, as a run computes there, then writes its result at once; no imports of ours.

Like a run, a result of the same name that stands already is reused. Two that sleep in one folder at once are caught.
"""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

folder, seconds, ends, name = Path(sys.argv[1]), float(sys.argv[2]), sys.argv[3], sys.argv[4]
busy, result = folder / "busy", folder / f"{name}.result"


def say(**event: object) -> None:
    sys.stdout.write(json.dumps(event) + "\n")
    sys.stdout.flush()


if ends == "stubborn":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
say(event="StageStarted", stage="intake")
say(event="Sized", steps=4, seconds=seconds)
if name != "look" and not result.exists():
    other = int(busy.read_text() or 0) if busy.exists() else 0
    if other and Path(f"/proc/{other}").exists():
        (folder / "together").write_text("two at once")
    busy.write_text(str(os.getpid()))
(folder / "pid").write_text(str(os.getpid()))
if ends == "stubborn":
    helper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    (folder / "helper").write_text(str(helper.pid))
for _ in range(4):
    time.sleep(seconds / 4)
    say(event="StepFinished", step="x", seconds=0.1, computed=True)
if ends == "killed":
    os.kill(os.getpid(), signal.SIGKILL)
if ends == "refused":
    said = {"en": "The file is wrong", "zh": "文件有误"}
    sys.stderr.write(json.dumps({"event": "Refused", "error": "x", "said": said}) + "\n")
    sys.exit(2)
if ends == "crash":
    sys.stderr.write("Traceback: /secret/path\n")
    sys.exit(1)
if ends == "threads":
    name = os.environ["CITYBRAID_THREADS"] + ("leak" if "CITYBRAID_DATABASE" in os.environ else "")
unchanged = result.exists()
if not unchanged and name != "look":
    draft = folder / f".{os.getpid()}.part"
    draft.write_text(str(os.getpid()))
    with (folder / "written").open("a") as log:
        log.write(f"{name}\n")
    draft.rename(result)
say(event="Done", run=name, unchanged=unchanged)
