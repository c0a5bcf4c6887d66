"""Says "it hurts" in the middle of a sentence of the coach, and reports what follows.

All times are taken from the sound itself. The phrase is looked for in a recording of the room, so
that no delay of the player counts, and silence in a recording of the loudspeaker.
"""

from __future__ import annotations

import math
import time
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from benchmark.backgrounds import background

from trials.coach import START, SessionOver
from trials.coach import begin as begin_on_card
from trials.listener_log import QUIET, ListenerLog
from voice_coach.core.actions import Say
from voice_coach.core.events import ClipStarted, SoundGaps
from voice_coach.core.pace import DEFAULT_RATE
from voice_coach.core.ports import SAMPLE_RATE
from voice_coach.core.simulation import simulate
from voice_coach.core.transitions import State
from voice_coach.replay import open_log
from voice_coach.speech.clips import LEAD, TAIL, clip_store, speech_rms
from voice_coach.speech.narrator import PromptNarrator
from voice_coach.speech.pyttsx3_voice import Pyttsx3Voice
from voice_coach.speech.voices import open_voice

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from trials.coach import Begin, Coach, Line
    from trials.virtual_sound_card import Recording, VirtualSoundCard
    from voice_coach.core.language import Language

    Samples = NDArray[np.float32]
    Sentences = Mapping[str, float]

CRY = "it hurts"
VOICES = ("f2", "f4", "m2", "m4", "m6", "Andrea", "belinda", "paul", "quincy")
"""Variants of eSpeak's American voice: those on which no part of the hearing was tuned."""
RATES = (120, 190)
"""Words a minute, at least and at most; the coach speaks at 150."""
PLACES = (0.0, 0.6)
"""Where in a sentence the player is told to begin, as a share of the sentence's length, at least
and at most; it takes 0.3 s or so."""
SHORTEST = 1.5
"""Seconds of a sentence that has a middle."""
TURNS = 10
"""Steps that are gone through before the sentence, at most."""
GLIMPSE = 0.4
"""Seconds of a step that is gone through."""
TURNING = 0.1
"""Seconds in which what is shown may still belong to the step before."""
SILENT_FOR = 4.0
"""Seconds without a new sentence after which the coach waits for the person."""
LONGEST = 120.0
"""Seconds until a sentence that fits must have come."""
PATIENCE = 30.0
"""Seconds after which a cry that ended nothing was missed; the question is asked twice in less."""
PIECE = START + LONGEST + PATIENCE
"""Seconds of music, no shorter than a session."""
AT_ONCE = 0.7
"""Seconds after a cry's end by which the coach must be silent."""
NEAR = 0.3
"""Seconds around the cry's start in which the coach must sound: it may pause in a sentence."""
FORGIVEN = 10.0
"""Seconds before a sentence after which a gap in the sound is forgiven. By then the canceller has
learnt the echo again: it needs two seconds of the coach's speech, and a hush takes as long."""
PAUSE = 0.1
"""Seconds without a sound that are silence and no mere stop in a word."""


@dataclass(frozen=True)
class Moment:
    """When who cries."""

    routine: str
    turns: int
    """Steps that are gone through before it."""
    place: float
    """How far into the sentence, as a share of its length."""
    voice: str
    rate: int
    """Words a minute."""


@dataclass(frozen=True)
class CryOutcome:
    """What came of one cry. Times are in seconds from the cry's start; infinite is never."""

    moment: Moment
    folder: Path
    log: ListenerLog
    before: ListenerLog
    """Its part before the cry, when nobody but the coach spoke."""
    sentence: str = ""
    """Into which the cry came; empty if it came into none."""
    into: float = 0.0
    """Seconds of that sentence before it."""
    length: float = 0.0
    """Seconds from its first sound to its last."""
    silent: float = math.inf
    asked: float = math.inf
    ended: float = math.inf
    gaps: int = 0
    """Gaps in the sound around the cry, or in the whole session where it came into no sentence. The
    session reported them: the computer was too busy for it."""

    @property
    def fit(self) -> bool:
        """Whether the cry came into the middle of a sentence, in sound without gaps."""
        return bool(self.sentence) and not self.gaps

    @property
    def missed(self) -> bool:
        """Whether the coach was not silent at once, or neither ended the routine nor asked.

        Before the first step a question that nobody answers ends nothing.
        """
        unheard = math.isinf(self.ended) and math.isinf(self.asked)
        return self.silent > self.length + AT_ONCE or unheard

    def __str__(self) -> str:
        """Tell it in one line."""
        own = f"{self.before.ends} ends, {self.before.questions} questions before it; "
        own *= bool(self.before.ends or self.before.questions)
        if self.gaps:
            return f"{own}{self.gaps} gaps in the sound: run nothing else ({self.folder.name})"
        if not self.fit:
            return f"{own}not in the middle of a sentence ({self.folder.name})"
        asked = "" if math.isinf(self.asked) else f", asked at {self.asked:.2f} s"
        return (
            f"{own}{'MISSED, ' * self.missed}silent at {self.silent:.2f} s{asked}, "
            f"ended at {self.ended:.2f} s: {self.moment.voice} at {self.moment.rate}, "
            f"{self.into:.1f} s into '{self.sentence}' ({self.folder.name})"
        )


