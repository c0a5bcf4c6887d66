"""How well it hears: scenes in simulated rooms, for us and for the baselines."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import numpy as np

from benchmark import baselines, cost, plots, rooms, synthesisers, voices, workers
from benchmark.coach import sentences
from benchmark.corpus import Corpus
from benchmark.plans import BASELINES, FULL, QUICK, QUICK_BASELINES
from benchmark.reports import OURS
from benchmark.result_cache import ResultCache
from benchmark.rows import rows
from benchmark.scene_generator import SETS, UNCOMPARED, SceneGenerator
from benchmark.table import Section
from voice_coach.catalogue import read_language
from voice_coach.core.pace import DEFAULT_RATE
from voice_coach.speech.voices import usual_voice

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from benchmark.plans import Plan
    from benchmark.reports import Report

HEAD = """\
The coach leads real sessions in simulated rooms. Each figure has its 95 % interval (Wilson for
shares, exact Poisson for rates, order statistics for times) and tells on how much it stands.
Baselines hear the same microphone and move nothing: the moment they hear a cry counts as silence
and as end. A baseline that ends the routine thousands of times an hour hears every cry by chance:
read both rows together."""


def measure(asked: argparse.Namespace, out: Path, tell: Callable[[str], None]) -> Section:
    """Play every scene that is not in the result cache of `out`; put the plots there, too."""
    began = time.monotonic()
    plan = QUICK if asked.quick else FULL
    sounds = voices.SoundStore(asked.out / "sounds" if asked.out else None).folder
    tasks = _tasks(asked, plan, sounds)
    workers.narrator(asked.coach).hold(sentences(read_language()), DEFAULT_RATE)
    played = _played(tasks, ResultCache(out), tell)
    left_out = _missing(asked)
    if missing := len(tasks) - len(played):
        left_out.append(
            f"{missing} of {len(tasks)} scenes, because the run was broken off; "
            "the same command with the same --out goes on."
        )
    reports = [report for each in played.values() for report in each]
    reports.sort(key=lambda report: (report.contender, report.row, report.seed))
    found = rows(reports)
    if not asked.only or "cpu" in asked.only:
        scene = _generator(asked, QUICK).scenes("over")[0]
        found.append(cost.row(scene, [OURS, *baselines.names()], sounds, asked.coach))
    settings = {
        "part": asked.part,
        "coach's voice": asked.coach or usual_voice(read_language().code),
        "seed": str(asked.seed),
        "plan": str(plan),
        "sound played": f"{sum(report.seconds for report in reports) / 3600:.1f} h",
        "minutes it took": f"{(time.monotonic() - began) / 60:.1f}",
    }
    return Section("Hearing", HEAD, found, settings, left_out, plots.draw(out, reports))


def _missing(asked: argparse.Namespace) -> list[str]:
    """Say what is left out, a sentence each."""
    left_out = [*synthesisers.missing(), *baselines.missing(), *plots.missing(), *rooms.missing()]
    if not asked.corpus:
        left_out.append("No --corpus was given: real voices are left out.")
    return left_out


def _played(
    tasks: Sequence[workers.Task], cache: ResultCache, tell: Callable[[str], None]
) -> dict[workers.Task, list[Report]]:
    """Play every scene that is not in the cache; fewer if the run is broken off."""
    played = {task: found for task in tasks if (found := cache.find(task))}
    try:
        for task, reports in workers.play(task for task in tasks if task not in played):
            cache.add(task, reports)
            played[task] = reports
            who = "baselines" if len(reports) > 1 else reports[0].contender
            tell(f"{len(played)} of {len(tasks)}: {task.scene.row} {task.scene.seed}, {who}")
    except KeyboardInterrupt:
        tell("Broken off.")
    return played


def _generator(asked: argparse.Namespace, plan: Plan) -> SceneGenerator:
    people = voices.voices(asked.part, synthesisers.engines())
    if not people:
        sys.exit("There is no synthesiser for the people's voices: apt install espeak-ng.")
    corpus = Corpus(asked.corpus, asked.part) if asked.corpus else None
    return SceneGenerator(
        asked.part,
        asked.seed,
        plan,
        people,
        read_language(),
        corpus=corpus,
    )


def _tasks(asked: argparse.Namespace, plan: Plan, folder: Path) -> list[workers.Task]:
    """Give every scene to our listener and, where there is something to compare, to baselines.

    They come in random order, so that a run that is broken off has a fair share of everything.
    """
    ours = _generator(asked, plan)
    theirs = _generator(asked, QUICK_BASELINES if asked.quick else BASELINES)
    tasks = []
    for kind in asked.only or SETS:
        if kind not in SETS:
            continue
        tasks += [workers.Task(scene, (OURS,), folder, asked.coach) for scene in ours.scenes(kind)]
        if kind not in UNCOMPARED and not asked.ours:
            names = tuple(baselines.names())
            tasks += [
                workers.Task(scene, names, folder, asked.coach) for scene in theirs.scenes(kind)
            ]
    return [tasks[k] for k in np.random.default_rng(asked.seed).permutation(len(tasks))]
