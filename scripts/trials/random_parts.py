"""Simulated parts of a session: a listener, a voice and a stage to which random things happen."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from random import Random
from typing import TYPE_CHECKING, Literal, cast

import numpy as np

from voice_coach.audio.live_stage import STOOD_STILL
from voice_coach.audio.mixer import FADE, Mixer
from voice_coach.audio.studio import Studio
from voice_coach.core.commands import NAMING, URGENT, Command
from voice_coach.core.events import ClipReady, ClipStarted, Fault, Heard, Noticed, Part
from voice_coach.core.pace import speaking_seconds
from voice_coach.core.ports import BLOCK, SAMPLE_RATE
from voice_coach.core.transitions import State

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Set as AbstractSet

    from numpy.typing import NDArray

    from voice_coach.audio.hearing_thread import BlockListener
    from voice_coach.audio.studio import Room
    from voice_coach.core.events import Event
    from voice_coach.core.language import Language
    from voice_coach.core.session import Session
    from voice_coach.core.view import View

    Samples = NDArray[np.float32]

PACES = (2.0, 2.0, 5.0, 60.0)
"""Mean seconds between two events; one of these is drawn for each, so that there are bursts and
long pauses."""
READY = 3.0
"""Late sentences that become ready, per second."""
LONGEST = 1200.0
"""Seconds after which somebody says "stop"."""
LATE, NEVER = 0.02, 0.0005
"""Share of the sentences that are rendered late, and never."""
ON = frozenset({Command.READY, Command.NEXT, Command.CONTINUE, Command.YES, Command.CHOOSE})
"""Commands that move the session on; they are drawn most often."""
CHANCES = {"command": 78, "noticed": 20, "possible": 1, "cry": 0.6, "fault": 0.4}
"""Relative frequency of each kind of event."""
BY_VOICE = 0.7
"""Share of the commands that are spoken; the others are keys."""
CRIES = (Command.PAIN, Command.PAIN, Command.STOP)
KINDS: tuple[Literal["duck", "hush", "resume", "unclear"], ...] = (
    "duck",
    "hush",
    "resume",
    "unclear",
)
PARTS: tuple[Part, ...] = ("hearing", "voice", "sound")
SECOND = SAMPLE_RATE // BLOCK
"""Blocks in a second."""


class RandomListener:
    """A listener that reports random events, mostly commands it was told to report."""

    level = None

    def __init__(self, language: Language, random: Random) -> None:
        self.ready: list[ClipReady] = []
        """Sentences that are still being rendered."""
        self._routines = [routine.id for routine in language.routines]
        self._random = random
        self._wanted: list[Command] = []
        self._pace = PACES[0]
        self._blocks = 0

    def listen(self, commands: AbstractSet[Command]) -> None:
        """Report these from now on."""
        self._wanted = sorted(commands - URGENT, key=lambda command: command.value)
        self._wanted += [command for command in self._wanted if command in ON] * 12

    def listen_for_breath(self, *, on: bool) -> None:
        """Take no notice: the press is led by the clock."""

    def move_far_end(self, samples: int) -> None:
        """Take no notice: it hears nothing."""

    def hear(self, _microphone: Samples, _far_end: Samples) -> list[Event]:
        """Give the events of the next block: mostly none."""
        self._blocks += 1
        if self.ready and self._random.random() < READY / SECOND:
            return [self.ready.pop(0)]
        if self._blocks > LONGEST * SECOND and self._blocks % SECOND == 0:
            return [Heard(Command.STOP, source="key")]
        return [self._something()] if self._comes() else []

    def _comes(self) -> bool:
        """Tell whether an event comes in this block."""
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


class LeadingListener(RandomListener):
    """A listener that moves the session on as soon as each step is told, and lets it breathe."""

    session: Session | None = None
    """The session that is led; it must be given."""

    def _comes(self) -> bool:
        return self._blocks % SECOND == 0

    def _something(self) -> Event:
        state = self.session.state if self.session else None
        command = {State.SOUND_CHECK: Command.READY, State.RESTART_PROMPT: Command.NO}.get(
            state or State.ENDED, Command.NEXT
        )
        if state in (State.TELLING, State.BREATHING) or command not in self._wanted:
            return Noticed("resume")
        return Heard(command, source="key")


class NoFaults(Random):
    """A random source with which nothing goes wrong: no sentence is late."""

    def random(self) -> float:
        """Give a value near one."""
        return 0.999


@dataclass(frozen=True)
class Clip:
    """A sentence as constant samples, whose value tells what it is."""

    samples: Samples

    @property
    def seconds(self) -> float:
        """How long it takes to play."""
        return len(self.samples) / SAMPLE_RATE


class RandomVoice:
    """A voice that renders at once, except for a few sentences."""

    def __init__(
        self, listener: RandomListener, random: Random, loudness: Callable[[str], float]
    ) -> None:
        self._listener = listener
        self._random = random
        self._loudness = loudness
        self._missing: dict[str, bool] = {}

    def prepare(self, texts: list[str], rate: int) -> None:
        """Do nothing."""

    def clip(self, text: str, rate: int) -> Clip | None:
        """Give the clip, or let it come later, or never."""
        chance = self._random.random()
        if self._missing.pop(text, False) or chance > LATE:
            frames = int(speaking_seconds(text, rate) * SAMPLE_RATE)
            return Clip(np.full(frames, self._loudness(text), np.float32))
        if chance > NEVER:
            self._missing[text] = True
            self._listener.ready.append(ClipReady(text, rate))
        return None


class SilentRoom:
    """A room in which nothing sounds."""

    def __init__(self) -> None:
        self._silence = np.zeros(BLOCK, np.float32)

    def echo(self, _far_end: Samples) -> Samples:
        """Give silence."""
        return self._silence.copy()


class StallingStudio(Studio):
    """A studio whose loop stalls sometimes; it then does what the live stage does."""

    def __init__(
        self,
        mixer: Mixer,
        listener: BlockListener,
        room: Room | None,
        stall: Callable[[float], float],
        last_words: Samples,
    ) -> None:
        """Take a function from the audio time to the seconds for which the loop stalls then."""
        super().__init__(mixer, listener, room or cast("Room", SilentRoom()))
        mixer.guard(round(STOOD_STILL * SAMPLE_RATE), last_words)
        self.violations: list[str] = []
        """Sounds after a cut that no new clip explains."""
        self.begun: dict[int, float] = {}
        """Start of each clip in seconds, to the length of a block."""
        self._stall = stall
        self._silent: int | None = None
        """The sample from which it must be silent, after a cut."""

    def wait(self, deadline: float | None) -> tuple[Event, float]:
        """Stall if it is time to, and then wait."""
        self._mixer.hold()
        seconds = self._stall(self._mixer.position / SAMPLE_RATE)
        for _ in range(round(seconds * SECOND)):
            self._compute()
        if seconds > STOOD_STILL:
            self.post(Fault("computer", f"For {seconds:.0f} seconds the coach stood still."))
        return super().wait(deadline)

    def cut(self) -> None:
        """Cut, and expect silence from then on."""
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
                self.violations.append(f"it sounded after a cut, at {at:.2f} s")
        self._forget()

    def _forget(self) -> None:
        """Keep no sound: a soak is long."""
        self._played.clear()
        self._heard.clear()


class NoDisplay:
    """A display nobody looks at."""

    def show(self, view: View) -> None:
        """Show nothing."""
