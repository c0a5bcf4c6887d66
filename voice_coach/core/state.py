"""The state of a session: one immutable value that can be copied, compared and hashed.

Each topic has a part of its own. A part is never changed: ``evolve`` makes a new one. So a session
can be continued from any of its past states, and two states are equal if and only if the session
goes on in the same way from both.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, TypeVar

from voice_coach.core.earcons import SECONDS
from voice_coach.core.pace import DEFAULT_RATE, Pace

if TYPE_CHECKING:
    from voice_coach.core.guard import GuardResult
    from voice_coach.core.routine import Class
    from voice_coach.core.timed import Cue, Timed
    from voice_coach.core.transitions import State
    from voice_coach.core.view import Feeling, Outcome

GAP = 0.4
"""Seconds between two sentences that ask for no movement."""

Value = TypeVar("Value")


def evolve(value: Value, **changes: object) -> Value:
    """Copy a frozen dataclass with some fields changed.

    ``dataclasses.replace`` calls ``__init__``, which sets one frozen field after the other: that
    takes five times as long, and this is done several times an event.
    """
    copy: Value = object.__new__(type(value))
    fields = copy.__dict__
    fields.update(value.__dict__)
    fields.update(changes)
    return copy


class Then(Enum):
    """What follows when a passage has been spoken; ``session.py`` maps each to a function."""

    BRIEF = "start the briefing"
    START_STEPS = "tell the first step"
    DO_STEP = "wait, hold or breathe"
    RUN_CLOCK = "run the clock again"
    AWAIT_CRY = "wait for a late cry"
    CHOOSE_WANTED = "choose what waited for the screening"
    LEAVE_STOP_TEST = "go on after the stop test"
    AWAIT_CONFIRMATION = "wait for the answer"
    END = "end"


@dataclass(frozen=True)
class Passage:
    """Sentences still to say, and what follows them."""

    sentences: tuple[str, ...] = ()
    gap: float = GAP
    """Seconds between two of them."""
    then: Then | None = None


@dataclass(frozen=True)
class QueuedClip:
    """A sentence that was handed over and has not ended yet."""

    say_id: int
    text: str
    cue: Cue | None
    in_passage: bool
    announces: bool = False
    """Whether it tells that somebody is coming."""

    @property
    def is_earcon(self) -> bool:
        """Whether it is a sound and not a sentence."""
        return self.text in SECONDS

    @property
    def is_repeated(self) -> bool:
        """Whether it is said again after an interruption.

        A cue is not, because its moment is gone; nor is the earcon that answered a command. What
        announces somebody waits for a new moment.
        """
        if self.cue or self.announces:
            return False
        return self.in_passage or not self.is_earcon


@dataclass(frozen=True)
class Speech:
    """What the coach is saying and will say. Times are audio times in seconds."""

    rate: int = DEFAULT_RATE
    """Words a minute, for what is said from now on."""
    quiet_since: float = 0.0
    """When the last sentence ended."""
    passage: Passage = Passage()
    answers: tuple[str | None, ...] = ()
    """Answers that wait until a running clock leaves room for them. None is the answer to "how
    long?", which is worked out when it is given."""
    acknowledges: bool = False
    """Whether the next sentence begins with the earcon "understood"."""
    said: tuple[QueuedClip, ...] = ()
    """What was handed over and has not ended, oldest first."""
    sounding: QueuedClip | None = None
    sounded: tuple[tuple[str, float], ...] = ()
    """The newest sentences that fell silent, and when."""
    gives_way_until: float | None = None
    """When the coach goes on by itself; None while it gives way to nobody."""
    hushed_at: float | None = None
    insists: bool = False
    """Whether the coach speaks on because it has given way for long; it is not hushed then."""
    ended: tuple[int, ...] = ()
    """The ids of the clips that ended during a hush; they are handled after it."""
    last_id: int = 0

    @property
    def busy(self) -> bool:
        """Whether anything is being said or waits to be."""
        return bool(self.said or self.passage.sentences)

    @property
    def text(self) -> str:
        """The sentence that sounds now; empty in silence, and while an earcon sounds."""
        sounding = self.sounding
        if sounding is None or self.hushed_at is not None or sounding.is_earcon:
            return ""
        return sounding.text

    @property
    def cue(self) -> Cue | None:
        """The cue that sounds now; None where another sentence does, or none."""
        return self.sounding.cue if self.sounding else None

    @property
    def hushed(self) -> bool:
        """Whether the coach is silent to let the person speak."""
        return self.hushed_at is not None

    @property
    def coming(self) -> tuple[str, ...]:
        """All that is being said or waits to be."""
        return (*(said.text for said in self.said), *self.passage.sentences)


@dataclass(frozen=True)
class HeardBreath:
    """A breath that was heard. Times are audio times in seconds."""

    began: float
    ended: float | None = None
    """None as long as it lasts."""


