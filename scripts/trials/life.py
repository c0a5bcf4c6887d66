"""A life in the studio: sessions in which random things happen, and what must hold in each.

The session, the mixer, the recorder and the log are the real ones; ear and voice are made up, so
that hours pass in seconds. Now and then a sentence is rendered late or never, the loop stands still
for a while, and a part fails.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from itertools import islice
from random import Random
from typing import TYPE_CHECKING, Literal, cast

import numpy as np

from voice_coach.audio.device import STOOD_STILL
from voice_coach.audio.mixer import FADE, Mixer
from voice_coach.audio.studio import Studio
from voice_coach.core.actions import Cut, Say
from voice_coach.core.commands import NAMING, URGENT, Command
from voice_coach.core.events import ClipReady, ClipStarted, Fault, Heard, Noticed, Part
from voice_coach.core.pace import speaking_seconds
from voice_coach.core.ports import BLOCK, SAMPLE_RATE
from voice_coach.core.timed import GRACE
from voice_coach.core.transitions import State
from voice_coach.core.view import Outcome
from voice_coach.history.event_log import Draft, Log, head
from voice_coach.replay import replay
from voice_coach.runner import Runner

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Set as AbstractSet

    from numpy.typing import NDArray

    from voice_coach.audio.hearing_thread import BlockListener as AnyEar
    from voice_coach.audio.studio import Room
    from voice_coach.core.actions import Action
    from voice_coach.core.config import SessionConfig
    from voice_coach.core.events import Event
    from voice_coach.core.language import Language
    from voice_coach.core.ports import Display
    from voice_coach.core.ports import Voice as AnyVoice
    from voice_coach.core.session import Session
    from voice_coach.core.view import View

    Samples = NDArray[np.float32]

PACES = (2.0, 2.0, 5.0, 60.0)
"""Seconds from one thing that happens to the next, on average: it is drawn anew each time, so that
there are crowds and long quiet."""
READY = 3.0
"""How many of the sentences that are late are ready a second later."""
LONGEST = 1200.0
"""Seconds after which somebody says "stop"."""
LATE, NEVER = 0.02, 0.0005
"""How many of the sentences are rendered late, and never."""
STALLS = 0.0002
"""How many of the loop's turns are stalled."""
ON = frozenset({Command.READY, Command.NEXT, Command.CONTINUE, Command.YES, Command.CHOOSE})
"""The commands that lead on; they are said most."""
PRESS, IN, OTHER, LAST = 0.6, 0.25, 0.1, 0.4
"""How loud a cue to press is, the cue in before it, any other sentence, and what a loudspeaker says
whose coach does not move."""
ROUNDING = 0.001
LONGEST_BREATH = 12.5
"""Seconds from a cue in to its cue out, at most."""
CHANCES = {"command": 78, "noticed": 20, "possible": 1, "cry": 0.6, "fault": 0.4}
"""How often each kind of thing happens, of a hundred."""
BY_VOICE = 0.7
"""How many of the commands are spoken; the others are keys."""
CRIES = (Command.PAIN, Command.PAIN, Command.STOP)
KINDS: tuple[Literal["duck", "hush", "resume"], ...] = ("duck", "hush", "resume")
PARTS: tuple[Part, ...] = ("hearing", "voice", "sound")
SECOND = SAMPLE_RATE // BLOCK
"""Blocks in a second."""


class BlockListener:
    """Hears what comes to its mind, among it what it is asked to listen for."""

    level = None

    def __init__(self, language: Language, random: Random) -> None:
        self.ready: list[ClipReady] = []
        """What will have been rendered, soon."""
        self._routines = [routine.id for routine in language.routines]
        self._random = random
        self._wanted: list[Command] = []
        self._pace = PACES[0]
        self._blocks = 0

    def listen(self, commands: AbstractSet[Command]) -> None:
        """Say these from now on."""
        self._wanted = sorted(commands - URGENT, key=lambda command: command.value)
        self._wanted += [command for command in self._wanted if command in ON] * 12

    def hear(self, _microphone: Samples, _far_end: Samples) -> list[Event]:
        """Give what happens in the next block: nothing, most of the time."""
        self._blocks += 1
        if self.ready and self._random.random() < READY / SECOND:
            return [self.ready.pop(0)]
        if self._blocks > LONGEST * SECOND and self._blocks % SECOND == 0:
            return [Heard(Command.STOP, source="key")]
        return [self._something()] if self._comes() else []

    def _comes(self) -> bool:
        """Tell whether something happens now."""
        if self._random.random() > 1 / self._pace / SECOND:
            return False
        self._pace = self._random.choice(PACES)
        return True

    def _something(self) -> Event:
        random = self._random
        (what,) = random.choices(list(CHANCES), list(CHANCES.values()))
        by_voice = random.random() < BY_VOICE
        source: Literal["voice", "key"] = "voice" if by_voice else "key"
        if what == "noticed" or (what == "command" and not self._wanted):
            return Noticed(random.choice(KINDS))
        if what == "fault":
            return Fault(random.choice(PARTS), "It is gone: start again.")
        if what == "possible":
            return Heard(random.choice(CRIES), "it hurts", tier="possible")
        if what == "cry":
            return Heard(random.choice(CRIES), "it hurts", source=source)
        command = random.choice(self._wanted)
        choice = random.choice(self._routines) if command in NAMING else ""
        return Heard(command, command.value, choice, source)


