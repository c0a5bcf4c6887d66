"""What a display may know: a snapshot of the session, and nothing it could act on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Literal

from voice_coach.core import leaving_out
from voice_coach.core.commands import Command
from voice_coach.core.transitions import State

if TYPE_CHECKING:
    from voice_coach.core.breathing import Beat, Round
    from voice_coach.core.pose import Pose
    from voice_coach.core.routine import Class
    from voice_coach.core.script import Question, ScriptStep
    from voice_coach.core.state import HeardBreath, Progress, SessionState
    from voice_coach.core.turn import Setup


class Outcome(Enum):
    """How a session ended."""

    COMPLETED = "completed"
    STOPPED = "stopped"
    PAIN = "pain"
    FAULT = "fault"


class Feeling(Enum):
    """How a person felt after a completed routine, against before."""

    BETTER = "better"
    SAME = "same"
    WORSE = "worse"


@dataclass(frozen=True)
class View:
    """A session at one moment."""

    now: float
    """Audio time in seconds."""
    state: State
    routine: str
    """The routine's title; empty before one is chosen."""
    routine_id: str
    """Its identifier; empty before one is chosen."""
    title: str
    """What is being done, in a few words."""
    step: int
    """Counted from 1; 0 before the first."""
    steps: int
    side: str
    to_partner: bool
    saying: str
    """The sentence that sounds now; empty in silence."""
    heard: str
    """The last words that were understood."""
    heard_at: float
    """Audio time at which they were, in seconds."""
    seconds_left: float | None
    """What is left of a hold or of the breathing; None where no clock runs."""
    beat: Beat | None
    rounds: int
    """How many rounds of breath the step has; 0 for none."""
    pose: Pose | None
    mirrored: bool
    can_say: tuple[str, ...]
    """One phrase for each command that does something now."""
    offered: int
    """Which routine is read out first while one is chosen, counted from 0."""
    outcome: Outcome | None
    felt: Feeling | None
    """What was answered at the end; None as long as nothing is."""
    fault: str
    """One sentence about what failed; empty as long as nothing has."""
    listening: bool
    """Whether the coach holds back because it has noticed the person."""
    audio_kept: bool = False
    """Whether the sound of this session is kept."""
    level: float | None = None
    """How loud the person is, in dBFS: the microphone without the coach's echo; None where that is
    not known. The session does not know it; the runner fills it in."""
    twist: bool = False
    """Whether the routine counts as a twist."""
    longer: int = 0
    """How often longer holds were asked for; below zero, shorter ones."""
    skipped: int = 0
    """How many holds and breathings were skipped."""
    screened: frozenset[Class] | None = None
    """What this session's answers to the screening leave out, to be remembered; None: nothing."""
    consented: bool = False
    """Whether whoever assigned the plan may be told how it goes."""
    breath: Round | None = None
    """The round of breath that runs, with its times; None where none does."""
    heard_breath: HeardBreath | None = None
    """The latest breath that was heard since this round began; None where none was."""
    hands: Literal["push", "let go", ""] = ""
    """What the partner is to do in the rounds of a press; empty elsewhere."""
    question: Question = ""
    """What the step that waits asks, "moving" while the hands move; empty where it asks nothing."""


def of(setup: Setup, state: SessionState, accepted: frozenset[Command], now: float) -> View:
    """Show a session in this state; `accepted` are the commands that do something in it."""
    progress, speech, controls = state.progress, state.speech, state.controls
    routine, script = setup.routine(progress.routine), setup.script(progress.routine)
    step = script[progress.step] if progress.step >= 0 else None
    running = progress.running
    phrases = setup.language.commands
    waits = state.state is State.WAITING
    return View(
        now=now,
        state=state.state,
        routine=routine.title if routine else "",
        routine_id=progress.routine,
        title=step.title if step else "",
        step=progress.step + 1,
        steps=len(script),
        side=step.side if step else "",
        to_partner=bool(step and step.source.to == "partner"),
        saying=speech.text,
        heard=controls.heard,
        heard_at=controls.heard_at,
        seconds_left=running.seconds_left(now) if running else None,
        beat=running.beat(now) if running else None,
        rounds=step.breathing.rounds if step and step.breathing else 0,
        pose=step.source.pose if step else None,
        mirrored=bool(step and step.mirrored),
        can_say=tuple(
            phrases[command][0]
            for command in Command
            if command in accepted
            and command in phrases
            # Elsewhere it is another word for "next".
            and (command is not Command.SKIP or leaving_out.is_offered(setup, state))
            # It answers the rating, too, but is not offered there.
            and (command is not Command.UNHURT or state.state is not State.RATING)
        ),
        offered=state.intro.offered,
        outcome=progress.outcome,
        felt=progress.felt,
        fault=state.ending.fault,
        listening=speech.gives_way_until is not None,
        audio_kept=setup.config.audio_kept,
        twist=bool(routine and routine.twist),
        longer=progress.longer,
        skipped=progress.skipped,
        screened=state.screening.new,
        consented=bool(state.intro.consent),
        breath=running.breath(now) if running else None,
        heard_breath=_heard(progress, now),
        hands=_hands(step, progress, now),
        question=step.question(moving=progress.moving) if step and waits else "",
    )


def _heard(progress: Progress, now: float) -> HeardBreath | None:
    """Give the breath that was heard in the round that runs."""
    running, heard = progress.running, progress.breath
    breath = running.breath(now) if running else None
    over = breath is None or heard is None or (heard.ended or now) < breath.start
    return None if over else heard


def _hands(
    step: ScriptStep | None, progress: Progress, now: float
) -> Literal["push", "let go", ""]:
    if step is None or not step.source.is_press or not progress.running:
        return ""
    breath = progress.running.breath(now)
    pushed = breath is not None and breath.push is not None and breath.push <= now
    return "push" if pushed and breath and now < (breath.let_go or now) else "let go"
