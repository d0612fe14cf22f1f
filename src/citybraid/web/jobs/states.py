"""The states of a job."""

from enum import StrEnum


class State(StrEnum):
    """Waiting for a worker, held by one, or ended in one of three ways."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


OPEN = (State.QUEUED, State.RUNNING)
