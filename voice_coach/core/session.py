"""The session: an event and the audio time go in, actions come out. Nothing else decides.

A session is a config and a state. Both are values: the same config, state, event and time always
give the same actions and the same next state. Here it is decided what an event means; the modules
by topic do it: ``intro`` up to the first step, ``flow`` from step to step, ``interruptions``,
``side_commands``, ``prompts``, ``stop_test``, ``usage_guard`` and ``ending``.
"""

from __future__ import annotations

from copy import copy
from functools import cache
from typing import TYPE_CHECKING

from voice_coach.core import (
    ending,
    flow,
    interruptions,
    intro,
    prompts,
    side_commands,
    speech_queue,
    stop_test,
    usage_guard,
    view,
)
from voice_coach.core.actions import Listen
from voice_coach.core.commands import URGENT, Command
from voice_coach.core.events import (
    ClipDropped,
    ClipFinished,
    ClipStarted,
    Fault,
    Heard,
    Noticed,
    TimeReached,
)
from voice_coach.core.safety import whole_note
from voice_coach.core.state import Then, evolve
from voice_coach.core.transitions import BEFORE, Signal, State, accepted
from voice_coach.core.turn import Setup, Turn

if TYPE_CHECKING:
    from voice_coach.core.actions import Action
    from voice_coach.core.config import SessionConfig
    from voice_coach.core.events import Event
    from voice_coach.core.state import SessionState
    from voice_coach.core.view import Outcome, View

MOVES = frozenset(flow.CHANGE)
"""The commands that lead to another step."""


class Session:
    """One session, from the first word to the last. Times are audio times in seconds."""

    def __init__(self, config: SessionConfig, snapshot: SessionState | None = None) -> None:
        """Take the state to go on from; by default the session has not begun."""
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
        return _accepted(self._setup, self.snapshot)

    def start(self, now: float) -> list[Action]:
        """Begin: ask which routine, or check the sound for the one that was given."""
        turn = Turn(self._setup, self.snapshot, _follow_up)
        config, lines = self._setup.config, self._setup.lines
        kept = (lines.audio_kept,) if config.audio_kept else ()
        weak = lines.weak_hearing if config.weak_hearing else ()
        said = (*lines.welcome, *kept, *(lines.deaf if config.deaf else weak))
        usage_guard.begin(turn, said, now)
        turn.actions.append(Listen(_accepted(self._setup, turn)))
        self.snapshot = turn.after()
        return turn.actions

    def handle(self, event: Event, now: float) -> list[Action]:
        """Take what happened at the audio time `now`; give what is to be done, in order."""
        before = self.snapshot
        turn = Turn(self._setup, before, _follow_up)
        match event:
            case ClipStarted(say_id):
                speech_queue.started(turn, say_id)
            case ClipFinished(say_id) | ClipDropped(say_id):
                if speech_queue.finished(turn, say_id, now):
                    side_commands.fit_in(turn, now)
            case TimeReached():
                _pass_time(turn, now)
            case Heard():
                _hear(turn, event, now)
            case Noticed():
                _notice(turn, event, now)
            case Fault():
                ending.fail(turn, event, now)
            case _:  # ClipReady concerns the runner, CandidateScored the log
                return turn.actions
        self.snapshot = turn.after()
        same = turn.state is before.state and turn.progress is before.progress
        if not (same and turn.intro is before.intro):  # all that _accepted looks at
            listening = _accepted(self._setup, turn)
            if listening != _accepted(self._setup, before):
                turn.actions.append(Listen(listening))
        return turn.actions

    def deadline(self) -> float | None:
        """Give the audio time at which the session wants ``TimeReached``; None: no wish."""
        moments = (self.snapshot.speech.gives_way_until, _next_move(self._setup, self.snapshot))
        return min((moment for moment in moments if moment is not None), default=None)

    def view(self, now: float) -> View:
        """Show where the session stands."""
        return view.of(self._setup, self.snapshot, self.accepted, now)


# What was heard


def _hear(turn: Turn, heard: Heard, now: float) -> None:
    if _ignores(turn, heard, now):
        return
    command = heard.command
    words = heard.phrase or command.value.replace("_", " ")
    turn.controls = evolve(turn.controls, heard=words, heard_at=now, unanswered=0)
    if command in MOVES and interruptions.left(turn) is State.BRIEFING:
        command = Command.CONTINUE  # a pause in the briefing must not skip its cautions
    if command not in URGENT:
        speech_queue.resume(turn, now)  # the answer must be heard
    begins = turn.state is State.SOUND_CHECK and heard.command in (Command.READY, Command.YES)
    if begins and heard.over_echo is not None:
        side_commands.adapt_volume(turn, heard.over_echo)
    if _is_acknowledged(turn, heard):
        speech_queue.acknowledge(turn)
    _obey(turn, heard, command, now)
    side_commands.acknowledge(turn, now)


def _is_acknowledged(turn: Turn, heard: Heard) -> bool:
    """Say whether an earcon tells that this was understood.

    What silences or ends is answered by silence, the pain confirmation by words alone. The partner
    is asked for less pressure without any delay.
    """
    spoken = heard.source == "voice" and heard.tier == "confirmed"
    calm = heard.command not in URGENT and heard.command is not Command.GENTLER
    return spoken and calm and not interruptions.question(turn)


