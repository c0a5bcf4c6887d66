"""Plays sounds to the listener, and logs every candidate with what was truly said.

The truth is whether the person near the microphone said pain or stop (or, for another phrase, that
command), never what some rules made of it. Nothing is reported meanwhile, so that what is logged
does not depend on the scorecard of the day. The coach still ducks and falls silent as it would.

Several sounds of one room follow each other in a stream, because an echo canceller
needs some seconds to learn the room. Each has a listener of its own, so that no sound counts as
talk before the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from benchmark.echoes import Conditions
from benchmark.scene import Background, Scene
from benchmark.simulated_room import SimulatedRoom, known_person

from training.recordings import talk
from voice_coach.aec.canceller import EchoCanceller
from voice_coach.core.commands import URGENT
from voice_coach.core.events import CandidateScored, Noticed
from voice_coach.core.ports import BLOCK, SAMPLE_RATE
from voice_coach.core.transitions import State, accepted
from voice_coach.hearing.decision import DecisionRules, Scorecard, Veto
from voice_coach.hearing.endpointer import Endpointer, PersonLevel
from voice_coach.hearing.front_end import FrontEnd
from voice_coach.hearing.listener import Listener
from voice_coach.hearing.second_pass import run_second_pass
from voice_coach.hearing.vad import NearEndVad
from voice_coach.hearing.worker import INLINE_DELAY, InlineWorker

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from benchmark.rooms import Part
    from benchmark.simulation import Kit
    from benchmark.voices import Sound
    from numpy.typing import NDArray

    from voice_coach.core.commands import Command
    from voice_coach.core.language import Language
    from voice_coach.hearing.recognisers import Recognisers

    Samples = NDArray[np.float32]
    Row = dict[str, Any]

REPORTS_NOTHING = DecisionRules(
    Scorecard(-np.inf, 0.0, 0.0, {}), Scorecard(-np.inf, 0.0, 0.0, {}), Veto()
)
LEARNS, BEFORE, AFTER = 5.0, 1.0, 1.5
"""Seconds before the first sound with the coach speaking and without, and after each sound."""
EARLIEST, LATEST = 0.15, 1.3
"""Seconds after a sound begins, and after it ends, between which a candidate belongs to it."""
JUMP_EVERY = 5.0
"""Seconds from one jump of the echo's delay to the next: after each the path is learnt anew."""
DUCKED = {"duck": 0.1, "hush": 0.0, "resume": 1.0, "unclear": 1.0}
"""The coach's gain after what the listener notices."""


@dataclass(frozen=True)
class Said:
    """One sound of somebody near the microphone."""

    sound: Sound
    speaker: str
    label: str
    """The word, or the kind of sound."""
    means: Command | None = None
    """The command it gives; None for all that should change nothing."""
    level: float = 0.0
    """Against the person's speech, in dB."""
    dry: bool = False
    """Whether a recording has a room of its own."""


@dataclass(frozen=True)
class SoundStream:
    """Sounds that follow each other in one room."""

    name: str
    """What is measured: a set, and after a slash a condition."""
    seed: int
    part: Part
    said: tuple[Said, ...]
    noise: float = -35.0
    """The room's noise against the person, in dB."""
    background: Background | None = None
    echo: float | None = None
    """The coach's echo against the person, in dB; None: the coach is silent."""
    known: bool = True
    """Whether the person's level is known, as it is once they have said "ready"."""
    jump: float = 0.0
    """Seconds by which the echo's delay jumps every `JUMP_EVERY` seconds."""
    pause: float | None = None
    """Seconds between the pieces of a talk, which all one listener hears; None: each sound has a
    listener of its own."""


