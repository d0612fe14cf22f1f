"""Ctrl-C ends a run of this process though a Step reaches no tick: the Step is held for as long as the test lasts."""

import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from citybraid.core.errors import Cancelled
from citybraid.study.run.engine import Engine
from tests.study.backends.clockwork import HOLD, PATIENCE, Clock

PROGRAM = """
import sys
from pathlib import Path
from citybraid.cli.paper import refuse
from citybraid.core.errors import PlanError
from citybraid.study.run.engine import Engine
from tests.study.backends.clockwork import Clock
clock = Clock.made(Path(sys.argv[1]), events=2)
try:
    Engine(clock.store, threads=2).run(clock.steps)
except PlanError as fault:
    refuse(fault)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for another process")
def test_a_command_ends_at_ctrl_c_while_a_step_has_no_tick(tmp_path: Path) -> None:
    clock = Clock.made(tmp_path, events=2)
    clock.hold("e1")
    with subprocess.Popen([sys.executable, "-c", PROGRAM, str(tmp_path)], stderr=subprocess.PIPE, text=True) as process:
        clock.wait_for(2)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=PATIENCE / 2)
    assert process.returncode == Cancelled.exit_code
    assert "Stopped by you" in told
    assert (clock.trace / f"{HOLD}e1").exists(), "nothing has let the Step go on"
    assert clock.traces("done")["1"] == 0


def test_a_cancelled_run_waits_for_no_step_without_a_tick(tmp_path: Path) -> None:
    clock = Clock.made(tmp_path, events=2)
    clock.hold("e1")
    engine = Engine(clock.store, threads=2)

    def stop() -> None:
        clock.wait_for(2)
        engine.stop()

    stopper = threading.Thread(target=stop)
    stopper.start()
    try:
        with pytest.raises(Cancelled):
            engine.run(clock.steps)
        assert clock.traces("done")["1"] == 0
    finally:
        clock.free()
        stopper.join()
