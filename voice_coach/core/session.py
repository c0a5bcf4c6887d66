"""The session: an event and the audio time go in, actions come out. Nothing else decides.

A session is a config and a state. Both are values: the same config, state, event and time always
give the same actions and the same next state. This module gives each event to the part of the core
that handles it: commands to ``heard``, clips to ``speech_queue``, faults to ``ending``. It also
does what is due when time passes or a passage has been spoken.
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

from voice_coach.core import (
    announcement,
    ending,
    flow,
    heard,
    interruptions,
    intro,
    press,
    prompts,
    side_commands,
    speech_queue,
    stop_test,
    surroundings,
    usage_guard,
    view,
)
from voice_coach.core.actions import Listen, ListenForBreath
from voice_coach.core.commands import Command
from voice_coach.core.earcons import OPENING
from voice_coach.core.events import (
    BreathEnded,
    BreathStarted,
    ClipDropped,
    ClipFinished,
    ClipStarted,
    Fault,
    Heard,
    Masked,
    Noticed,
    SomebodyComing,
    TimeReached,
)
from voice_coach.core.state import Then
from voice_coach.core.transitions import Signal, State
from voice_coach.core.turn import Setup, Turn

if TYPE_CHECKING:
    from voice_coach.core.actions import Action
    from voice_coach.core.config import SessionConfig
    from voice_coach.core.events import Event
    from voice_coach.core.script import ScriptStep
    from voice_coach.core.state import SessionState
    from voice_coach.core.view import Outcome, View


class Session:
    """One session, from the first word to the last. Times are audio times in seconds."""

    def __init__(self, config: SessionConfig, snapshot: SessionState | None = None) -> None:
        """Take the state to go on from; by default the session has not begun."""
        self.config = config
        self._setup = Setup(config)
        self.snapshot = snapshot or self._setup.initial()
        """The whole state, as a value."""

    def at(self, snapshot: SessionState) -> Session:
        """Give a session of the same config that goes on from this state."""
        other = copy(self)
        other.snapshot = snapshot
        return other

    @property
    def state(self) -> State:
        """Where it stands in the table of transitions."""
        return self.snapshot.state

    @property
    def outcome(self) -> Outcome | None:
        """How it ends, as soon as that is certain."""
        return self.snapshot.progress.outcome

    @property
    def over(self) -> bool:
        """Whether the last word is spoken."""
        return self.state is State.ENDED

    @property
    def counting(self) -> bool:
        """Whether the coach counts, for the person to silence it."""
        return stop_test.is_counting(self._setup, self.snapshot)

    @property
    def accepted(self) -> frozenset[Command]:
        """The commands that do something now."""
        return heard.listened_for(self._setup, self.snapshot)

    @property
    def script(self) -> tuple[ScriptStep, ...]:
        """The steps of the routine that was chosen."""
        return self._setup.script(self.snapshot.progress.routine)

    def start(self, now: float) -> list[Action]:
        """Begin: ask which routine, or check the sound for the one that was given."""
        turn = Turn(self._setup, self.snapshot, _follow_up)
        config, lines = self._setup.config, self._setup.lines
        kept = (lines.audio_kept,) if config.audio_kept else ()
        weak = lines.weak_hearing if config.weak_hearing else ()
        opening = () if config.deaf else (OPENING,)
        said = (*opening, *lines.welcome, *kept, *(lines.deaf if config.deaf else weak))
        surroundings.begin(turn, now)
        usage_guard.begin(turn, said, now)
        turn.actions.append(Listen(heard.listened_for(self._setup, turn)))
        self.snapshot = turn.after()
        return turn.actions

    def handle(self, event: Event, now: float) -> list[Action]:  # noqa: C901, PLR0912 - a case an event
        """Take what happened at the audio time `now`; give what is to be done, in order."""
        before = self.snapshot
        turn = Turn(self._setup, before, _follow_up)
        match event:
            case ClipStarted(say_id):
                speech_queue.started(turn, say_id)
            case ClipFinished(say_id) | ClipDropped(say_id):
                if isinstance(event, ClipFinished):
                    press.said(turn, say_id)
                if isinstance(event, ClipFinished) or turn.state in ending.LAST_WORDS:
                    announcement.said(turn, say_id, now)
                if speech_queue.finished(turn, say_id, now, announcement.between(turn, now)):
                    side_commands.fit_in(turn, now)
            case TimeReached():
                _pass_time(turn, now)
            case Heard():
                heard.hear(turn, event, now)
            case Noticed():
                heard.notice(turn, event, now)
            case Masked():
                interruptions.pause_in_noise(turn, now)
            case BreathStarted() | BreathEnded():
                press.breathe(turn, event, now)
            case Fault():
                ending.fail(turn, event, now)
            case SomebodyComing() if announcement.is_news(turn, now):
                announcement.ask(turn, now)
            case _:  # ClipReady concerns the runner, CandidateScored the log
                return turn.actions
        announcement.fit_in(turn, now)
        self.snapshot = turn.after()
        same = turn.state is before.state and turn.progress is before.progress
        same = same and turn.speech.sounding is before.speech.sounding
        if not (same and turn.intro is before.intro):  # all that listened_for uses
            listening = heard.listened_for(self._setup, turn)
            if listening != heard.listened_for(self._setup, before):
                turn.actions.append(Listen(listening))
            breath = press.listens_for_breath(self._setup, turn)
            if breath != press.listens_for_breath(self._setup, before):
                turn.actions.append(ListenForBreath(breath))
        return turn.actions

    def deadline(self) -> float | None:
        """Give the audio time at which the session wants ``TimeReached``; None for never."""
        moments = (
            self.snapshot.speech.gives_way_until,
            press.deadline(self._setup, self.snapshot),
            _next_move(self._setup, self.snapshot),
        )
        return min((moment for moment in moments if moment is not None), default=None)

    def view(self, now: float) -> View:
        """Show where the session stands."""
        return view.of(self._setup, self.snapshot, self.accepted, now)


# What happens by itself


def _pass_time(turn: Turn, now: float) -> None:
    gives_way_until = turn.speech.gives_way_until
    if gives_way_until is not None and now >= gives_way_until:
        speech_queue.insist(turn, now)
        surroundings.go_on(turn, now)
    press.pass_time(turn, now)
    question, due = interruptions.question(turn), turn.ending.due
    if turn.progress.running:
        if not flow.say_due_cues(turn, now):
            side_commands.fit_in(turn, now)
    elif question and now >= question.over_at:
        interruptions.unanswered(turn, question, now)
    elif due is not None and now >= due:
        speech_queue.cut(turn, now)
        ending.end(turn)
    elif turn.state is State.STOP_TEST:
        stop_test.pass_time(turn, now)
    else:
        prompts.ask_again(turn, now)


def _next_move(setup: Setup, state: SessionState) -> float | None:
    """Give the audio time at which something happens by itself, if nothing happens before."""
    if running := state.progress.running:
        return running.deadline()
    if question := interruptions.question(state):
        return question.over_at
    if state.ending.due is not None:
        return state.ending.due
    if state.state is State.STOP_TEST:
        return stop_test.deadline(state)
    return prompts.deadline(setup, state)


def _follow_up(turn: Turn, then: Then, now: float) -> None:
    """Do what follows a passage."""
    match then:
        case Then.BRIEF:
            intro.brief(turn, Command.READY, now)
        case Then.START_STEPS:
            intro.start_steps(turn, now)
        case Then.DO_STEP:
            flow.do_step(turn, now)
        case Then.RUN_CLOCK:
            flow.run_clock(turn, now)
        case Then.AWAIT_CRY:
            stop_test.counted(turn, now)
        case Then.LEAVE_STOP_TEST:
            intro.brief(turn, Signal.STOP_TESTED, now)
        case Then.AWAIT_CONFIRMATION:
            interruptions.await_confirmation(turn)
        case Then.CHOOSE_WANTED:
            usage_guard.choose_wanted(turn, now)
        case Then.END:
            announcement.end(turn, now)
