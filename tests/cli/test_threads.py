"""Linear algebra of a command runs on one thread, unless the user asks for more."""

import os
import subprocess
import sys

import pytest

SAYS = """
import citybraid.cli.app, scipy.linalg
from threadpoolctl import threadpool_info
print({each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas"})
"""


@pytest.mark.parametrize(("asked", "got"), [(None, 1), ("2", min(2, os.cpu_count() or 1))])
def test_a_command_uses_one_thread_of_linear_algebra(asked: str | None, got: int) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    environment |= {} if asked is None else {"OPENBLAS_NUM_THREADS": asked}
    done = subprocess.run(
        [sys.executable, "-c", SAYS], env=environment, capture_output=True, text=True, timeout=300, check=True
    )
    assert done.stdout.strip() == f"{{{got}}}"
