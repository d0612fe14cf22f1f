"""`citybraid check --record`: what is read now, and in the end the record and the map, beside the study's store."""

import uuid
from pathlib import Path

from citybraid.core.errors import StoreError
from citybraid.report.intake.contents import IntakeReport
from citybraid.report.intake.map_record import map_record
from citybraid.report.intake.reading_record import FileProgress, ReadingRecord
from citybraid.report.intake.record import record_of
from citybraid.store.store import Store
from citybraid.study.open.events import Emit, Event, FileRead, FilesPlanned, FileStarted

FOLDER = "intake"
"""Folder beside the store."""


class Recording:
    """Follows a check and writes what it finds for those who look on from another process."""

    def __init__(self, store: Store) -> None:
        self._folder = store.folder.parent / FOLDER
        self._planned = 0
        self._files: dict[str, FileProgress] = {}

    def following(self, emit: Emit) -> Emit:
        """Return a receiver of events that notes which file is read and passes them on."""

        def follow(event: Event) -> None:
            self._note(event)
            emit(event)

        return follow

    def finish(self, summary: IntakeReport) -> None:
        """Write the record and the map of a check."""
        self._write("map", map_record(summary).model_dump_json())
        self._write("record", record_of(summary).model_dump_json())

    def _note(self, event: Event) -> None:
        if isinstance(event, FilesPlanned):
            self._planned, self._files = event.files, {}
        elif isinstance(event, FileStarted):
            self._files[event.file] = FileProgress(file=event.file, done=False, known=False, seconds=0.0)
        elif isinstance(event, FileRead):
            self._files[event.file] = FileProgress(
                file=event.file, done=True, known=event.known, seconds=round(event.seconds, 2)
            )
        else:
            return
        record = ReadingRecord(planned=self._planned, files=tuple(self._files.values()))
        self._write("reading", record.model_dump_json())

    def _write(self, name: str, content: str) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            part = self._folder / f".{uuid.uuid4().hex}.part"
            part.write_text(content, encoding="utf-8", newline="\n")
            part.replace(self.path(name))
        except OSError as fault:
            raise StoreError("store.unwritable", folder=self._folder, why=fault.strerror or str(fault)) from fault

    def path(self, name: str) -> Path:
        """Return where a part of the recording stands: reading, record or map."""
        return self._folder / f"{name}.json"
