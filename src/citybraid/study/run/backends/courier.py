"""Carries what Steps read and make between the store of this machine and an exchange that all machines reach."""

import time
from collections.abc import Iterable

from citybraid.core.errors import StoreError
from citybraid.core.step import Step
from citybraid.store.exchange import Exchange
from citybraid.store.store import Store
from citybraid.study.run.backends.bands import read_by

RETRY_SECONDS = 0.2
"""Time between two looks for a value that another machine has sent [s]."""


class Courier:
    """The way between a store and an exchange: each value goes it once."""

    def __init__(self, store: Store, exchange: Exchange, *, patience: float = 0.0) -> None:
        self._store, self._exchange, self._patience = store, exchange, patience
        self._there = set[str]()
        """Keys that are known to be at the exchange."""

    def send_inputs(self, step: Step) -> None:
        """Send what a Step reads, unless it is there; raises StoreError where it is not stored here."""
        for key in read_by(step) - self._there:
            self._exchange.send(self._store, key, anew=False)
            self._there.add(key)

    def fetch_inputs(self, step: Step) -> None:
        """Fetch what a Step reads and is not stored here; raises StoreError where it does not show within patience."""
        until = time.monotonic() + self._patience
        for key in sorted(read_by(step)):
            while not self._store.has(key) and not self._exchange.fetch(self._store, key):
                if time.monotonic() >= until:
                    self._exchange.forget([key])  # what is there is damaged: whoever has it sends it again
                    raise StoreError("store.missing", folder=self._store.folder, key=key)
                time.sleep(RETRY_SECONDS)

    def send_results(self, step: Step) -> None:
        """Send what a Step has made, and then its record."""
        for out in step.outs:
            self._exchange.send(self._store, out.key)
        if record := self._store.noted(step.key):
            self._exchange.note(step.key, record)

    def fetch_results(self, step: Step) -> bool:
        """Fetch what a Step has made, and its record; False where the exchange does not have all of it."""
        keys = [out.key for out in step.outs]
        if not all(self._store.intact(key) or self._exchange.fetch(self._store, key) for key in keys):
            return False
        self._there |= set(keys)
        if not self._store.noted(step.key) and (record := self._exchange.noted(step.key)):
            self._store.note(step.key, record)
        return True

    def passed(self, step: Step) -> None:
        """Take in that a band is at the exchange, where the worker fetches it that joins it."""
        self._there |= {out.key for out in step.outs}

    def forget(self, keys: Iterable[str]) -> None:
        """Remove values from the exchange."""
        self._exchange.forget(keys)
