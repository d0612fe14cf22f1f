"""Maintenance: compile kernels, write the catalogue, prune the store."""

import json
from pathlib import Path

import typer

from citybraid.cli import paper
from citybraid.core import catalogue as model_catalogue
from citybraid.core.errors import InputError
from citybraid.store.store import Store
from citybraid.study.run.run import Run


def warm(*, lang: str) -> None:
    """Compile every kernel by running the small studies of the models on tiny data."""
    from citybraid.study.run.warming import warm as compile_all

    for name, seconds in compile_all():
        paper.line(paper.title("cli.compiled", lang, name=name, seconds=f"{seconds:.1f}"))


def catalogue(*, check: bool, lang: str) -> None:
    """Write the catalogue, or check that the package's is up to date (exit code 1 where it is not)."""
    path = model_catalogue.catalogue_path()
    if check:
        kept = path.read_text(encoding="utf-8") if path.exists() else ""
        if kept != model_catalogue.catalogue_text():
            paper.tell("cli.catalogue_stale", lang, file=model_catalogue.FILE)
            raise typer.Exit(1)
        return
    fresh = model_catalogue.write_catalogue(path)
    paper.tell("cli.catalogue_written", lang, file=model_catalogue.FILE, count=len(json.loads(fresh)["models"]))


def prune(study: Path, *, lang: str) -> None:
    """Remove values that no run of the study refers to; a damaged manifest stops it before anything is removed."""
    if not study.is_file():
        raise InputError("study.no_file", file=study.name)
    store = Store(study.parent / ".citybraid" / "store")
    keep: set[str] = set()
    for path in sorted((study.parent / "runs").glob("*/manifest.json")):
        manifest = Run.open(path.parent).manifest
        keep |= {layer.key for record in manifest.alternatives.values() for layer in record.layers}
        keep |= {layer.key for layer in manifest.homes}
        keep |= set(manifest.imputation.keys)
        keep |= {key for step in manifest.steps.values() for key in step.makes}
    removed, freed = store.prune(keep)
    paper.tell("cli.pruned", lang, count=removed, mib=f"{freed / 2**20:.1f}")
