"""A worker that knows the kinds of this folder, with short leases: `worker.py FOLDER DATABASE [PARENT]`."""

import sys
from datetime import timedelta
from pathlib import Path

from citybraid.web.configuration.settings import Settings
from citybraid.web.jobs import command, kinds, leasing, worker

HERE = Path(__file__).parent

kinds.__path__.append(str(HERE / "kinds"))
command.PROGRAM = (sys.executable, str(HERE / "program.py"))
leasing.LEASE = timedelta(seconds=3)
leasing.PAUSE = timedelta(seconds=0.2)
worker.SETTLE_S = 0.5
parent = int(sys.argv[3]) if len(sys.argv) > 3 else None
worker.work(Settings(folder=Path(sys.argv[1]), database=sys.argv[2]), parent=parent, tell=print)