class Led(BlockListener):
    """Hears a person lead on as soon as a step is told, who lets each breath be."""

    session: Session | None = None
    """The session that is led; it must be given."""

    def _comes(self) -> bool:
        return self._blocks % SECOND == 0

    def _something(self) -> Event:
        state = self.session.state if self.session else None
        command = {State.SOUND_CHECK: Command.READY, State.ANOTHER: Command.NO}.get(
            state or State.ENDED, Command.NEXT
        )
        if state in (State.TELLING, State.BREATHING) or command not in self._wanted:
            return Noticed("resume")
        return Heard(command, source="key")


class Calm(Random):
    """Chance that lets nothing go wrong: no sentence comes late."""

    def random(self) -> float:
        """Give what is near to one."""
        return 0.999


@dataclass(frozen=True)
class Clip:
    """A sentence, as an even hum that tells which one it is."""

    samples: Samples

    @property
    def seconds(self) -> float:
        """How long it takes to play."""
        return len(self.samples) / SAMPLE_RATE


class Voice:
    """Has rendered nearly everything."""

    def __init__(
        self, ear: BlockListener, random: Random, loudness: Callable[[str], float]
    ) -> None:
        self._ear = ear
        self._random = random
        self._loudness = loudness
        self._missing: dict[str, bool] = {}

    def prepare(self, texts: list[str], rate: int) -> None:
        """Need no time for it."""

    def clip(self, text: str, rate: int) -> Clip | None:
        """Give it, or let it come later, or never."""
        chance = self._random.random()
        if self._missing.pop(text, False) or chance > LATE:
            frames = int(speaking_seconds(text, rate) * SAMPLE_RATE)
            return Clip(np.full(frames, self._loudness(text), np.float32))
        if chance > NEVER:
            self._missing[text] = True
            self._ear.ready.append(ClipReady(text, rate))
        return None


def last_words(language: Language) -> dict[Outcome | None, frozenset[str]]:
    """Give what may be said once a session has come to such an end."""
    note = {*language.safety.partner, *language.safety.person, *language.safety.doctor}
    faults = language.coach.faults
    said = {*language.safety.partner, *faults.hearing, *faults.voice, *faults.computer}
    return {
        Outcome.PAIN: frozenset(note),
        Outcome.FAULT: frozenset({*said, *faults.unanswered}),
    }


class Still:
    """A room in which nothing sounds."""

    def __init__(self) -> None:
        self._silence = np.zeros(BLOCK, np.float32)

    def echo(self, _far_end: Samples) -> Samples:
        """Give silence."""
        return self._silence.copy()


class Stage(Studio):
    """A studio whose loop is held up now and then; what the live stage does then, it does."""

    def __init__(
        self,
        mixer: Mixer,
        ear: AnyEar,
        room: Room | None,
        stall: Callable[[float], float],
        last_words: Samples,
    ) -> None:
        """Take what tells, at a time of the audio clock, for how many seconds it is held up."""
        super().__init__(mixer, ear, room or cast("Room", Still()))
        mixer.guard(round(STOOD_STILL * SAMPLE_RATE), last_words)
        self.broken: list[str] = []
        """Where it sounded after a cut, though nothing had been begun."""
        self.begun: dict[int, float] = {}
        """When which sentence began to sound, in seconds, but for the length of a block."""
        self._stall = stall
        self._silent: int | None = None
        """The sample from which it must be silent, after a cut."""

    def wait(self, deadline: float | None) -> tuple[Event, float]:
        """Stand still for a while, perhaps, and then wait."""
        self._mixer.hold()
        seconds = self._stall(self._mixer.position / SAMPLE_RATE)
        for _ in range(round(seconds * SECOND)):
            self._compute()
        if seconds > STOOD_STILL:
            self.post(Fault("computer", f"For {seconds:.0f} seconds the coach stood still."))
        return super().wait(deadline)

    def cut(self) -> None:
        """Silence the mixer, and see that it is silent."""
        super().cut()
        self._silent = self._mixer.position + FADE

    def _compute(self) -> None:
        known = len(self._inbox)
        super()._compute()
        news = islice(self._inbox, known, None)
        begun = [event.say_id for event in news if isinstance(event, ClipStarted)]
        self.begun.update(dict.fromkeys(begun, (self._mixer.position - BLOCK) / SAMPLE_RATE))
        if begun:
            self._silent = None
        elif self._silent is not None:
            into = max(0, self._silent - (self._mixer.position - BLOCK))
            if np.any(self._played[-1][into:]):
                at = self._mixer.position / SAMPLE_RATE
                self.broken.append(f"it sounded after a cut, at {at:.2f} s")
        self._forget()

    def _forget(self) -> None:
        """Keep no sound: a soak is long."""
        self._played.clear()
        self._heard.clear()


