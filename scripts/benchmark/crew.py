"""Plays many scenes on all cores: a process each, with one speech model, scene after scene.

A scene depends on nothing but itself, so who plays it, and when, changes no figure: what was played
before a run was broken off need not be played again.
"""

from __future__ import annotations

import multiprocessing
import os
from dataclasses import dataclass, replace
from functools import cache
from signal import SIG_IGN, SIGINT, signal
from typing import TYPE_CHECKING

from benchmark import peers
from benchmark.closed_loop import Loop
from benchmark.coach import render
from benchmark.reports import OURS
from benchmark.tape import AudioRecorder
from benchmark.voices import SoundStore
from voice_coach import app
from voice_coach.catalogue import read_language
from voice_coach.hearing.recognisers import Recognisers, open_recognisers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from benchmark.closed_loop import Ear
    from benchmark.coach import Clips
    from benchmark.reports import Report
    from benchmark.scenes import Scene


@dataclass(frozen=True)
class Task:
    """One scene, for us or for the peers."""

    scene: Scene
    contenders: tuple[str, ...]
    folder: Path
    """Where sounds are kept."""


def play(tasks: Iterable[Task]) -> Iterator[tuple[Task, list[Report]]]:
    """Play all scenes; each comes with its reports as it is done, in any order."""
    # A fresh process, for a copy of one that has loaded a model may hang. Only we are broken off.
    context = multiprocessing.get_context("spawn")
    with context.Pool(os.cpu_count(), signal, (SIGINT, SIG_IGN)) as pool:
        yield from pool.imap_unordered(_play, tasks)


def _play(task: Task) -> tuple[Task, list[Report]]:
    return task, _reports(task)


def _reports(task: Task) -> list[Report]:
    """Close the loop for us; peers move nothing and hear it from one tape."""
    spoken, store = clips(), SoundStore(task.folder)
    if task.contenders == (OURS,):
        report = Loop(task.scene, ear(OURS), spoken, store).run()
        return [replace(report, contender=OURS)]
    tape = AudioRecorder(task.scene, spoken, store)
    return [tape.play_to(ear(name), name) for name in task.contenders]


def ear(contender: str) -> Ear:
    """Make the ear of one scene; models are loaded once in each process."""
    language = read_language()
    return app.open_listener(language, _ears()) if contender == OURS else _peers()[contender]()


@cache
def clips() -> Clips:
    """Give the coach's sentences."""
    return render(read_language())


@cache
def _ears() -> Recognisers:
    return open_recognisers(read_language())


@cache
def _peers() -> dict[str, Callable[[], Ear]]:
    return peers.peers(read_language())
