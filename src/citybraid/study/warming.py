"""Warming: every kernel compiled by running the demo pilot once on a coarse grid in a folder of its own."""

import tempfile
from pathlib import Path

from citybraid.study.opened import OpenStudy, open_study
from citybraid.study.pilots import copy_pilot, generate
from citybraid.study.pipeline import run_study

PILOT = "jiaxing-hsr"
COARSE = 40.0


def warm() -> tuple[tuple[str, float], ...]:
    """Compile the kernels; returns the models run with their seconds, compilation included, the slowest first."""
    with tempfile.TemporaryDirectory(prefix="citybraid-") as folder:
        path = copy_pilot(PILOT, Path(folder) / PILOT)
        study = _coarse(open_study(path))
        generate(study)
        run = run_study(study, baseline_only=True)
        seconds = {step.model: step.seconds for name in run.alternatives for step in run.steps(name)}
    return tuple(sorted(seconds.items(), key=lambda pair: -pair[1]))


def _coarse(study: OpenStudy) -> OpenStudy:
    about = study.asked.study.model_copy(update={"resolution": COARSE, "screening_resolution": COARSE})
    asked = study.asked.model_copy(update={"study": about})
    return OpenStudy(study.path, asked, study.book, study.models, study.measures, study.data)
