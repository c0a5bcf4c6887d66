"""How well a press is led by the breath: whole presses in a closed loop, with made-up people.

The real session and listener lead somebody who breathes under a partner's hands in one
of `WAYS`, while the coach's voice comes back as an echo. Beside them stands a detector that takes
every loud sound for breath.
"""

from __future__ import annotations

import math
import multiprocessing
import os
from collections import deque
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from benchmark.breathing import RECORDED, WAYS, BreathOut, Person
from benchmark.echoes import Conditions, Echo, Loudspeaker
from benchmark.figures import Row, proportion
from benchmark.reports import OURS
from benchmark.rooms import Microphone, draw_room, paths
from benchmark.simulated_room import LEVEL, known_person
from benchmark.table import Section
from benchmark.workers import narrator
from voice_coach.aec.canceller import EchoCanceller
from voice_coach.catalogue import read_language
from voice_coach.core.commands import Command
from voice_coach.core.config import SessionConfig
from voice_coach.core.events import Heard, Noticed
from voice_coach.core.pace import DEFAULT_RATE
from voice_coach.core.ports import BLOCK, BLOCK_SECONDS, SAMPLE_RATE
from voice_coach.core.session import Session
from voice_coach.core.simulation import Simulation
from voice_coach.core.transitions import State
from voice_coach.hearing.breath import BreathDetector, BreathFollower, level_of
from voice_coach.hearing.front_end import FrontEnd
from voice_coach.hearing.listener import Listener
from voice_coach.hearing.no_recogniser import NoRecogniser
from voice_coach.hearing.second_pass import run_second_pass
from voice_coach.hearing.vad import NearEndVad
from voice_coach.hearing.worker import InlineWorker

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from benchmark.corpus import CorpusFile
    from voice_coach.aec.frame import AecFrame
    from voice_coach.core.language import Language
    from voice_coach.core.simulation import Spoken
    from voice_coach.hearing.breath import BreathChange
    from voice_coach.hearing.front_end import BreathSource

    Samples = NDArray[np.float32]

ROUTINE = "assisted-press"
FREE_STEP, AFTER = 3, 10
"""The steps of the free breaths, and after the press, as a view counts."""
ECHOES = (-15.0, -10.0, -5.0, 0.0)
"""Loudness of the coach's echo against the person's voice, in dB, in turn."""
ENDS_LATE = 0.3
"""Seconds after its end in which a breath is still one for whoever listens."""
LOUDNESS = (-13.0, -7.0)
"""Range of a person's breaths against their voice, in dB."""
FULL, PEER = 30, 4
"""Presses of each way to breathe, and of the other detector. A quick run has one press each."""
FLOOR_SECONDS, ABOVE_FLOOR = 12.0, 6.0
"""Seconds whose quietest tenth is the floor, and decibels above it at which the detector of
loudness takes a block for breath."""
QUICK_ROUNDS = 4
"""Breaths after which a press of a quick run ends: the two free ones, and two rounds."""
HEAD = """\
The real session and listener, without a recogniser, lead made-up people through the press. The
coach's echo is 0 to 15 dB below the person, their breaths are 7 to 13 dB below. A breath is audible
if it begins in time and lasts two seconds. No person was there: see [breath.md](breath.md)."""


class LoudnessDetector:
    """Takes whatever is some decibels above the floor for breath."""

    def __init__(self) -> None:
        self._levels: deque[float] = deque(maxlen=round(FLOOR_SECONDS / BLOCK_SECONDS) + 1)
        self._follower = BreathFollower()

    @property
    def may_be_breath(self) -> bool:
        """Whether the latest block may be part of a breath."""
        return self._follower.may_be_breath

    def step(self, frame: AecFrame) -> BreathChange | None:
        """Take the next block; give what became known with it."""
        return self.follow(level_of(frame))

    def follow(self, level: float) -> BreathChange | None:
        """Take the next block's level in dB; give what became known with it."""
        self._levels.append(level)
        floor = float(np.percentile(self._levels, 10))
        return self._follower.step((level - floor - ABOVE_FLOOR) / 3, level)


DETECTORS: dict[str, Callable[[], BreathSource]] = {
    OURS: BreathDetector,
    "loudness alone": LoudnessDetector,
}


