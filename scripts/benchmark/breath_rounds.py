"""Whole presses in a closed loop: the real session, canceller and detector, and made-up people.

Somebody breathes under a partner's hands in one of `WAYS`, while the coach's voice comes back as an
echo. Run it with: PYTHONPATH=scripts python -m benchmark.breath_rounds ROUNDS SEED
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from benchmark.breaths import breath, moving, onset, rustle
from benchmark.echoes import Conditions, Echo, Loudspeaker
from benchmark.noises import Noise
from benchmark.rooms import Microphone, draw_room, paths, through
from benchmark.simulated_room import LEVEL
from benchmark.workers import narrator
from voice_coach.aec.canceller import EchoCanceller
from voice_coach.catalogue import read_language
from voice_coach.core.commands import Command
from voice_coach.core.config import SessionConfig
from voice_coach.core.events import BreathEnded, BreathStarted, Heard
from voice_coach.core.pace import DEFAULT_RATE
from voice_coach.core.ports import BLOCK, BLOCK_SECONDS, SAMPLE_RATE
from voice_coach.core.session import Session
from voice_coach.core.simulation import Simulation
from voice_coach.core.transitions import State
from voice_coach.hearing.breath import BreathDetector

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

ROUTINE = "assisted-press"
FREE_STEP, AFTER = 3, 10
"""The steps of the free breaths, and after the press, as a view counts."""
WAYS = ("regular", "irregular", "held", "panting", "talking", "coughing", "silent")
ECHOES = (-15.0, -10.0, -5.0, 0.0)
"""Loudness of the coach's echo against the person's voice, in dB, in turn."""
ENDS_LATE = 0.3
"""Seconds after its end in which a breath is still one for whoever listens."""
LOUDNESS = (-13.0, -7.0)
"""Range of a person's breaths against their voice, in dB."""


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
    before_end: int = 0
    """Pushes that ended before the person's breath out did."""


@dataclass
class Person:
    """Breathes as they are told, in a way of their own."""

    way: str
    path: Samples
    rng: np.random.Generator
    level: float
    track: Samples = field(default_factory=lambda: np.zeros(0, np.float32))
    breaths: list[tuple[float, float]] = field(default_factory=list)
    """When the breaths out were audible, from and to, in seconds."""

    def follow(self, cue: str, at: float) -> None:
        """Do what this cue makes them do."""
        draw = self.rng
        if cue.startswith("Breathe in"):
            if self.way != "silent" and draw.random() < 0.5:
                self._breathe(at + draw.uniform(0.3, 0.8), draw.uniform(1, 2.2), inward=True)
            if self.way == "talking":
                self._add(
                    at + draw.uniform(0.5, 2), Noise("laugh", int(draw.integers(1 << 30))).make()
                )
            return
        begins, lasts = at + draw.uniform(0.4, 1.0), draw.uniform(4.5, 5.5)
        if self.way == "irregular":
            begins, lasts = at + draw.uniform(0.1, 2.5), draw.uniform(1.2, 8)
        elif self.way == "held" and draw.random() < 0.6:
            begins += draw.uniform(3, 6)
        elif self.way == "panting":
            for number in range(5):
                self._breathe(begins + number, 0.6)
            return
        elif self.way == "silent" or (self.way == "coughing" and draw.random() < 0.5):
            kind = str(draw.choice(("cough", "throat")))
            sounds = (
                Noise(kind, int(draw.integers(1 << 30))).make(),
                rustle(float(draw.uniform(0.5, 2)), draw, "report"),
                moving(float(draw.uniform(1, 3)), draw, "report"),
            )
            number = 0 if self.way == "coughing" else int(draw.integers(1, 4))
            if number < len(sounds):
                self._add(begins, np.asarray(sounds[number], np.float32))
            return
        self._breathe(begins, float(lasts))

    def _breathe(self, at: float, seconds: float, *, inward: bool = False) -> None:
        made = breath(seconds, self.rng, "report", inward=inward)
        begins, ends = onset(made)
        self._add(at, made.astype(np.float32), self.level - 3 * inward)
        if not inward:
            self.breaths.append((at + begins, at + ends))

    def _add(self, at: float, sound: Samples, level: float | None = None) -> None:
        arrived = through(self.path, sound)
        loud = LEVEL * 10 ** ((self.level if level is None else level) / 20)
        first = round(at * SAMPLE_RATE)
        missing = first + len(arrived) - len(self.track)
        if missing > 0:
            self.track = np.concatenate((self.track, np.zeros(missing, np.float32)))
        self.track[first : first + len(arrived)] += np.float32(loud) * arrived

    def sound(self, start: int) -> Samples:
        """Give the block that begins at this sample."""
        block = np.zeros(BLOCK, np.float32)
        part = self.track[start : start + BLOCK]
        block[: len(part)] = part
        return block


