from typing import Any

import pytest

from citybraid.web.jobs.progress import Progress


class Watch:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.time = 0.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def progress(watch: Watch) -> Progress:
    return Progress(watch)


def take(progress: Progress, event: str, **values: Any) -> None:
    progress.take({"event": event, **values})


def test_nothing_is_known_at_first(progress: Progress) -> None:
    assert progress.told == {
        "stage": "", "said": {}, "of": "", "share": 0.0, "done": 0, "steps": 0, "left_s": None
    }  # fmt: skip


def test_files_count_by_their_bytes(progress: Progress, watch: Watch) -> None:
    take(progress, "StageStarted", stage="intake")
    take(progress, "FilesPlanned", files=2, size=1000)
    watch.time = 10.0
    take(progress, "FileRead", file="a", size=250, seconds=1.0, known=False)
    assert (progress.told["share"], progress.told["left_s"]) == (0.25, 30)
    assert set(progress.told["said"]) == {"en", "zh"}


def test_steps_count_over_all_stages(progress: Progress, watch: Watch) -> None:
    take(progress, "Sized", steps=10, seconds=60.0)
    take(progress, "StageStarted", stage="as_is")
    watch.time = 5.0
    assert progress.told["left_s"] == 55
    take(progress, "StepFinished", step="a", computed=True)
    take(progress, "StepFinished", step="b", computed=False)
    take(progress, "StageStarted", stage="ensemble as_is")
    told = progress.told
    assert (told["share"], told["done"], told["steps"], told["of"]) == (0.1, 1, 10, "as_is")
    assert told["left_s"] == 45


def test_work_that_goes_on_is_never_shown_as_done(progress: Progress) -> None:
    take(progress, "Sized", steps=1, seconds=1.0)
    for step in "abc":
        take(progress, "StepFinished", step=step, computed=True)
    assert (progress.told["share"], progress.told["left_s"]) == (0.99, None)


def test_a_report_has_a_share_of_its_own(progress: Progress, watch: Watch) -> None:
    take(progress, "Sized", steps=1, seconds=1.0)
    take(progress, "StepFinished", step="a", computed=True)
    take(progress, "StageStarted", stage="report")
    assert progress.told["share"] == 0.0
    watch.time = 6.0
    take(progress, "StepProgress", step="report", share=0.6)
    assert (progress.told["share"], progress.told["left_s"]) == (0.6, 4)
