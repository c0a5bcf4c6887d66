"""Measures how exactly it keeps time, how soon it falls silent and begins, and what that costs.

What sounds is measured in a recording of the virtual loudspeaker; what is computed, on the
processor's clock. The baseline is the loop of tutorials: a sentence, then a sleep.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import tempfile
import time
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from trials.coach import SessionOver, begin
from trials.virtual_sound_card import VirtualSoundCard

from benchmark import speeds, timing_probes
from benchmark.figures import NOTHING, Figure, Row, plain, share_of
from benchmark.onsets import QUIET, drift, lateness, onsets
from benchmark.reports import OURS
from benchmark.table import Section
from voice_coach.app import Nobody
from voice_coach.audio.hearing_thread import DeafListener
from voice_coach.audio.mixer import Mixer
from voice_coach.audio.studio import Room, Studio
from voice_coach.catalogue import read_language
from voice_coach.core.actions import Say
from voice_coach.core.config import SessionConfig
from voice_coach.core.pace import DEFAULT_RATE
from voice_coach.core.ports import SAMPLE_RATE
from voice_coach.core.rendering import rendered
from voice_coach.core.session import Session
from voice_coach.core.transitions import State
from voice_coach.runner import Runner
from voice_coach.speech.clips import clip_store
from voice_coach.speech.narrator import PromptNarrator
from voice_coach.speech.pyttsx3_voice import Pyttsx3Voice
from voice_coach.speech.voices import open_voice

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from voice_coach.core.actions import Action
    from voice_coach.core.events import Event

    Lateness = tuple[list[float], list[float]]
    """When each cue was planned, and how late it was, both in seconds."""

BASELINE = "sentences with time.sleep"
ROUTINE, CUE, BREATH = "gentle-bends-shower", "Breathe in.", 2.0
"""The routine whose cues are measured, the baseline's sentence, and its seconds a breath."""
AWAITED = (State.SOUND_CHECK, State.BRIEFING, State.WAITING)
"""The states without cues: the session is led on from them at once."""
LONGEST_START = 60.0
"""Seconds after which it did not begin."""
SCRIPTS = Path(__file__).parents[1]


HEAD = """\
What sounds is measured in a recording of a virtual loudspeaker or of the studio, with 95 %
intervals by order statistics; the drift's by its regression. On a busy computer all is worse."""


@dataclass(frozen=True)
class Paces:
    """How much is measured."""

    seconds: float
    """Of the session, at most."""
    baseline: float
    """Seconds of the baseline."""
    cuts: int
    starts: int
    """With and without clips in the cache."""
    speeds: int
    """How often each computation is repeated."""
    demos: int
    """Sessions with all that hears, of which each takes most of a minute."""


FULL = Paces(seconds=300, baseline=120, cuts=60, starts=9, speeds=5, demos=5)
QUICK = Paces(seconds=20, baseline=6, cuts=3, starts=1, speeds=1, demos=0)


def measure(paces: Paces) -> Section:
    """Measure everything."""
    with tempfile.TemporaryDirectory() as folder, VirtualSoundCard() as card:
        ours, memory = _session(card, paces, Path(folder))
        baseline = _baseline(card, paces, Path(folder))
        cut = _cuts(card, paces)
        warm, cold = _starts(card, paces, Path(folder))
    in_studio = _studio()
    late = "Cue onset against the plan,"
    rows = [
        Row(f"{late} studio: p99", 10, {OURS: _p99(in_studio)}, unit=" ms"),
        Row(
            f"{late} virtual sound card: p99",
            10,
            {OURS: _p99(ours), BASELINE: _p99(baseline)},
            unit=" ms",
        ),
        Row(f"{late} drift", math.nan, {OURS: _drift(ours), BASELINE: _drift(baseline)}),
        Row(
            "Cut: decided → silence at the loudspeaker, p95",
            40,
            {OURS: _milliseconds(cut, 0.95)},
            unit=" ms",
        ),
        Row("First sound, clips in the cache, median", 0.5, {OURS: share_of(warm, 0.5)}, unit=" s"),
        Row("First sound, empty cache, median", 1.5, {OURS: share_of(cold, 0.5)}, unit=" s"),
        Row("Memory of a session", 350, {OURS: plain(memory, f"{memory:.0f} MB")}, unit=" MB"),
        _at_least(
            "Studio with the recogniser", 15, speeds.with_hearing(paces.demos), "× real time"
        ),
        _at_least("Session without sound", 5000, speeds.simulations(paces.speeds), "× real time"),
        _at_least("Core alone", 100_000, speeds.events(paces.speeds), "events/s"),
    ]
    return Section("Pacing and start", HEAD, rows, {"plan": str(paces)})


def _at_least(measure: str, limit: float, values: list[float], unit: str) -> Row:
    figure = share_of(values, 0.5, unit, 0)
    return Row(measure, limit, {OURS: figure}, at_most=False, unit=f" {unit}")


def _p99(cues: Lateness) -> Figure:
    return _milliseconds([abs(each) for each in cues[1]], 0.99)


def _milliseconds(seconds: list[float], share: float) -> Figure:
    return share_of([1000 * each for each in seconds], share, "ms", 1)


def _drift(cues: Lateness) -> Figure:
    value, reach = (1000 * each for each in drift(*cues))
    if math.isnan(value):
        return NOTHING
    text = f"{value:+.0f} ms/h ({value - reach:+.0f}–{value + reach:+.0f})"
    return Figure(value, value - reach, value + reach, text)