class Nobody:
    """A display nobody looks at."""

    def show(self, view: View) -> None:
        """Show nothing."""


@dataclass(frozen=True)
class Real:
    """What else is made up."""

    ear: AnyEar
    voice: AnyVoice
    room: Room


class Life:
    """One session, from its first word to its last, and all that happened in it."""

    def __init__(
        self,
        origin: SessionConfig,
        random: Random,
        *,
        stall: Callable[[float], float] | None = None,
        ear: BlockListener | None = None,
        stage: type[Stage] = Stage,
        real: Real | None = None,
    ) -> None:
        """Take the `real` ear, voice and room instead of those that are made up."""
        self.happened: list[tuple[float, Event | Action]] = []
        self.broken: list[str] = []
        """What did not hold."""
        self.presses = 0
        """How many were cued."""
        self._origin = origin
        self.session: Session = origin.session()
        made_up = ear or BlockListener(origin.language, random)
        stalls = stall or (lambda _: random.uniform(0.1, 3) if random.random() < STALLS else 0.0)
        last = np.full(SAMPLE_RATE, LAST, np.float32)
        hears, room = (real.ear, real.room) if real else (made_up, None)
        self.stage = stage(Mixer(), hears, room, stalls, last)
        self._voice = real.voice if real else Voice(made_up, random, self._loudness)
        self._asked: dict[int, Say] = {}
        self._breath_in: Say | None = None
        """The cue in that was begun, if nothing has been cut since."""
        pressing = [
            step.breathing
            for routine in origin.language.routines
            for step in routine.steps
            if step.breathing and step.breathing.press
        ]
        self._presses = frozenset(breathing.cue_out for breathing in pressing)
        self._ins = frozenset(breathing.cue_in for breathing in pressing)
        self._last_words = last_words(origin.language)
        self._draft, self._log = Draft(), io.StringIO()
        self._log.write(head(origin, "2026-05-04T18:00:00+00:00"))

    def live(self, display: Display) -> None:
        """Lead the session to its end, and see whether all held."""
        Runner(self.session, self.stage, self._voice, display, self._witness).run()
        self._log.writelines(self._draft.rest())
        if self.session.outcome is None:
            self.broken.append("it ended without an outcome")
        self.broken += self.stage.broken
        for _ in replay(Log.read(io.StringIO(self._log.getvalue()), "log")):
            pass  # it raises where the core would do something else

    @property
    def seconds(self) -> float:
        """How long it took."""
        return self.happened[-1][0]

    def _loudness(self, text: str) -> float:
        return PRESS if text in self._presses else IN if text in self._ins else OTHER

    def _witness(self, now: float, what: Event | Action) -> None:
        self.happened.append((now, what))
        self._log.writelines(self._draft.lines(now, what))
        match what:
            case Say():
                self._asked[what.say_id] = what
                self._check_words(what)
            case Cut():
                self._breath_in = None
            case ClipStarted(say_id) if say := self._asked.get(say_id):
                self._check_moment(say, self.stage.begun[say_id])
            case _:
                pass

    def _check_words(self, say: Say) -> None:
        """Nothing but the note after pain, nothing but last words after a fault."""
        allowed = self._last_words.get(self.session.outcome)
        if allowed and say.text not in allowed:
            self.broken.append(f'after {self.session.outcome} it said "{say.text}"')

    def _check_moment(self, say: Say, now: float) -> None:
        """No cue is late, and none to press is anywhere but in its breath out."""
        late = now - say.at
        if say.latest is not None and late > GRACE + ROUNDING:
            self.broken.append(f'"{say.text}" came {late:.2f} s late, at {now:.2f} s')
        if say.text in self._ins:
            self._breath_in = say
        elif say.text in self._presses:
            self.presses += 1
            into = say.at - self._breath_in.at if self._breath_in else -1.0
            if not 1.0 < into < LONGEST_BREATH:
                self.broken.append(f"a press without its breath in, at {now:.2f} s")
