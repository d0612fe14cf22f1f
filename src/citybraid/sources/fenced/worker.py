"""The worker's side of reading: restrictions and limits first, then one file after another.

Started by `citybraid.sources.fenced.worker_process` as a process of its own. Its answers are messages of plain data; a
file that causes anything but a reading or an ordinary refusal is the last that it reads.
"""

import importlib
import sys
from dataclasses import replace
from typing import Any

from citybraid.isolation import within
from citybraid.isolation.limits import libraries_mib, set_limits
from citybraid.isolation.message import Message, received, send

LATE_IMPORTS_MIB = 32
"""Allowance for libraries that are loaded with the first file [MiB]."""
MAX_REQUEST_BYTES = 1 << 33
"""Longest request message [byte]: tables to repair; the limit of memory ends longer ones."""
READERS = "citybraid.sources.readers"
PRELOADED = ("geotiff", "geojson", "shapefile")
"""Readers that are imported before the first request."""


def main() -> None:
    """Serve jobs until standard input ends."""
    sys.modules["dask"] = None  # type: ignore[assignment]  # xarray would import it with the first raster, for 0.4 s
    environment = within.set_fences()
    send(environment.answers, Message({"drivers": _unwanted_drivers(), "fences": environment.fences}))
    from citybraid.isolation.values import pack, unpack
    from citybraid.sources.fenced.job import Job, record_class
    from citybraid.sources.fenced.repairing import RepairJob

    for name in PRELOADED:
        importlib.import_module(f"{READERS}.{name}")
    while (request := received(environment.asked, most=MAX_REQUEST_BYTES)) is not None:
        job = unpack(request, record_class)
        if not isinstance(job, Job | RepairJob):
            return
        set_limits(
            seconds=job.seconds, memory_mib=job.limits.memory_mib - libraries_mib() - LATE_IMPORTS_MIB,
            file_mib=job.limits.unpacked_mib,
        )  # fmt: skip
        outcome, value = _outcome(job) if isinstance(job, Job) else _repaired(job)
        try:
            answer = pack((outcome, value))
        except MemoryError:
            answer = pack(("fault", [("intake.too_big", {"limit": job.limits.memory_mib})]))
        except TypeError:
            answer = pack(("fault", [("intake.crashed", {})]))
        send(environment.answers, answer)


def _outcome(job: Any) -> tuple[str, object]:
    """Return a reading, or problems as text ids with values; 'fault' marks unexpected exceptions."""
    from citybraid.core.errors import InputErrors, PlanError
    from citybraid.core.tables import record_tables
    from citybraid.sources.fenced.invisible_characters import with_character_findings
    from citybraid.sources.protocol.reading import Reading

    try:
        reader = importlib.import_module(job.module)
        if job.task == "extent":
            return "extent", reader.extent(job.path, job.options, job.target)
        if job.task == "peek":
            return "peek", reader.peek(job.path)
        if job.task == "layers":
            return "layers", reader.layers(job.path)
        with record_tables() as tables:
            reading = reader.read(job.path, job.role, job.options, job.target, limits=job.limits)
        if not isinstance(reading, Reading):
            return "reading", reading
        return "reading", replace(with_character_findings(reading, name=job.path.name), tables=dict(tables))
    except InputErrors as fault:
        return "problems", [(each.text, dict(each.values)) for each in fault.problems]
    except PlanError as fault:
        return "problems", [(fault.text, dict(fault.values))]
    except MemoryError:
        return "fault", [("intake.too_big", {"limit": job.limits.memory_mib})]
    except RecursionError:
        return "fault", [("intake.unreadable", {"why": "nesting"})]
    except Exception as fault:  # noqa: BLE001  (whatever a hostile file provokes becomes one clean message)
        return "fault", [_unexpected(fault, job.path)]


def _unexpected(fault: Exception, path: Any) -> tuple[str, dict[str, object]]:
    """Return what is told of an exception of a library; letters of a path that are no UTF-8 stand as surrogates."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return "intake.name_no_text", {}
    lines = f"{type(fault).__name__}: {fault}".replace(str(path.parent), "").splitlines()
    return "intake.unreadable", {"why": lines[0][:200]}


def _repaired(job: Any) -> tuple[str, object]:
    """Return what repairs made of tables, or problems as `_outcome` does."""
    from citybraid.core.errors import InputErrors, PlanError
    from citybraid.sources.fenced.repairing import answered

    try:
        return "repaired", answered(job)
    except InputErrors as fault:
        return "problems", [(each.text, dict(each.values)) for each in fault.problems]
    except PlanError as fault:
        return "problems", [(fault.text, dict(fault.values))]
    except MemoryError:
        return "memory", None
    except Exception as fault:  # noqa: BLE001  (whatever hostile shapes provoke becomes one message that says what)
        return "problems", [("intake.repair_failed", {"tables": list(job.tables), "why": _what(fault)})]


def _what(fault: Exception) -> str:
    """Return an error's kind and the first line of what it says."""
    return f"{type(fault).__name__}: {fault}".splitlines()[0][:200]


def _unwanted_drivers() -> tuple[str, ...]:
    """Return drivers that either GDAL build still has although no reader uses them."""
    import pyogrio
    import rasterio

    from citybraid.sources.fenced.safety import gdal_drivers

    with rasterio.Env() as environment:
        available = {*pyogrio.list_drivers(), *environment.drivers()}
    return tuple(sorted(available - gdal_drivers()[0]))


if __name__ == "__main__":
    main()