def _ignores(turn: Turn, heard: Heard, now: float) -> bool:
    """Say whether this does nothing here, answers nothing, or may be the coach's own voice."""
    if heard.command not in _accepted(turn.setup, turn):
        return True
    question = interruptions.question(turn)
    if heard.tier == "possible" and question:
        return heard.command is not Command.PAIN or interruptions.is_raised_by(question, now)
    if heard.tier == "possible":
        return turn.state not in BEFORE[State.PAIN_CONFIRMATION]
    # A person who says "it hurts" while the coach teaches it must be heard.
    spoken = heard.source == "voice" and heard.command not in URGENT
    return spoken and speech_queue.may_be_own(turn.speech, heard.phrase, now)


def _notice(turn: Turn, noticed: Noticed, now: float) -> None:
    """Give way, except in words about the person's safety, and in the last words."""
    if noticed.kind != "resume":
        interruptions.give_time(turn, now)
    if turn.state not in BEFORE[State.PAIN_CONFIRMATION]:
        return
    match noticed.kind:
        case "duck":
            speech_queue.duck(turn, now)
        case "hush":
            interruptions.hush(turn, now)
        case "resume":
            speech_queue.resume(turn, now)


def _obey(turn: Turn, heard: Heard, command: Command, now: float) -> None:  # noqa: C901, PLR0912 - a case a command
    state, question = turn.state, interruptions.question(turn)
    match command:
        case Command.PAIN if state is State.STOP_TEST and heard.source == "voice":
            stop_test.hear(turn, now)
        case Command.REPEAT if state is State.STOP_TEST:
            stop_test.repeat(turn, now)
        case _ if heard.tier == "possible" and not question:
            interruptions.confirm(turn, now)
        case Command.CHOOSE:
            usage_guard.choose(turn, heard.choice, now)
        case Command.ABOUT:
            intro.tell_about(turn, heard.choice, now)
        case Command.PAIN:
            ending.pain(turn, now)
        case Command.YES if question:
            ending.pain(turn, now)
        case Command.STOP:
            ending.stop(turn, now)
        case Command.NO if question:
            interruptions.go_back(turn, command, now)
        case Command.CONTINUE:
            interruptions.go_back(turn, command, now)
        case Command.YES | Command.NO | Command.INSIST | Command.REPEAT if (
            state in usage_guard.QUESTIONS
        ):
            usage_guard.answer(turn, command, now)
        case Command.YES | Command.NO | Command.REPEAT if state is State.RESTART_PROMPT:
            prompts.answer_restart(turn, command, now)
        case Command.REPEAT if state is State.RATING:
            prompts.repeat_rating(turn, now)
        case Command.BETTER | Command.SAME | Command.WORSE:
            prompts.rate(turn, command, now)
        case Command.READY | Command.YES:
            stop_test.begin(turn, command, now)
        case Command.NEXT | Command.BACK | Command.REPEAT if state in intro.STATES:
            intro.change_part(turn, command, now)
        case Command.NEXT | Command.BACK | Command.REPEAT:
            flow.change_step(turn, command, now)
        case Command.PAUSE | Command.HELP:
            _pause(turn, command, now)
        case Command.SAFETY:
            _tell_safety(turn, now)
        case Command.MORE_DETAIL:
            intro.brief_in_full(turn, now)
        case Command.WHAT_ELSE:
            intro.offer_others(turn, now)
        case Command.NO:
            side_commands.answer(turn, turn.setup.lines.answers.no_hurry, now)
        case _:
            side_commands.obey(turn, command, now)


def _tell_safety(turn: Turn, now: float) -> None:
    note = whole_note(turn.setup.language)
    if turn.state in BEFORE[State.PAUSED]:
        # It takes more than a minute; no hold and no breath waits so long.
        paused = turn.setup.lines.answers.paused
        interruptions.pause(turn, Command.SAFETY, (paused, *note), now)
    else:
        speech_queue.put_in(turn, note, now)


def _pause(turn: Turn, command: Command, now: float) -> None:
    answers = turn.setup.lines.answers
    if turn.state in usage_guard.QUESTIONS:
        usage_guard.answer(turn, Command.REPEAT, now)
    elif turn.state is State.CHOOSING:
        side_commands.answer(turn, answers.help_choosing, now)
    elif turn.state is State.SOUND_CHECK:
        side_commands.answer(turn, answers.help_sound_check, now)
    elif turn.state is State.PAUSED:
        speech_queue.cut(turn, now)
        speech_queue.speak(turn, answers.help_paused, now)
    else:
        more = answers.help_paused if command is Command.HELP else ()
        interruptions.pause(turn, command, (answers.paused, *more), now)


# What happens by itself


def _pass_time(turn: Turn, now: float) -> None:
    gives_way_until = turn.speech.gives_way_until
    if gives_way_until is not None and now >= gives_way_until:
        speech_queue.resume(turn, now)
    question, due = interruptions.question(turn), turn.ending.due
    if turn.progress.running:
        if not flow.say_due_cues(turn, now):
            side_commands.fit_in(turn, now)
    elif question and now >= question.over_at:
        ending.pain(turn, now)
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
        case Then.END:
            ending.end(turn)


# What is listened for


def _accepted(setup: Setup, state: SessionState | Turn) -> frozenset[Command]:
    routine = setup.routine(state.progress.routine)
    partner = routine is not None and routine.partner
    return _listened_for(state.state, partner=partner, abridged=intro.is_abridged(state))


@cache
def _listened_for(state: State, *, partner: bool, abridged: bool) -> frozenset[Command]:
    spare = {Command.GENTLER: partner, Command.MORE_DETAIL: abridged}
    return accepted(state) - {command for command in spare if not spare[command]}
