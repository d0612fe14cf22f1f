"""The Climate Data Store: a request is handed in, worked on there, and its result fetched from an address.

It needs a personal key, which is read from the environment as the store's own client
reads it (CDSAPI_KEY, CDSAPI_URL), sent to the store only, and recorded nowhere.
"""

import json
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from citybraid.core.errors import InputError
from citybraid.core.var import Tick
from citybraid.sources.open_data.item import Item
from citybraid.sources.open_data.web import AbsentError, BrokenOffError, Habits, answer

KEY, ADDRESS = "CDSAPI_KEY", "CDSAPI_URL"
SERVER = "https://cds.climate.copernicus.eu/api"
STEP = 10.0
"""Time between two questions whether a request is done [s]."""
LONGEST = 4 * 3600.0
"""Longest wait for one request [s]."""
FEWEST_BYTES = 1 << 22
DONE, FAILED = "successful", ("failed", "rejected", "dismissed", "deleted")


def request(item: Item) -> dict[str, Any]:
    """Return an item's request: its data set and what is asked of it."""
    told: dict[str, Any] = json.loads(item.body)
    return told


def address(item: Item, *, beside: Path, habits: Habits, tick: Tick, step: float = STEP) -> str:
    """Return where a request's result lies, once the store has worked on it.

    Raises InputError where there is no key (the request is then left in a file beside
    where the result belongs, to be handed in by hand), and where the store refuses it.
    """
    key, server = os.environ.get(KEY, ""), os.environ.get(ADDRESS, SERVER).rstrip("/")
    asked = request(item)
    if not key:
        beside.parent.mkdir(parents=True, exist_ok=True)
        paper = beside.with_name(f"{beside.name}.request.json")
        paper.write_text(json.dumps(asked, indent=1), encoding="utf-8", newline="\n")
        raise InputError("fetch.no_key", dataset=asked["dataset"], name=item.path, paper=paper.name)
    body = json.dumps({"inputs": asked["inputs"]}).encode("utf-8")
    started = _asked(f"{server}/retrieve/v1/processes/{asked['dataset']}/execution", key, habits, body=body)
    job = str(started.get("jobID", ""))
    if not job.replace("-", "").isalnum():
        raise InputError("fetch.cds_failed", name=item.path, why=str(started)[:160])
    place = f"{server}/retrieve/v1/jobs/{job}"
    until = time.monotonic() + LONGEST
    while (status := str(_asked(place, key, habits).get("status", ""))) != DONE:
        if status in FAILED or time.monotonic() > until:
            raise InputError("fetch.cds_failed", name=item.path, why=status or "-")
        _rest(step, tick)
    found = _asked(f"{place}/results", key, habits)
    try:
        return str(found["asset"]["value"]["href"])
    except (KeyError, TypeError) as fault:
        raise InputError("fetch.cds_failed", name=item.path, why=str(found)[:160]) from fault


def _rest(seconds: float, tick: Tick) -> None:
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        tick(0.0)
        time.sleep(min(left, 0.2))


def _asked(url: str, key: str, habits: Habits, *, body: bytes = b"") -> Mapping[str, Any]:
    """The store's answer as data; only questions are asked again, a request is handed in once."""
    attempts = 1 if body else habits.attempts
    for attempt in range(attempts):
        try:
            headers = {"Content-Type": "application/json", "Accept": "application/json"}
            with answer(url, headers=headers, secret={"PRIVATE-TOKEN": key}, body=body, timeout=habits.timeout) as told:
                found = json.loads(told.read(FEWEST_BYTES))
                return found if isinstance(found, dict) else {}
        except BrokenOffError as fault:
            if attempt + 1 == attempts:
                raise InputError("fetch.given_up", name="CDS", url=url, attempts=attempts, why=fault.why) from fault
            time.sleep(min(max(fault.after, habits.pause * 2**attempt), habits.longest_pause))
        except (AbsentError, ValueError) as fault:
            raise InputError("fetch.cds_failed", name=url, why=type(fault).__name__) from fault
    raise InputError("fetch.cds_failed", name=url, why="-")
