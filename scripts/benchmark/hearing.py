"""How well it hears: scenes in simulated rooms, for us and for the peers."""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from importlib.util import find_spec
from typing import TYPE_CHECKING

import numpy as np

from benchmark import cost, crew, peers, plots, rooms, synthesisers, voices
from benchmark.corpus import Corpus
from benchmark.kept import Kept
from benchmark.plans import FULL, PEERS, QUICK, QUICK_PEERS
from benchmark.reports import OURS
from benchmark.rows import rows
from benchmark.scenes import SETS, Playwright
from benchmark.sections import Section
from voice_coach.catalogue import read_language

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from benchmark.plans import Plan
    from benchmark.reports import Report

HEAD = """\
Each figure with its 95 % interval (Wilson for shares, exact Poisson for rates, order statistics for
times) and on how much it stands. Peers hear the same microphone and move nothing: the moment they
hear a cry counts as silence and as end. A peer that ends the routine thousands of times an hour
hears every cry by chance: read both rows together."""


def measure(asked: argparse.Namespace, out: Path, tell: Callable[[str], None]) -> Section:
    """Play every scene, or what is not kept of it from a run before; keep the plots in `out`."""
    if asked.corpus and not find_spec("soundfile"):
        sys.exit("soundfile is not installed (pip install soundfile): --corpus cannot be read.")
    began = time.monotonic()
    plan = QUICK if asked.quick else FULL
    if asked.events is not None:
        plan = replace(plan, emergencies=asked.events)
    sounds = voices.SoundStore(asked.out / "sounds" if asked.out else None).folder
    left_out = [*synthesisers.missing(), *peers.missing(), *plots.missing(), *rooms.missing()]
    if not asked.corpus:
        left_out.append("No --corpus was given: real voices are left out.")
    crew.clips()
    tasks = _tasks(asked, plan, sounds)
    played = _played(tasks, Kept(out), tell)
    if missing := len(tasks) - len(played):
        left_out.append(
            f"{missing} of {len(tasks)} scenes, for it was broken off; "
            "the same command with the same --out goes on."
        )
    reports = [report for each in played.values() for report in each]
    reports.sort(key=lambda report: (report.contender, report.row, report.seed))
    found = rows(reports)
    if not asked.only or "cpu" in asked.only:
        scene = _playwright(asked, QUICK).scenes("over", None)[0]
        found.append(cost.row(replace(scene, obeyed=False), [OURS, *peers.names()], sounds))
    settings = {
        "part": asked.part,
        "seed": str(asked.seed),
        "plan": str(plan),
        "minutes it took": f"{(time.monotonic() - began) / 60:.1f}",
    }
    return Section("Hearing", HEAD, found, settings, left_out, plots.draw(out, reports))


def _played(
    tasks: Sequence[crew.Task], kept: Kept, tell: Callable[[str], None]
) -> dict[crew.Task, list[Report]]:
    """Play every scene that is not kept from a run before; fewer if it is broken off."""
    played = {task: found for task in tasks if (found := kept.find(task))}
    try:
        for task, reports in crew.play(task for task in tasks if task not in played):
            kept.keep(task, reports)
            played[task] = reports
            who = "peers" if len(reports) > 1 else reports[0].contender
            tell(f"{len(played)} of {len(tasks)}: {task.scene.row} {task.scene.seed}, {who}")
    except KeyboardInterrupt:
        tell("Broken off.")
    return played


def _playwright(asked: argparse.Namespace, plan: Plan) -> Playwright:
    people = voices.voices(asked.part, synthesisers.engines())
    if not people:
        sys.exit("There is no synthesiser for the people's voices: apt install espeak-ng.")
    return Playwright(asked.part, asked.seed, plan, people, read_language())


def _tasks(asked: argparse.Namespace, plan: Plan, folder: Path) -> list[crew.Task]:
    """Give every scene to us and, where there are peers to compare with, to each.

    They come in random order, so that a run that is broken off has a fair share of everything.
    """
    corpus = Corpus(asked.corpus, asked.part) if asked.corpus else None
    ours = _playwright(asked, plan)
    theirs = _playwright(asked, QUICK_PEERS if asked.quick else PEERS)
    tasks = []
    for kind in SETS:
        if asked.only and kind not in asked.only:
            continue
        scenes = ours.scenes(kind, corpus)
        tasks += [crew.Task(scene, (OURS,), folder) for scene in scenes]
        if kind != "hard":
            scenes = theirs.scenes(kind, corpus)
            tasks += [crew.Task(scene, tuple(peers.names()), folder) for scene in scenes]
    return [tasks[k] for k in np.random.default_rng(asked.seed).permutation(len(tasks))]
