"""Workers: a process for each core, with one speech model, plays scene after scene.

A scene depends on nothing but itself, so it does not matter which worker plays it, and when.
"""

from __future__ import annotations

import multiprocessing
import os
from dataclasses import dataclass, replace
from functools import cache
from signal import SIG_IGN, SIGINT, signal
from typing import TYPE_CHECKING

from benchmark import baselines
from benchmark.coach import render
from benchmark.reports import OURS
from benchmark.simulation import Kit, RecordedScene, run
from benchmark.voices import SoundStore
from voice_coach.catalogue import read_language
from voice_coach.hearing.listener import Listener, open_listener
from voice_coach.hearing.recognisers import Recognisers, open_recognisers
from voice_coach.speech.clips import clip_store
from voice_coach.speech.narrator import PromptNarrator
from voice_coach.speech.voices import open_voice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from benchmark.coach import Clips
    from benchmark.reports import Report
    from benchmark.scene import Scene
    from benchmark.simulation import Baseline


@dataclass(frozen=True)
class Task:
    """One scene, for our listener or for the baselines."""

    scene: Scene
    contenders: tuple[str, ...]
    folder: Path
    """Where sounds are kept."""
    coach: str = ""
    """The coach's voice; empty: the one that ships."""


def play(tasks: Iterable[Task]) -> Iterator[tuple[Task, list[Report]]]:
    """Play all scenes; each comes with its reports as it is done, in any order."""
    # A fresh process, for a copy of one that has loaded a model may hang. Only we are broken off.
    context = multiprocessing.get_context("spawn")
    with context.Pool(os.cpu_count(), signal, (SIGINT, SIG_IGN)) as pool:
        yield from pool.imap_unordered(_play, tasks)


def _play(task: Task) -> tuple[Task, list[Report]]:
    return task, _reports(task)


def _reports(task: Task) -> list[Report]:
    """Let the session obey our listener; baselines move nothing, and hear one recording."""
    kit = Kit(read_language(), narrator(task.coach), SoundStore(task.folder))
    if task.contenders == (OURS,):
        return [replace(run(task.scene, listener(), kit), contender=OURS)]
    recorded = RecordedScene(task.scene, kit)
    return [recorded.play_to(_baselines()[name](), name) for name in task.contenders]


def player(contender: str) -> Baseline:
    """Make what hears a recorded scene; models are loaded once in each process."""
    return listener() if contender == OURS else _baselines()[contender]()


def listener() -> Listener:
    """Make our listener for one scene."""
    return open_listener(read_language(), _recognisers())


@cache
def narrator(coach: str = "") -> PromptNarrator:
    """Give the coach's voice of this name; without one, the voice that ships."""
    return PromptNarrator(open_voice(read_language(), coach), clip_store())


@cache
def clips() -> Clips:
    """Give the coach's sentences."""
    return render(read_language())


@cache
def _recognisers() -> Recognisers:
    return open_recognisers(read_language())


@cache
def _baselines() -> dict[str, Callable[[], Baseline]]:
    return baselines.baselines(read_language())
