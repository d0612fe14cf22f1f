"""Stands in for our program where the page of runs is looked at: a check that finds little, runs that take a moment."""

import json
import sys
import time
from pathlib import Path

folder = Path(sys.argv[2]).parent
REFUSAL = {"en": "The area is <b>missing</b>", "zh": "缺少规划范围"}


def say(**event: object) -> None:
    sys.stdout.write(json.dumps(event) + "\n")
    sys.stdout.flush()


say(event="StageStarted", stage="intake")
if sys.argv[1] == "check":
    size = {"steps": 4, "cells": 2600, "mib": 400.0, "seconds": 90.0, "known": 1.0, "free_mib": 8000.0}
    say(event="Done", refused=[], size=size, too_large={}, guessed=2, problems=1)
    sys.exit(0)
say(event="Sized", steps=4, seconds=90.0)
say(event="StageStarted", stage="as_is")
say(event="StepFinished", step="x", seconds=0.1, computed=True)
if "--baseline" in sys.argv:
    sys.stderr.write(json.dumps({"event": "Refused", "error": "x", "said": REFUSAL}) + "\n")
    sys.exit(2)
go_on, end = folder / "go on", time.monotonic() + 600
while not go_on.exists() and time.monotonic() < end:
    time.sleep(0.05)
run = folder / "runs" / "001"
run.mkdir(parents=True, exist_ok=True)
(run / "manifest.json").write_text(json.dumps({"executed": 17, "steps": [{}] * 17, "alternatives": {"as_is": {}}}))
say(event="Done", run=str(run), executed=17, unchanged=False, implausible=[])
