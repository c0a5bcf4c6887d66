"""What a command does when it is heard, and what the coach does when it notices the person."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from voice_coach.core import (
    ending,
    flow,
    interruptions,
    intro,
    leaving_out,
    press,
    press_questions,
    prompts,
    questions,
    side_commands,
    speech_queue,
    stop_test,
    surroundings,
    usage_guard,
)
from voice_coach.core.commands import URGENT, Command
from voice_coach.core.safety import whole_note
from voice_coach.core.state import evolve
from voice_coach.core.transitions import BEFORE, State, accepted

if TYPE_CHECKING:
    from voice_coach.core.events import Heard, Noticed
    from voice_coach.core.state import SessionState
    from voice_coach.core.turn import Setup, Turn

WELL_OVER = 10.0
"""Words that are this many decibels louder than the coach's echo are not the coach's own, even
while it says them: residual echo is always softer than the echo."""
MOVES = frozenset(flow.CHANGE)
"""The commands that lead to another step."""
ANSWERS = frozenset({Command.YES, Command.NO})
"""Any words for these may be the coach's own: its "say: yes" may come back as "yes i do"."""


def listened_for(setup: Setup, state: SessionState | Turn) -> frozenset[Command]:
    """Give the commands that do something in this state."""
    routine = setup.routine(state.progress.routine)
    partner = routine is not None and routine.partner
    return _listened_for(
        state.state,
        partner=partner,
        abridged=intro.is_abridged(state),
        suggested=bool(state.intro.suggested),
        screens=setup.config.screening is not None,
        answers=press_questions.answers(setup, state),
        pressed=press_questions.may_crack(setup, state),
        asking_consent=state.state is State.CONSENT and state.speech.busy,
    )


@cache
def _listened_for(
    state: State,
    *,
    partner: bool,
    abridged: bool,
    suggested: bool,
    screens: bool,
    answers: frozenset[Command],
    pressed: bool,
    asking_consent: bool,
) -> frozenset[Command]:
    spare = {
        Command.GENTLER: partner,
        Command.MORE_DETAIL: abridged,
        Command.ASK_AGAIN: screens,
        Command.CRACKED: pressed,
    }
    if state is State.WAITING:
        spare |= dict.fromkeys(press_questions.ANY, False)
    if asking_consent:
        # A second yes to the plan is no consent: it counts only after all of the question.
        spare[Command.YES] = False
    if state is State.CHOOSING:
        spare |= {Command.YES: suggested, Command.NO: suggested}
    return accepted(state) - {command for command in spare if not spare[command]} | answers


def hear(turn: Turn, heard: Heard, now: float) -> None:
    """Obey a command, unless it does nothing here."""
    if _ignores(turn, heard, now):
        return
    command = heard.command
    words = heard.phrase or command.value.replace("_", " ")
    turn.controls = evolve(turn.controls, heard=words, heard_at=now, unanswered=0, unclear=0)
    surroundings.understand(turn)
    if command is Command.SKIP and not leaving_out.is_offered(turn.setup, turn):
        command = Command.NEXT
    if _would_skip_a_caution(turn, command):
        command = Command.CONTINUE
    if command not in URGENT:
        speech_queue.resume(turn, now)  # the answer must be heard
    begins = turn.state is State.SOUND_CHECK and heard.command in (Command.READY, Command.YES)
    if begins and heard.over_echo is not None:
        side_commands.adapt_volume(turn, heard.over_echo)
    if _is_acknowledged(turn, heard):
        speech_queue.acknowledge(turn)
    _obey(turn, heard, command, now)
    side_commands.acknowledge(turn, now)


def _would_skip_a_caution(turn: Turn, command: Command) -> bool:
    """Say whether this leads on from a pause, past a caution that the pause has interrupted."""
    if interruptions.left(turn) is State.BRIEFING:
        return command in MOVES
    return command is Command.NEXT and interruptions.holds_caution(turn)


def _is_acknowledged(turn: Turn, heard: Heard) -> bool:
    """Say whether an earcon tells that this was understood.

    The answer to a command that silences or ends is silence. The answer to the pain confirmation is
    words alone. The partner is asked for less pressure without any delay.
    """
    spoken = heard.source == "voice" and heard.tier == "confirmed"
    calm = heard.command not in URGENT and heard.command is not Command.GENTLER
    return spoken and calm and not interruptions.question(turn)


def _ignores(turn: Turn, heard: Heard, now: float) -> bool:
    """Say whether this does nothing here, answers nothing, or may be the coach's own voice."""
    if heard.command not in listened_for(turn.setup, turn) or _may_be_own(turn, heard, now):
        return True
    if heard.command is Command.BETTER and turn.state is not State.RATING:
        # "Great" to "another stretch?" is not about how they feel.
        return heard.phrase in turn.setup.language.sayings.idle
    question = interruptions.question(turn)
    if heard.tier == "possible" and question:
        return heard.command is not Command.PAIN or interruptions.is_raised_by(question, now)
    return heard.tier == "possible" and turn.state not in BEFORE[State.PAIN_CONFIRMATION]


