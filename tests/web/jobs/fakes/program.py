"""Sleeps in the folder of a study, as a run computes there, then writes its result at once; no imports of ours.

Like a run, a result of the same name that stands already is reused. Two that sleep in one folder at once are caught.
One that is `held` stops half-way until the folder has a file `go on`.
"""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

LONG_S = 600.0
folder, seconds, ends, name = Path(sys.argv[1]), float(sys.argv[2]), sys.argv[3], sys.argv[4]
busy, result = folder / "busy", folder / f"{name}.result"


def say(**event: object) -> None:
    sys.stdout.write(json.dumps(event) + "\n")
    sys.stdout.flush()


def runs(process: str) -> bool:
    """Tell whether a process runs; one that has ended and was not waited for does not."""
    try:
        return Path(f"/proc/{int(process or 0)}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


if ends == "stubborn":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
say(event="StageStarted", stage="intake")
say(event="Sized", steps=4, seconds=seconds)
if name != "look" and not result.exists():
    if busy.exists() and runs(busy.read_text()):
        (folder / "together").write_text("two at once")
    busy.write_text(str(os.getpid()))
(folder / "pid").write_text(str(os.getpid()))
if ends == "stubborn":
    helper = subprocess.Popen([sys.executable, "-c", f"import time; time.sleep({LONG_S})"])
    (folder / "helper").write_text(str(helper.pid))
for step in range(4):
    time.sleep(seconds / 4)
    end = time.monotonic() + LONG_S
    while ends == "held" and step == 2 and not (folder / "go on").exists() and time.monotonic() < end:
        time.sleep(0.02)
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
    name = os.environ["CITYBRAID_THREADS"] + (
        "leak" if {"CITYBRAID_DATABASE", "CITYBRAID_DATA"} & {*os.environ} else ""
    )
unchanged = result.exists()
if not unchanged and name != "look":
    draft = folder / f".{os.getpid()}.part"
    draft.write_text(str(os.getpid()))
    with (folder / "written").open("a") as log:
        log.write(f"{name}\n")
    draft.rename(result)
say(event="Done", run=name, unchanged=unchanged)
