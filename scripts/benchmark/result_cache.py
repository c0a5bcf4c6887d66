"""The result cache: reports of scenes that were played, so that a run can go on after a break.

A change of the program makes all of it void, because it may change any report.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import voice_coach
from benchmark.reports import EventOutcome, Hit, Report

if TYPE_CHECKING:
    from benchmark.workers import Task

PROGRAM = (Path(voice_coach.__file__).parent, Path(__file__).parent)
"""All that a figure may depend on."""


class ResultCache:
    """A folder's file of reports, one scene a line."""

    def __init__(self, folder: Path) -> None:
        """Read what another run with the same program has left."""
        self._file = folder / "played.jsonl"
        self._program = _program()
        self._played: dict[str, list[Report]] = {}
        if self._file.exists():
            for line in self._file.read_text("utf-8").splitlines():
                self._read(line)

    def _read(self, line: str) -> None:
        try:
            entry = json.loads(line)
        except ValueError:
            return  # the line in which it was broken off
        if entry["program"] == self._program:
            self._played[entry["task"]] = [_report(plain) for plain in entry["reports"]]

    def find(self, task: Task) -> list[Report] | None:
        """Give what came of it, if it was played before."""
        return self._played.get(_name(task))

    def add(self, task: Task, reports: list[Report]) -> None:
        """Write it down at once."""
        entry = {
            "program": self._program,
            "task": _name(task),
            "reports": [asdict(report) for report in reports],
        }
        with self._file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry, default=sorted) + "\n")


def _name(task: Task) -> str:
    """Name a scene by what it was drawn from; its sounds follow from that."""
    scene = task.scene
    drawn = (scene.part, scene.row, scene.seed, len(scene.events), len(scene.talk))
    return " ".join(map(str, (*drawn, scene.seconds, *task.contenders, task.coach)))


def _program() -> str:
    digest = hashlib.sha256()
    for folder in PROGRAM:
        for file in sorted(folder.rglob("*")):
            if file.suffix in {".py", ".toml", ".txt", ".npz"}:
                digest.update(file.read_bytes())
    return digest.hexdigest()


def _report(plain: dict[str, Any]) -> Report:
    report = Report(**plain)
    report.hushes = [(at, seconds) for at, seconds in plain["hushes"]]
    report.hits = [Hit(**hit) for hit in plain["hits"]]
    report.outcomes = [
        EventOutcome(**{**outcome, "groups": frozenset(outcome["groups"])})
        for outcome in plain["outcomes"]
    ]
    return report
