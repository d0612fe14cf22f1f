"""The Climate Data Store: a request is submitted, processed there, and its result fetched from a URL.

It needs a personal key, which is read from the environment as the store's own client
reads it (CDSAPI_KEY, CDSAPI_URL), sent to the store only, and never recorded.
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
from citybraid.sources.open_data.web import AbsentError, BrokenOffError, DownloadLimits, open_response

KEY, ADDRESS = "CDSAPI_KEY", "CDSAPI_URL"
SERVER = "https://cds.climate.copernicus.eu/api"
STEP = 10.0
"""Polling interval of a request's status [s]."""
LONGEST = 4 * 3600.0
"""Longest wait for one request [s]."""
FEWEST_BYTES = 1 << 22
DONE, FAILED = "successful", ("failed", "rejected", "dismissed", "deleted")


def request(item: Item) -> dict[str, Any]:
    """Return an item's request: its data set and inputs."""
    content: dict[str, Any] = json.loads(item.body)
    return content


def has_key() -> bool:
    """Tell whether the user's key for the store is known; without one a request is written, not sent."""
    return bool(os.environ.get(KEY, ""))


def address(item: Item, *, beside: Path, habits: DownloadLimits, tick: Tick, step: float = STEP) -> str:
    """Return the URL of a request's result, once the store has processed it.

    Raises InputError where there is no key (the request is then written to a file beside
    the result's path, to be submitted by hand), and where the store rejects it.
    """
    key, server = os.environ.get(KEY, ""), os.environ.get(ADDRESS, SERVER).rstrip("/")
    order = request(item)
    if not key:
        beside.parent.mkdir(parents=True, exist_ok=True)
        request_file = beside.with_name(f"{beside.name}.request.json")
        request_file.write_text(json.dumps(order, indent=1), encoding="utf-8", newline="\n")
        raise InputError("fetch.no_key", dataset=order["dataset"], name=item.path, paper=request_file.name)
    body = json.dumps({"inputs": order["inputs"]}).encode("utf-8")
    reply = _response_json(f"{server}/retrieve/v1/processes/{order['dataset']}/execution", key, habits, body=body)
    job = str(reply.get("jobID", ""))
    if not job.replace("-", "").isalnum():
        raise InputError("fetch.cds_failed", name=item.path, why=str(reply)[:160])
    job_url = f"{server}/retrieve/v1/jobs/{job}"
    deadline = time.monotonic() + LONGEST
    while (status := str(_response_json(job_url, key, habits).get("status", ""))) != DONE:
        if status in FAILED or time.monotonic() > deadline:
            raise InputError("fetch.cds_failed", name=item.path, why=status or "-")
        _wait(step, tick)
    results = _response_json(f"{job_url}/results", key, habits)
    try:
        return str(results["asset"]["value"]["href"])
    except (KeyError, TypeError) as fault:
        raise InputError("fetch.cds_failed", name=item.path, why=str(results)[:160]) from fault


def _wait(seconds: float, tick: Tick) -> None:
    deadline = time.monotonic() + seconds
    while (remaining := deadline - time.monotonic()) > 0:
        tick(0.0)
        time.sleep(min(remaining, 0.2))


def _response_json(url: str, key: str, habits: DownloadLimits, *, body: bytes = b"") -> Mapping[str, Any]:
    """The store's response as JSON; only status queries are retried, a request is submitted once."""
    attempts = 1 if body else habits.attempts
    for attempt in range(attempts):
        try:
            headers = {"Content-Type": "application/json", "Accept": "application/json"}
            with open_response(
                url, headers=headers, secret={"PRIVATE-TOKEN": key}, body=body, timeout=habits.timeout
            ) as response:
                content = json.loads(response.read(FEWEST_BYTES))
                return content if isinstance(content, dict) else {}
        except BrokenOffError as fault:
            if attempt + 1 == attempts:
                raise InputError("fetch.given_up", name="CDS", url=url, attempts=attempts, why=fault.why) from fault
            time.sleep(min(max(fault.after, habits.pause * 2**attempt), habits.longest_pause))
        except (AbsentError, ValueError) as fault:
            raise InputError("fetch.cds_failed", name=url, why=type(fault).__name__) from fault
    raise InputError("fetch.cds_failed", name=url, why="-")