def _may_be_own(turn: Turn, heard: Heard, now: float) -> bool:
    """Whether it may be the coach's own voice; words of pain and stop always are a person's.

    A person who says "it hurts" while the coach teaches it must be heard. The coach itself says
    "too much" and "that's enough". These count only where they are all that was said.
    """
    cries = heard.command in URGENT and not turn.setup.language.sayings.must_be_alone(heard.phrase)
    well_over = heard.over_echo is not None and heard.over_echo >= WELL_OVER
    if heard.source != "voice" or cries or well_over:
        return False
    commands = turn.setup.language.commands
    phrases = commands[heard.command] if heard.command in ANSWERS else (heard.phrase,)
    return any(speech_queue.may_be_own(turn.speech, phrase, now) for phrase in phrases)


def notice(turn: Turn, noticed: Noticed, now: float) -> None:
    """Give way, except in words about the person's safety, and in the last words.

    A breath in the rounds of a press is no reason to speak softly: the partner must hear each cue.
    """
    if noticed.kind in ("duck", "hush"):
        interruptions.give_time(turn, now)
        if press.is_releasing(turn, turn.setup):
            return
    if turn.state not in BEFORE[State.PAIN_CONFIRMATION]:
        return
    if noticed.kind == "duck" and turn.progress.running and not turn.progress.released:
        return
    match noticed.kind:
        case "hush" if not (turn.speech.insists and turn.progress.released):
            interruptions.hush(turn, now)
            surroundings.give_way(turn, now)
        case "duck" | "hush":
            speech_queue.duck(turn, now)
            surroundings.give_way(turn, now)
        case "resume" | "unclear":
            turn.speech = evolve(turn.speech, insists=False)
            speech_queue.resume(turn, now)
            surroundings.go_on(turn, now)
            if noticed.kind == "unclear":
                side_commands.not_understood(turn, now)


def _obey(turn: Turn, heard: Heard, command: Command, now: float) -> None:  # noqa: C901, PLR0912, PLR0915 - a case a command
    state, question = turn.state, interruptions.question(turn)
    match command:
        case Command.PAIN if state is State.STOP_TEST and heard.source == "voice":
            stop_test.hear(turn, now)
        case Command.REPEAT if state is State.STOP_TEST:
            stop_test.repeat(turn, now)
        case _ if heard.tier == "possible" and not question:
            interruptions.confirm(turn, now)
        case Command.YES | Command.NO | Command.REPEAT | Command.HELP if state is State.SCREENING:
            questions.answer(turn, command, now)
        case Command.YES | Command.NO if state is State.CHOOSING:
            usage_guard.answer_suggestion(turn, command, now)
        case Command.SKIP if state is State.BRIEFING:
            intro.back_to_choice(turn, now, command)
        case Command.SKIP:
            rest = leaving_out.after(turn.setup, turn)
            flow.tell(turn, rest or 0, Command.NEXT, now)
        case Command.CRACKED:
            press_questions.cracked(turn, now)
        case _ if press_questions.is_answer(turn, command):
            press_questions.answer(turn, command, now)
        case Command.ASK_AGAIN:
            questions.begin(turn, command, "", now)
        case Command.LONGER_HOLD | Command.SHORTER_HOLD:
            side_commands.change_hold(turn, command, now)
        case Command.CHOOSE:
            usage_guard.choose(turn, heard.choice, now)
        case Command.ABOUT:
            intro.tell_about(turn, heard.choice, now)
        case Command.PAIN:
            ending.pain(turn, now)
        case Command.YES if question:
            ending.pain(turn, now)
        case Command.STOP if heard.source == "signal" and state in ending.LAST_WORDS:
            pass  # signals come in storms, and somebody must still be told to take the hands off
        case Command.STOP:
            ending.stop(turn, now)
        case Command.NO | Command.UNHURT if question:
            interruptions.go_back(turn, command, now)
        case Command.CONTINUE if state is State.WAITING:
            flow.change_step(turn, Command.NEXT, now)
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
        case Command.BETTER | Command.SAME | Command.WORSE | Command.UNHURT:
            prompts.rate(turn, command, now)
        case Command.READY | Command.YES:
            stop_test.begin(turn, command, now)
        case Command.NEXT | Command.BACK | Command.REPEAT | Command.START_OVER if (
            state in intro.STATES
        ):
            intro.change_part(turn, command, now)
        case Command.NEXT | Command.BACK | Command.REPEAT | Command.START_OVER:
            flow.change_step(turn, command, now)
        case Command.PAUSE if state is State.PAUSED:
            interruptions.keep_silent(turn, now)
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
        speech_queue.put_in(turn, (*press.release(turn), *note), now)


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
        speech_queue.speak(turn, (*press.release(turn), *answers.help_paused), now)
    else:
        more = answers.help_paused if command is Command.HELP else ()
        if more and intro.is_abridged(turn):
            more = (*more, turn.setup.lines.briefed_before)
        interruptions.pause(turn, command, (answers.paused, *more), now)