@dataclass(frozen=True)
class Progress:
    """How far the routine has come."""

    routine: str = ""
    """The identifier of the routine; empty before one is chosen."""
    step: int = -1
    """The step that is or was told, counted from 0; -1 before the first."""
    started_over: bool = False
    """Whether this step was begun again by "start over"."""
    timed: Timed | None = None
    """The hold, or the rounds of breath, of this step."""
    clock_runs: bool = False
    presses: int = 0
    """How many presses were cued in this session."""
    breaths: tuple[float, ...] = ()
    """Seconds of the free breaths out that were heard."""
    breath_began: float | None = None
    """When the free breath that is heard began."""
    breath: HeardBreath | None = None
    """The breath that was heard last, in steps that listen for it."""
    by_clock: bool = False
    """Whether the person chose to be pressed by the clock, because no breath was heard."""
    press_over: bool = False
    """Whether nobody is to press any more in this session, however many presses are left."""
    press_seconds: float = 0.0
    """How long the rounds of a press lasted so far, in seconds."""
    moved: int = 0
    """How far the partner's hands were moved from where they were, in steps towards the head."""
    moving: bool = False
    """Whether another place for them is being looked for."""
    asked_louder: bool = False
    """Whether the free breaths were not heard, and asked for again."""
    released: bool = True
    """Whether the partner was told to let go since they may have pressed; see `press`."""
    outcome: Outcome | None = None
    felt: Feeling | None = None
    """The answer to how it was; None as long as there is none."""
    longer: int = 0
    """How often longer holds were asked for; below zero, shorter ones."""
    skipped: int = 0
    """How many holds and breathings were skipped."""

    @property
    def running(self) -> Timed | None:
        """What runs by the clock now."""
        return self.timed if self.clock_runs else None


@dataclass(frozen=True)
class Ending:
    """What is needed to come to an end, whatever fails."""

    fault: str = ""
    """What failed, in one sentence for the screen."""
    last_words: tuple[str, ...] = ()
    due: float | None = None
    """Audio time at which the last words count as spoken, even if no end was reported."""


@dataclass(frozen=True)
class Intro:
    """The part before the first step: choice, sound check, briefing."""

    offered: int = 0
    """The first routine of those that are read out, counted from 0."""
    told_about: str = ""
    """The routine that is being described; empty while several are offered."""
    checked: bool = False
    """Whether the person has been heard in this session."""
    help_taught: bool = False
    """Whether the coach has said how to hear what can be said."""
    abridged: bool = False
    """Whether the briefing was shortened."""
    up: tuple[str, ...] = ()
    """How to get up; empty where the person is not on the floor, from the routine before."""
    known: frozenset[str] = frozenset()
    """The routines that need no whole briefing."""
    suggested: str = ""
    """What was assigned, or done last, while the coach asks whether to do it."""
    consent: bool | None = None
    """Whether it may be told how the assigned plan goes; None where nobody was asked."""
    preamble: tuple[str, ...] = ()
    """What is said before the routine begins."""


@dataclass(frozen=True)
class ScreeningState:
    """What is known of the body, and how far the questions have come."""

    asked: bool = False
    """Whether the questions were asked, now or in a session before."""
    excludes: frozenset[Class] | None = None
    """What the answers leave out; None where they are unknown."""
    lying: frozenset[Class] | None = None
    """The same of the one who lies down for a partner, in this session only."""
    new: frozenset[Class] | None = None
    """What is to be remembered of this session's answers; None: nothing."""
    wanted: str = ""
    """The routine that waits for the answers."""
    for_partner: bool = False
    answers: tuple[bool, ...] = ()


@dataclass(frozen=True)
class StopTest:
    """The test of the stop before anything strong."""

    voices: int = 0
    """How many voices have silenced the coach, one after the other."""
    refused: bool = False
    """Whether it failed, so that no twist is led in this session."""
    tries: int = 0
    over_at: float | None = None
    """Audio time at which the test counts as failed; None while the count goes on."""


@dataclass(frozen=True)
class UsageGuard:
    """What the past allows, and what was advised against."""

    allowed: GuardResult
    wanted: str
    """The routine that was asked for: at first by the config, later by the person."""
    question: tuple[str, ...] = ()


@dataclass(frozen=True)
class Left:
    """A place that was left for a while."""

    state: State
    rest: Passage
    """What was still to be said there, and what was to follow."""


@dataclass(frozen=True)
class PainQuestion:
    """The question "Did that hurt?", from the words that raised it. Times are audio times."""

    since: float
    over_at: float
    """When silence is an answer."""
    asked: float | None = None
    """When the question had been spoken; None before."""
    again: bool = False
    """Whether it has been asked for the second time."""


@dataclass(frozen=True)
class Interruptions:
    """Where to go back to, and the question that is open."""

    left: tuple[Left, ...] = ()
    """The newest last."""
    question: PainQuestion | None = None


@dataclass(frozen=True)
class Controls:
    """What the person has set, and what was last heard of them."""

    pace: Pace = field(default_factory=Pace)
    volume: float = 0.0
    """Decibels against the level the clips were made at."""
    unanswered: int = 0
    """How many prompts in a row have had no answer."""
    heard: str = ""
    """The last words that were understood."""
    heard_at: float = 0.0
    unclear: int = 0
    """How often in a row they were not understood."""


@dataclass(frozen=True)
class Surroundings:
    """How much the coach had to give way. Times are audio times in seconds."""

    began: float = 0.0
    """When the session began."""
    gave_way: float = 0.0
    """Seconds since the person was last understood."""
    gives_way_since: float | None = None
    """None while the coach gives way to nobody."""
    told: bool = False
    """Whether the coach has said that it is loud here."""


@dataclass(frozen=True)
class Announcement:
    """That somebody is coming."""

    asked_at: float | None = None
    """When it was asked for, in audio seconds; None when it is not to be said."""
    said_at: float | None = None
    """When it was said last."""


@dataclass(frozen=True)
class SessionState:
    """All of it. With the same config, equal states behave in the same way from here on."""

    state: State
    progress: Progress
    ending: Ending
    speech: Speech
    intro: Intro
    screening: ScreeningState
    stop_test: StopTest
    usage: UsageGuard
    interruptions: Interruptions
    controls: Controls
    surroundings: Surroundings
    announcement: Announcement