def outcomes(
    trial: Trial, moments: Iterable[Moment], *, wanted: int, folder: Path
) -> Iterator[CryOutcome]:
    """Cry into one session after another until so many cries were fit."""
    fit = 0
    for number, moment in enumerate(moments, 1):
        if fit == wanted:
            return
        outcome = trial.put(moment, folder / f"moment-{number}")
        fit += outcome.fit
        yield outcome
    if fit < wanted:
        raise RuntimeError(f"Of {number} cries only {fit} came into the middle of a sentence.")


def draw(language: Language, seed: int) -> Iterator[Moment]:
    """Draw moments without end: every routine and every voice in turn, the rest by lot."""
    rng = np.random.default_rng(seed)
    number = 0
    while True:
        routine = language.routines[number % len(language.routines)]
        yield Moment(
            routine.id,
            int(rng.integers(min(TURNS, len(routine.steps)) + 1)),
            rng.uniform(*PLACES),
            VOICES[number % len(VOICES)],
            int(rng.integers(*RATES)),
        )
        number += 1


def sentences(language: Language) -> dict[str, float]:
    """Give every sentence of every routine, and how many seconds it takes to say."""
    spoken = (each for routine in language.routines for each in simulate(language, routine).spoken)
    with closing(PromptNarrator(open_voice(language), clip_store())) as narrator:
        return {each.text: narrator.clip(each.text, DEFAULT_RATE).seconds for each in spoken}