@dataclass
class Rounds:
    """What came of the presses of one way to breathe."""

    rounds: int = 0
    pushes: int = 0
    without_breath: int = 0
    """Pushes that were told while nobody breathed out."""
    audible: int = 0
    """Breaths out that began in time, and were long enough for a push."""
    missed: int = 0
    """Of these, how many got none."""
    released: int = 0
    """Pushes that ended before the next breath in was called."""
    breaths: int = 0
    """Breaths in that were called: of the rounds, and of the free breaths before them."""
    silenced: int = 0
    """Of these, after how many the coach fell silent before the next, as if somebody had spoken."""

    def __add__(self, other: Rounds) -> Rounds:
        """Put two counts together."""
        return Rounds(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


@dataclass(frozen=True)
class _Task:
    way: str
    seed: int
    detector: str
    rounds: float
    recordings: tuple[CorpusFile, ...] = ()


def measure(*, quick: bool, seed: int, recordings: Sequence[CorpusFile] = ()) -> Section:
    """Lead all presses, on all cores; `recordings` are breaths out of real people."""
    ways = WAYS[:1] if quick else WAYS
    if recordings:
        ways = (*ways, RECORDED)
    presses = {name: 1 if quick else FULL if name == OURS else PEER for name in DETECTORS}
    rounds = QUICK_ROUNDS if quick else math.inf
    tasks = [
        _Task(way, seed + number, name, rounds, tuple(recordings) if way == RECORDED else ())
        for name, most in presses.items()
        for number in range(most)
        for way in ways
    ]
    found = {name: dict.fromkeys(ways, Rounds()) for name in DETECTORS}
    # A fresh process each, for a copy of one that has loaded a model may hang.
    with multiprocessing.get_context("spawn").Pool(os.cpu_count()) as pool:
        for task, came in pool.imap_unordered(_play, tasks):
            found[task.detector][task.way] += came
    totals = {name: sum(each.values(), Rounds()) for name, each in found.items()}
    settings = {
        "presses": ", ".join(f"{len(ways) * most} by {name}" for name, most in presses.items()),
        "rounds": ", ".join(f"{total.rounds} by {name}" for name, total in totals.items()),
        "seed": str(seed),
    }
    left_out = [] if recordings else ["No --corpus with breaths was given: real ones are left out."]
    tail = _by_way(found[OURS])
    return Section("Breath", HEAD, _rows(totals), settings, left_out, tail=tail)


def _rows(totals: dict[str, Rounds]) -> list[Row]:
    def row(measure: str, limit: float, count: str, of: str, *, at_most: bool = True) -> Row:
        figures = {
            name: proportion(getattr(total, count), getattr(total, of))
            for name, total in totals.items()
        }
        return Row(measure, limit, figures, at_most=at_most, unit=" %")

    return [
        row("Pushes without a breath out", 0, "without_breath", "pushes"),
        row("Audible breaths out without a push", 5, "missed", "audible"),
        row("Let go before the next breath in", 99, "released", "pushes", at_most=False),
        row("Breaths in which the coach fell silent", 5, "silenced", "breaths"),
    ]


def _by_way(found: dict[str, Rounds]) -> str:
    names = (
        *("rounds", "pushes", "without a breath", "audible breaths", "without a push"),
        *("let go", "breaths called", "silent in"),
    )
    lines = [f"| people | {' | '.join(names)} |", f"|---{'|--:' * len(names)}|"]
    for way, total in found.items():
        counts = (str(getattr(total, each.name)) for each in fields(total))
        lines.append(f"| {way} | {' | '.join(counts)} |")
    return "\n".join(lines)


def _play(task: _Task) -> tuple[_Task, Rounds]:
    recordings = tuple(each.make() for each in task.recordings)
    return task, play(task.way, task.seed, DETECTORS[task.detector], task.rounds, recordings)


def play(
    way: str,
    seed: int,
    breaths: Callable[[], BreathSource],
    rounds: float = math.inf,
    recordings: tuple[Samples, ...] = (),
) -> Rounds:
    """Lead one press, until so many breaths are over; give what came of it."""
    rng = np.random.default_rng([seed, (*WAYS, RECORDED).index(way)])
    language = read_language()
    session = Session(SessionConfig(language=language, routine=ROUTINE, stop_tested=True))
    simulation = Simulation(session)
    _lead(simulation)
    simulation._seconds = _seconds  # noqa: SLF001 - from here on, each sentence lasts as its clip
    room = draw_room("report", int(rng.integers(1 << 16)))
    to_echo, to_person, _ = paths(room)
    noise = float(rng.uniform(-42, -28))
    conditions = Conditions(ECHOES[seed % len(ECHOES)], noise=noise)
    echo = Echo(
        to_echo, conditions, loudspeaker=Loudspeaker(rng, strong=False), delay=room.delay, rng=rng
    )
    echo.set_level(
        np.concatenate([_clip(cue) for cue in _cues(session)]), LEVEL * 10 ** (conditions.echo / 20)
    )
    microphone = Microphone(LEVEL * 10 ** (noise / 20), rng)
    person = Person(way, to_person, rng, float(rng.uniform(*LOUDNESS)), recordings)
    listener = _listener(language, breaths)
    silenced: set[int] = set()
    began, followed, position, begun = simulation.now, len(simulation.spoken), 0, 0
    cue_in = _cues(session)[0]
    while _goes_on(simulation) and begun <= rounds:
        simulation.advance(BLOCK_SECONDS)
        for spoken in simulation.spoken[followed:]:
            begun += spoken.text == cue_in
            if spoken.text.startswith("Breathe"):
                person.follow(spoken.text, spoken.start - began)
        followed = len(simulation.spoken)
        far_end = _far_end(simulation, simulation.now - BLOCK_SECONDS)
        arrived = microphone.hear(echo.hear(far_end) + person.sound(position))
        position += BLOCK
        for event in listener.hear(np.clip(arrived, -1, 1), far_end):
            if isinstance(event, Noticed) and event.kind == "hush" and begun:
                silenced.add(begun)
            simulation.handle(event)
        if simulation.session.state is State.WAITING and not simulation.busy:
            simulation.handle(Heard(Command.NEXT, source="key"))
    outs = [BreathOut(*(began + at for at in breath)) for breath in person.breaths]
    told = [each for each in simulation.spoken if each.start >= began]
    release = language.coach.press.release
    result = counted(told, outs, _cues(session), release, simulation.now)
    return replace(result, breaths=begun, silenced=len(silenced))


def _goes_on(simulation: Simulation) -> bool:
    """Tell whether the press is not over, and nothing has ended the routine."""
    session = simulation.session
    return session.state is not State.ENDED and session.view(simulation.now).step < AFTER


def _listener(language: Language, breaths: Callable[[], BreathSource]) -> Listener:
    """Make the coach's listener without a recogniser, for nobody says a word.

    It listens for breaths all the time, as it does in all of the routine.
    """
    deaf = NoRecogniser()
    front_end = FrontEnd(deaf, deaf, EchoCanceller(), NearEndVad(), breaths)
    front_end.listen_for_breath(on=True)
    worker = InlineWorker(partial(run_second_pass, deaf))
    return Listener(front_end, worker, language, person=known_person())


def _clip(text: str) -> Samples:
    return narrator().clip(text, DEFAULT_RATE).samples


def _seconds(text: str, rate: int) -> float:
    del rate
    return len(_clip(text)) / SAMPLE_RATE


def _cues(session: Session) -> Sequence[str]:
    """Give the cues of the press: in, out, push, let go."""
    presses = (step.breathing for step in session.script if step.source.is_press)
    return next(each.cues for each in presses if each)


def _lead(simulation: Simulation) -> None:
    """Lead it to where the free breaths are told."""
    while simulation.session.view(simulation.now).step < FREE_STEP:
        if simulation.session.state is State.SOUND_CHECK and not simulation.busy:
            simulation.handle(Heard(Command.READY, source="key"))
        elif simulation.session.state is State.WAITING and not simulation.busy:
            simulation.handle(Heard(Command.NEXT, source="key"))
        else:
            simulation.step()


def _far_end(simulation: Simulation, start: float) -> Samples:
    """Give what the loudspeaker plays in the block that begins now."""
    block = np.zeros(BLOCK, np.float32)
    for spoken in simulation.spoken[-2:]:
        at = round((start - spoken.start) * SAMPLE_RATE)
        if at + BLOCK <= 0 or start >= spoken.end:
            continue
        part = _clip(spoken.text)[max(0, at) : at + BLOCK]
        first = max(0, -at)
        block[first : first + len(part)] += part[: BLOCK - first]
    return block


def counted(
    spoken: Sequence[Spoken],
    breaths: Sequence[BreathOut],
    cues: Sequence[str],
    release: str,
    end: float,
) -> Rounds:
    """Count what came of a press until `end`, from what was spoken and when somebody breathed out.

    The `cues` are in, out, push and let go; `release` is what an interruption says in place of the
    last. All times are in seconds of the session.
    """
    cue_in, cue_out, push, let_go = cues
    result = Rounds()
    starts = {text: [s.start for s in spoken if s.text == text] for text in (cue_in, push)}
    releases = [each.start for each in spoken if each.text in (let_go, release)]
    outs = [each for each in spoken if each.text == cue_out]
    ins = [*starts[cue_in], end, np.inf]
    result.rounds = len(outs)
    for at in starts[push]:
        result.pushes += 1
        result.without_breath += not any(b.began <= at <= b.ended + ENDS_LATE for b in breaths)
        released = next((each for each in releases if each > at), end)
        result.released += released <= next(each for each in ins if each > at)
    ends = [*(each.start for each in outs), end][1:]
    for cue, following in zip(outs, ends, strict=True):
        # A breath of two seconds leaves room to be heard, told and followed.
        if any(cue.start <= b.audible <= cue.end + 0.6 and b.seconds >= 2.0 for b in breaths):
            result.audible += 1
            result.missed += not any(cue.start <= each < following for each in starts[push])
    return result