def play(
    stream: SoundStream, kit: Kit, recognisers: Recognisers, texts: Mapping[str, Samples]
) -> Iterator[Row]:
    """Play a stream over the coach's sentences `texts`; give a row for each of its sounds.

    A row holds the set, what was said by whom, how long it took, and the candidates in it.
    """
    rng = np.random.default_rng([stream.seed, *stream.name.encode()])
    conditions = Conditions(
        stream.echo or 0.0, jump=stream.jump, jump_every=JUMP_EVERY, noise=stream.noise
    )
    scene = Scene(stream.name, stream.seed, stream.part, conditions, background=stream.background)
    room = SimulatedRoom(scene, kit.reference(), kit.store, kit.make_background, rng)
    times, person = _laid(stream, room, rng)
    coach = stream.echo is not None
    far_end = talk(texts, len(person), rng) if coach else np.zeros(len(person), np.float32)
    ear = _Ear(kit.language, recognisers, known=stream.known)
    rows = [
        _row(stream, said, start, end)
        for said, (start, end) in zip(stream.said, times, strict=True)
    ]
    place, gain = 0, 1.0
    for at in range(0, len(person), BLOCK):
        now = (at + BLOCK) / SAMPLE_RATE
        if place + 1 < len(times) and now >= times[place + 1][0] - EARLIEST:
            place += 1
            if stream.pause is None:
                ear.begin()
                gain = 1.0
        played = far_end[at : at + BLOCK] * np.float32(gain)
        heard = room.echo(played) + person[at : at + BLOCK]
        for event in ear.listener.hear(heard, played):
            if isinstance(event, Noticed):
                gain = DUCKED[event.kind]
            elif isinstance(event, CandidateScored) and event.phrase:
                _keep(rows[place], stream.said[place], event, now - INLINE_DELAY, kit.language)
    yield from rows


class _Ear:
    """A front end that goes on, and a listener for each sound."""

    def __init__(self, language: Language, recognisers: Recognisers, *, known: bool) -> None:
        recognisers.forget()
        self._front_end = FrontEnd(
            recognisers.microphone, recognisers.far_end, EchoCanceller(), NearEndVad()
        )
        self._decode = partial(run_second_pass, recognisers.microphone)
        self._language = language
        self._known = known
        self.begin()

    def begin(self) -> None:
        """Take what follows for the first sound after a long silence."""
        person = known_person() if self._known else PersonLevel()
        self._front_end.endpointer = Endpointer()
        self.listener = Listener(
            self._front_end, InlineWorker(self._decode), self._language, REPORTS_NOTHING, person
        )
        self.listener.listen(accepted(State.HOLDING))


def _laid(
    stream: SoundStream, room: SimulatedRoom, rng: np.random.Generator
) -> tuple[list[tuple[float, float]], Samples]:
    """Lay the sounds on their times: beginning and end of each in seconds, and the track."""
    times, placed = [], []
    at = BEFORE if stream.echo is None else LEARNS
    for said in stream.said:
        arrived = room.arrive(said.sound, said.level, dry=said.dry)
        placed.append((round(at * SAMPLE_RATE), arrived))
        end = at + room.seconds(said.sound)
        times.append((at, end))
        pause = AFTER if stream.pause is None else stream.pause
        at = end + pause * rng.uniform(0.9, 1.2)
    track = np.zeros(-(-round((at + AFTER) * SAMPLE_RATE) // BLOCK) * BLOCK, np.float32)
    for first, arrived in placed:
        part = arrived[: len(track) - first]
        track[first : first + len(part)] += part
    return times, track


def _row(stream: SoundStream, said: Said, start: float, end: float) -> Row:
    return {
        "set": stream.name,
        "speaker": said.speaker,
        "label": said.label,
        "holds_urgent": said.means in URGENT,
        "start": round(start, 2),
        "end": round(end, 2),
        "candidates": [],
    }


def _keep(row: Row, said: Said, event: CandidateScored, at: float, language: Language) -> None:
    features = dict(event.features)
    command = language.phrases()[event.phrase].command
    urgent = not features["is_order"]
    inside = row["start"] + EARLIEST <= at <= row["end"] + LATEST
    wanted = URGENT if urgent else {command}
    row["candidates"].append(
        {
            "at": round(at, 2),
            "kind": "urgent" if urgent else "order",
            "phrase": event.phrase,
            "said": inside and said.means is not None and said.means in wanted,
            "features": features,
        }
    )