def play(way: str, seed: int) -> Rounds:
    """Lead one press; give what came of it."""
    rng = np.random.default_rng([seed, WAYS.index(way)])
    language, voice = read_language(), narrator()

    def clip(text: str) -> Samples:
        return voice.clip(text, DEFAULT_RATE).samples

    def seconds(text: str, rate: int) -> float:
        del rate
        return len(clip(text)) / SAMPLE_RATE

    session = Session(SessionConfig(language=language, routine=ROUTINE, stop_tested=True))
    simulation = Simulation(session)
    _lead(simulation)
    simulation._seconds = seconds  # noqa: SLF001 - from here on, each sentence lasts as its clip
    room = draw_room("report", int(rng.integers(1 << 16)))
    to_echo, to_person, _ = paths(room)
    noise = float(rng.uniform(-42, -28))
    conditions = Conditions(ECHOES[seed % len(ECHOES)], noise=noise)
    echo = Echo(
        to_echo, conditions, loudspeaker=Loudspeaker(rng, strong=False), delay=room.delay, rng=rng
    )
    cues = next(step.breathing for step in session.script if step.breathing).cues
    echo.set_level(
        np.concatenate([clip(cue) for cue in cues]), LEVEL * 10 ** (conditions.echo / 20)
    )
    microphone = Microphone(LEVEL * 10 ** (noise / 20), rng)
    person = Person(way, to_person, rng, float(rng.uniform(*LOUDNESS)))
    canceller, detector = EchoCanceller(), BreathDetector()
    began, followed, position = simulation.now, len(simulation.spoken), 0
    while simulation.session.view(simulation.now).step < AFTER:
        simulation.advance(BLOCK_SECONDS)
        for spoken in simulation.spoken[followed:]:
            if spoken.text.startswith("Breathe"):
                person.follow(spoken.text, spoken.start - began)
        followed = len(simulation.spoken)
        far_end = _far_end(simulation, clip, simulation.now - BLOCK_SECONDS)
        arrived = microphone.hear(echo.hear(far_end) + person.sound(position))
        position += BLOCK
        change = detector.step(canceller.process(np.clip(arrived, -1, 1), far_end))
        if change:
            kind = BreathStarted if change.started else BreathEnded
            simulation.handle(kind(round(change.ago, 2), round(change.confidence, 2)))
        if simulation.session.state is State.WAITING and not simulation.busy:
            simulation.handle(Heard(Command.NEXT, source="key"))
    return _counted(simulation, person, began)


def _lead(simulation: Simulation) -> None:
    """Lead it to where the free breaths are told."""
    while simulation.session.view(simulation.now).step < FREE_STEP:
        if simulation.session.state is State.SOUND_CHECK and not simulation.busy:
            simulation.handle(Heard(Command.READY, source="key"))
        elif simulation.session.state is State.WAITING and not simulation.busy:
            simulation.handle(Heard(Command.NEXT, source="key"))
        else:
            simulation.step()


def _far_end(simulation: Simulation, clip: object, start: float) -> Samples:
    """Give what the loudspeaker plays in the block that begins now."""
    block = np.zeros(BLOCK, np.float32)
    for spoken in simulation.spoken[-2:]:
        at = round((start - spoken.start) * SAMPLE_RATE)
        if at + BLOCK <= 0 or start >= spoken.end:
            continue
        samples = clip(spoken.text)  # type: ignore[operator]
        part = samples[max(0, at) : at + BLOCK]
        first = max(0, -at)
        block[first : first + len(part)] += part[: BLOCK - first]
    return block


def _counted(simulation: Simulation, person: Person, began: float) -> Rounds:
    breathing = next(step.breathing for step in simulation.session.script if step.source.is_press)
    if breathing is None:
        raise RuntimeError("the routine has no press")
    cue_in, cue_out, push, let_go = breathing.cues
    result = Rounds()
    spoken = [each for each in simulation.spoken if each.start >= began]
    starts = {text: [s.start for s in spoken if s.text == text] for text in breathing.cues}
    outs, breaths = starts[cue_out], [(a + began, b + began) for a, b in person.breaths]
    ins = [*starts[cue_in], simulation.now]
    result.rounds = len(outs)
    for at in starts[push]:
        result.pushes += 1
        under = [b for b in breaths if b[0] <= at <= b[1] + ENDS_LATE]
        result.without_breath += not under
        end = next((each for each in starts[let_go] if each > at), simulation.now)
        result.released += end <= next(each for each in (*ins, np.inf) if each > at)
        result.before_end += bool(under) and end <= under[0][1]
    for at, nxt in zip(outs, [*outs[1:], simulation.now], strict=False):
        said = next(s.end for s in spoken if s.text == cue_out and s.start == at)
        # A breath of two seconds leaves room to be heard, told and followed.
        in_time = [b for b in breaths if at <= b[0] <= said + 0.6 and b[1] - b[0] >= 2.0]
        if in_time:
            result.audible += 1
            result.missed += not any(at <= each < nxt for each in starts[push])
    return result


def main(words: list[str]) -> None:
    """Play so many rounds, and print a table."""
    wanted, seed = int(words[0]), int(words[1])
    done: dict[str, Rounds] = {way: Rounds() for way in WAYS}
    number = 0
    while sum(each.rounds for each in done.values()) < wanted:
        way = WAYS[number % len(WAYS)]
        new, total = play(way, seed + number), done[way]
        for name in vars(total):
            setattr(total, name, getattr(total, name) + getattr(new, name))
        number += 1
        sys.stderr.write(f"{way} {new}\n")
    for way, total in done.items():
        sys.stdout.write(f"{way}: {total}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