def _session(card: VirtualSoundCard, paces: Paces, folder: Path) -> tuple[Lateness, float]:
    """Lead a session; give the lateness of its cues, and the megabytes it took."""
    memory = 0.0
    with (
        card.record_loudspeaker() as loudspeaker,
        begin(card, ROUTINE, folder, timing_probes) as coach,
    ):
        until = time.monotonic() + paces.seconds
        with suppress(SessionOver):
            for line in coach.lines(until):
                memory = max(memory, _memory(coach.pid))
                if any(coach.is_in(state, line) for state in AWAITED):
                    coach.go_on()
    log = next(folder.rglob("*.jsonl"))
    return lateness(_planned(log), onsets(loudspeaker.samples, SAMPLE_RATE)), memory


def _planned(log: Path) -> list[tuple[float, str]]:
    """Give every cue on the beat that the session asked for, and when."""
    entries = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    said = (entry for entry in entries if entry.get("action") == "Say" and "latest" in entry)
    return [(entry["at"], entry["text"]) for entry in said]


def _memory(pid: int) -> float:
    """Give the most megabytes that a process and its children ever held."""
    with suppress(OSError):
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
        return sum(_peak(each) for each in (str(pid), *children))
    return 0.0


def _peak(pid: str) -> float:
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    found = [line for line in status.splitlines() if line.startswith("VmHWM")]
    return int(found[0].split()[1]) / 1024 if found else 0.0


def _baseline(card: VirtualSoundCard, paces: Paces, folder: Path) -> Lateness:
    with closing(PromptNarrator(Pyttsx3Voice(), clip_store())) as narrator:
        clip = narrator.clip(CUE, DEFAULT_RATE)
    file = folder / "cue.f32"
    clip.samples.tofile(file)
    times = int(paces.baseline / BREATH)
    with card.record_loudspeaker() as loudspeaker:
        _run(card, "tutorial", str(file), str(BREATH), str(times))
    planned = [(BREATH * number, CUE) for number in range(times)]
    found = onsets(loudspeaker.samples, SAMPLE_RATE)[:times]
    late = [float(at - found[0] - want) for at, (want, _) in zip(found, planned, strict=False)]
    return [at for at, _ in planned[: len(late)]], late


def _cuts(card: VirtualSoundCard, paces: Paces) -> list[float]:
    with card.record_loudspeaker() as loudspeaker:
        asked = [float(line) for line in _run(card, "cuts", str(paces.cuts)).split()]
    samples = loudspeaker.samples
    loud = loudspeaker.times[: len(samples)][np.abs(samples) > QUIET]
    return [_last(loud, at) - at for at in asked]


def _last(loud: NDArray[np.float64], at: float) -> float:
    """Give the last moment at which a tone that was cut `at` can be heard."""
    return float(np.max(loud[loud < at + timing_probes.SECONDS / 2], initial=at))


def _run(card: VirtualSoundCard, *words: str) -> str:
    return subprocess.run(  # noqa: S603 - it is our own
        [sys.executable, "-m", timing_probes.__name__, *words],
        env={**os.environ, **card.env, "PYTHONPATH": str(SCRIPTS)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout


def _starts(card: VirtualSoundCard, paces: Paces, folder: Path) -> tuple[list[float], list[float]]:
    """Give the seconds from the command to its first sound: with clips in the cache, and without.

    The first start of all compiles the modules, as an installation does, and is not counted.
    """
    warm, cold = [], []
    compiled = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(folder / "compiled")}
    for number in range(paces.starts + 1):
        cache = {"XDG_CACHE_HOME": str(folder / f"cache-{number}"), **compiled}
        empty = _first_sound(card, cache | {"XDG_DATA_HOME": str(folder / f"data-{number}")})
        full = _first_sound(card, cache | {"XDG_DATA_HOME": str(folder / f"data-{number}-again")})
        cold.append(empty)
        warm.append(full)
    return warm[1:], cold[1:]


def _first_sound(card: VirtualSoundCard, env: dict[str, str]) -> float:
    with card.record_loudspeaker() as loudspeaker:
        began = time.monotonic()
        process = subprocess.Popen(  # noqa: S603 - it is our own
            [sys.executable, "-m", "voice_coach", "run", ROUTINE],
            env={**os.environ, **card.env, **env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            while time.monotonic() < began + LONGEST_START:
                time.sleep(0.05)
                if len(onsets(loudspeaker.samples, SAMPLE_RATE)):
                    break
        finally:
            process.kill()
            process.wait()
    samples = loudspeaker.samples
    loud = loudspeaker.times[: len(samples)][np.abs(samples) > QUIET]
    return float(loud[0] - began) if len(loud) else math.inf


def _studio() -> Lateness:
    """Lead the same routine in the studio; give the lateness of its cues."""
    language = read_language()
    language = language.with_only(rendered(language.routine(ROUTINE), language))
    session = Session(SessionConfig(language=language, routine=ROUTINE, rendered=True))
    studio = Studio(Mixer(), DeafListener(), Room())
    cues: list[tuple[float, str]] = []

    def note(_: float, what: Event | Action) -> None:
        if isinstance(what, Say) and what.latest is not None:
            cues.append((what.at, what.text))

    with closing(PromptNarrator(open_voice(language), clip_store())) as narrator:
        Runner(session, studio, narrator, Nobody(), note).run()
    return lateness(cues, onsets(studio.played, SAMPLE_RATE))