class Trial:
    """Cries into one session after another, into no sentence twice."""

    def __init__(
        self,
        card: VirtualSoundCard,
        language: Language,
        music: float | None = None,
        begin: Begin | None = None,
        *,
        starved: bool = False,
    ) -> None:
        """Let music play in the room at this level against the person, in dB; None: no music.

        `begin` begins a session of a routine, with a folder for its log; None: on the card itself.
        Where the computer is to be `starved`, cries into sound with gaps are judged like others.
        """
        self._card = card
        self._begin = begin or partial(begin_on_card, card)
        self._sentences = sentences(language)
        self._used: set[str] = set()
        self._music = music
        self._starved = starved

    def put(self, moment: Moment, folder: Path) -> CryOutcome:
        """Begin a session, cry at that moment and see."""
        with closing(PromptNarrator(Pyttsx3Voice(f"en-us+{moment.voice}"), clip_store())) as person:
            cry = person.clip(CRY, moment.rate).samples
        with (
            self._card.record_loudspeaker() as loudspeaker,
            self._card.record_room() as room,
            self._playing(cry),
            self._begin(moment.routine, folder) as coach,
        ):
            line = self._reach(coach, moment)
            said = time.monotonic()
            asked, ended = self._cry(coach, cry) if line else (math.inf, math.inf)
        log = ListenerLog.load(folder)
        if line is None:
            return CryOutcome(moment, folder, log, log, gaps=_gaps(folder))
        start = _find(cry, room, said)
        before = log.until(start)
        if before.ends or before.questions or not _sounds(loudspeaker, start):
            return CryOutcome(moment, folder, log, before, gaps=_gaps(folder))
        self._used.add(line.text)
        decided = [each.at for each in log.entries if each.at >= start and each.gives_way]
        silent = _silence(loudspeaker, decided[0]) if decided else math.inf
        return CryOutcome(
            moment,
            folder,
            log,
            before,
            line.text,
            into=start - line.at,
            length=(len(cry) - LEAD - TAIL) / SAMPLE_RATE,
            silent=silent - start,
            asked=asked - start,
            ended=ended - start,
            gaps=0 if self._starved else _gaps(folder, line.text),
        )

    @contextmanager
    def _playing(self, cry: Samples) -> Iterator[None]:
        """Play a piece of music, another one after each cry, if there is to be any."""
        if self._music is None:
            yield
            return
        rng = np.random.default_rng(len(self._used))
        loudness = speech_rms(cry) * 10 ** (self._music / 20)
        with self._card.background(loudness * background("music", PIECE, rng, "report")):
            yield

    def _reach(self, coach: Coach, moment: Moment) -> Line | None:
        """Turn to the step, and wait for the place in a sentence that fits; None if none came."""
        until = time.monotonic() + START + LONGEST
        turns = moment.turns
        turned = 0.0
        with suppress(SessionOver):
            while (now := time.monotonic()) < until:
                line = coach.wait_for(lambda _: True, min(until, now + SILENT_FOR))
                if line is None:
                    coach.go_on()
                elif coach.is_in(State.HURT, line):
                    return None
                elif turns and line.text in self._sentences:
                    time.sleep(GLIMPSE)
                    coach.go_on()
                    turns -= 1
                    turned = time.monotonic()
                elif not turns and line.at > turned + TURNING and self._fits(line.text):
                    place = line.at + moment.place * self._sentences[line.text]
                    time.sleep(max(0.0, place - time.monotonic()))
                    return line
        return None

    def _fits(self, text: str) -> bool:
        return self._sentences.get(text, 0.0) >= SHORTEST and text not in self._used

    def _cry(self, coach: Coach, cry: Samples) -> tuple[float, float]:
        """Say it; give when the question was put and when the routine was over."""
        crying = self._card.say(cry)
        asked = math.inf
        with suppress(SessionOver):
            for line in coach.lines(time.monotonic() + PATIENCE):
                if coach.is_in(State.PAIN_CONFIRMATION, line):
                    asked = min(asked, line.at)
                elif coach.is_in(State.HURT, line):
                    # The next session must not hear the rest of it.
                    crying.wait()
                    return asked, line.at
        return asked, math.inf


def _gaps(folder: Path, sentence: str = "") -> int:
    """Count the gaps in the sound of which the log of the session in `folder` tells.

    With a sentence: those from `FORGIVEN` seconds before it on.
    """
    said: dict[int, str] = {}
    told: list[tuple[float, int]] = []
    since = math.inf if sentence else 0.0
    (path,) = (folder / "voice-coach" / "sessions").glob("*.jsonl")
    with open_log(path) as log:
        for entry in log.entries():
            match entry.what:
                case Say(say_id, text):
                    said[say_id] = text
                case ClipStarted(say_id) if sentence and said.get(say_id) == sentence:
                    since = entry.at - FORGIVEN
                case SoundGaps(overflows, underflows):
                    told.append((entry.at, overflows + underflows))
    return sum(gaps for at, gaps in told if at >= since)


def _find(cry: Samples, room: Recording, since: float) -> float:
    """Tell when the first sound of `cry` was heard in the room, by ``time.monotonic``."""
    samples = room.samples
    times = room.times[: len(samples)]
    size = 1 << (len(samples) + len(cry)).bit_length()
    fitting = np.fft.irfft(np.fft.rfft(samples, size) * np.conj(np.fft.rfft(cry, size)), size)
    fitting = np.where(times[: len(fitting)] > since, fitting[: len(times)], 0)
    return float(times[int(np.argmax(fitting)) + LEAD])


def _sounds(loudspeaker: Recording, moment: float) -> bool:
    """Tell whether the coach speaks at that moment."""
    return bool(np.any(np.abs(_loud(loudspeaker) - moment) < NEAR))


def _silence(loudspeaker: Recording, since: float) -> float:
    """Tell from when on the loudspeaker is silent, at or after that moment."""
    loud = _loud(loudspeaker)
    edges = np.concatenate(([since], loud[loud > since], [math.inf]))
    return float(edges[int(np.argmax(np.diff(edges) > PAUSE))])


def _loud(recording: Recording) -> NDArray[np.float64]:
    """Give the moments of all samples that sound."""
    samples = recording.samples
    return recording.times[: len(samples)][np.abs(samples) > QUIET]
