"""The session: what happened and the audio time go in, what to do comes out. Nothing else decides.

Where the session stands, and which moves it may make from there, is the table in transitions.py;
what it says and in which order is kept by narration.py; what runs by the clock, a hold or rounds
of breath, is a ``Timed`` part of a step.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from voice_coach.core.actions import Listen, Prepare, SetVolume
from voice_coach.core.commands import Command
from voice_coach.core.events import (
    ClipDropped,
    ClipFinished,
    ClipStarted,
    Fault,
    Heard,
    TimeReached,
)
from voice_coach.core.narration import GAP, Narration, Passage
from voice_coach.core.pace import DEFAULT_RATE, Pace, speaking_seconds
from voice_coach.core.remaining import how_long
from voice_coach.core.safety import fault_note, safety_note
from voice_coach.core.script import briefing, routine_sentences, write_out
from voice_coach.core.timed import GRACE, BreathingRounds, Holding, Timed
from voice_coach.core.transitions import Signal, State, accepted, follow
from voice_coach.core.view import Outcome, View

if TYPE_CHECKING:
    from collections.abc import Iterable

    from voice_coach.core.actions import Action
    from voice_coach.core.events import Event
    from voice_coach.core.language import Language, Prompt
    from voice_coach.core.routine import Routine
    from voice_coach.core.script import ScriptStep
    from voice_coach.core.transitions import Trigger

VOLUME_STEP = 4.0
"""Decibels that "louder" and "softer" move by."""
LOUDEST, SOFTEST = 12.0, -16.0
"""Decibels."""
BACKSTOP = 10.0
"""Seconds a last word may be overdue before the session ends without it."""


class Session:
    """One session, from the first word to the last. Times are audio times in seconds."""

    def __init__(
        self, language: Language, routine: Routine | None = None, *, weak_hearing: bool = False
    ) -> None:
        self.state = State.CHOOSING if routine is None else State.SOUND_CHECK
        self.outcome: Outcome | None = None
        self._language = language
        self._lines = language.coach
        self._weak_hearing = weak_hearing
        self._routine = routine
        self._script: tuple[ScriptStep, ...] = ()
        self._step = -1
        """The step that is or was told, counted from 0; -1 before the first."""
        self._pace = Pace()
        self._volume = 0.0
        self._actions: list[Action] = []
        self._narration = Narration(self._act)
        self._timed: Timed | None = None
        self._clock_runs = False
        self._answers: deque[str | None] = deque()
        """Answers that wait until a running clock leaves room for them; None is the one to "how
        long?", which holds only for the moment it is given."""
        self._before_pause: State | None = None
        self._suspended = Passage()
        self._cautions: frozenset[str] = frozenset()
        self._prompts = 0
        """How often the coach has asked in vain."""
        self._gives_up_at: float | None = None
        self._listening: frozenset[Command] = frozenset()
        self._heard = ""
        self._heard_at = 0.0
        self._fault = ""

    @property
    def over(self) -> bool:
        """Whether the last word is spoken."""
        return self.state is State.ENDED

    def start(self, now: float) -> list[Action]:
        """Begin: ask which routine, or check the sound for the one that was given."""
        self._actions = []
        weak = self._lines.weak_hearing if self._weak_hearing else ()
        if self._routine is None:
            opening = self._offers()
        else:
            self._load(self._routine)
            opening = self._sound_check(self._routine)
        self._narration.speak((*self._lines.welcome, *weak, *opening), now)
        self._listen()
        return self._actions

    def handle(self, event: Event, now: float) -> list[Action]:
        """Take what happened at the audio time `now`; give what is to be done, in order."""
        self._actions = []
        match event:
            case Heard():
                self._obey(event, now)
            case ClipStarted(say_id):
                self._narration.started(say_id)
            case ClipFinished(say_id) | ClipDropped(say_id):
                if self._narration.finished(say_id, now):
                    self._fit_answers(now)
            case TimeReached():
                self._pass_time(now)
            case Fault():
                self._fail(event, now)
            case _:
                pass
        self._listen()
        return self._actions

    def deadline(self) -> float | None:
        """Give the audio time at which the session wants ``TimeReached``; None: no wish."""
        if self._running:
            return self._running.deadline()
        if self._gives_up_at is not None:
            return self._gives_up_at
        prompt = self._prompt()
        idle = prompt and not self._narration.busy
        return self._narration.quiet_since + prompt.every if prompt and idle else None

    def view(self, now: float) -> View:
        """Show where the session stands."""
        step = self._script[self._step] if self._step >= 0 else None
        running = self._running
        return View(
            now=now,
            state=self.state,
            routine=self._routine.title if self._routine else "",
            title=step.title if step else "",
            step=self._step + 1,
            steps=len(self._script),
            side=step.side if step else "",
            to_partner=bool(step and step.source.to == "partner"),
            saying=self._narration.text,
            heard=self._heard,
            heard_at=self._heard_at,
            seconds_left=running.seconds_left(now) if running else None,
            beat=running.beat(now) if running else None,
            rounds=step.breathing.rounds if step and step.breathing else 0,
            pose=step.source.pose if step else None,
            mirrored=bool(step and step.mirrored),
            can_say=tuple(
                self._language.commands[command][0]
                for command in Command
                if command in self._listening and command in self._language.commands
            ),
            outcome=self.outcome,
            fault=self._fault,
        )

    # What was heard

    def _obey(self, heard: Heard, now: float) -> None:  # noqa: C901, PLR0912 - a case a command
        command = heard.command
        if command not in self._accepted():
            return
        if heard.source == "voice" and self._narration.may_be_own(heard.phrase, now):
            return
        self._heard = heard.phrase or command.value.replace("_", " ")
        self._heard_at = now
        self._prompts = 0
        if self.state is State.PAUSED and self._before_pause is State.BRIEFING:
            # A pause in the briefing is no way round its cautions.
            moves = (Command.NEXT, Command.BACK, Command.REPEAT)
            command = Command.CONTINUE if command in moves else command
        match command:
            case Command.PAIN:
                self._hurt(now)
            case Command.STOP:
                self._move(command)
                self._interrupt(now)
                if self.state is State.CLOSING:
                    self._close(now)
            case Command.CHOOSE:
                routine = self._language.routine(heard.choice)
                self._move(command)
                self._load(routine)
                self._interrupt(now)
                self._narration.speak(self._sound_check(routine), now)
            case Command.READY | Command.YES:
                self._move(command)
                self._brief(now)
            case Command.NEXT | Command.BACK | Command.REPEAT:
                self._turn(command, now)
            case Command.PAUSE | Command.HELP:
                self._pause(command, now)
            case Command.CONTINUE:
                self._go_on(now)
            case Command.SLOWER | Command.FASTER:
                self._change_pace(command, now)
            case Command.LOUDER | Command.SOFTER:
                self._change_volume(command, now)
            case Command.HOW_LONG:
                self._answer(None, now)
            case Command.GENTLER:
                self._ask_gentler(now)
            case Command.NO:
                self._answer(self._lines.answers.no_hurry, now)

    def _hurt(self, now: float) -> None:
        note = safety_note(self._language, self._routine)
        if self.state is State.HURT and note[0] in self._narration.coming:
            return  # the note has only just begun
        self._interrupt(now)
        self.state = State.HURT
        self.outcome = Outcome.PAIN
        self._speak_last(note, now)

    def _close(self, now: float) -> None:
        self.outcome = Outcome.STOPPED
        self._speak_last((self._lines.stopped,), now)

    def _turn(self, command: Command, now: float) -> None:
        if self.state is State.CHOOSING:
            self._interrupt(now)
            self._narration.speak(self._offers(), now)
        elif self.state is State.SOUND_CHECK and self._routine:
            self._interrupt(now)
            self._narration.speak(self._sound_check(self._routine), now)
        elif self.state is State.BRIEFING and command is not Command.NEXT:
            self._brief(now)
        elif self.state is State.BRIEFING and self._cautions & set(self._narration.coming):
            # "Next" may skip the rest of the briefing, never a caution.
            passage = self._narration.passage
            passage.sentences = deque(s for s in passage.sentences if s in self._cautions)
        elif self.state is State.BRIEFING:
            self._tell(0, command, now)
        else:
            change = {Command.NEXT: 1, Command.BACK: -1, Command.REPEAT: 0}[command]
            paused = self.state is State.PAUSED
            lead_in = (self._lines.answers.going_on,) if paused else ()
            self._tell(max(0, self._step + change), command, now, lead_in)

    def _pause(self, command: Command, now: float) -> None:
        answers = self._lines.answers
        if self.state is State.CHOOSING:
            self._answer(answers.help_choosing, now)
        elif self.state is State.SOUND_CHECK:
            self._answer(answers.help_sound_check, now)
        elif self.state is State.PAUSED:
            self._narration.cut(now)
            self._narration.speak(answers.help_paused, now)
        else:
            self._before_pause = self.state
            self._move(command)
            if self._running:
                self._running.interrupt(now)
            self._suspended = self._narration.set_aside(now)
            self._clock_runs = False
            more = answers.help_paused if command is Command.HELP else ()
            self._narration.speak((answers.paused, *more), now)

    def _go_on(self, now: float) -> None:
        self._move(Command.CONTINUE)
        self._narration.cut(now)
        going_on = self._lines.answers.going_on
        if self.state is State.WAITING:
            prompt = self._lines.prompts.waiting.say[0]
            self._narration.speak((going_on, prompt), now)
        elif self._timed:
            self._narration.speak((going_on,), now, then=self._run_clock)
        else:
            rest = self._suspended
            sentences = (going_on, *rest.sentences)
            self._narration.speak(sentences, now, gap=rest.gap, then=rest.then)

    def _change_pace(self, command: Command, now: float) -> None:
        slower = command is Command.SLOWER
        self._pace = self._pace.slower() if slower else self._pace.faster()
        self._narration.rate = self._pace.rate
        if self._routine:
            self._prepare(self._routine)
        answers = self._lines.answers
        self._answer(answers.slower if slower else answers.faster, now)

    def _change_volume(self, command: Command, now: float) -> None:
        louder = command is Command.LOUDER
        wanted = self._volume + (VOLUME_STEP if louder else -VOLUME_STEP)
        self._volume = max(SOFTEST, min(LOUDEST, wanted))
        self._act(SetVolume(self._volume))
        answers = self._lines.answers
        self._answer(answers.louder if louder else answers.softer, now)

    def _ask_gentler(self, now: float) -> None:
        """Tell the partner at once, even in the middle of a cue."""
        text = self._lines.to_partner.format(sentence=self._lines.answers.gentler)
        if self._running:
            # A cue that was about to be called is lost with it: it could only come too late.
            self._narration.cut(now)
            self._narration.say(text, now)
        else:
            self._answer(text, now)

    def _answer(self, text: str | None, now: float) -> None:
        """Say something in between: at once, or where a running clock leaves room for it."""
        if not self._running:
            self._narration.put_in(text or self._how_long(now), now)
        elif text not in self._answers:
            self._answers.append(text)
            self._fit_answers(now)

    def _fit_answers(self, now: float) -> None:
        if not self._running or not self._answers or self._narration.speaking:
            return
        text = self._answers[0] or self._how_long(now)
        if now + speaking_seconds(text, self._pace.rate) + GAP <= self._running.next_cue():
            self._answers.popleft()
            self._narration.say(text, now)

    def _how_long(self, now: float) -> str:
        return how_long(self._language, self._script[max(0, self._step) :], self._running, now)

    # What goes by itself

    def _pass_time(self, now: float) -> None:
        prompt = self._prompt()
        if self._running:
            for cue in self._running.due(now, self._pace.stretch):
                if now <= cue.at + GRACE:
                    self._narration.say(cue.text, cue.at, cue)
            if self._running.over(now):
                self._tell(self._step + 1, Signal.STEP_OVER, now, self._running.parting)
            else:
                self._fit_answers(now)
        elif self._gives_up_at is not None and now >= self._gives_up_at:
            self._narration.cut(now)
            self._end(now)
        elif (
            prompt
            and not self._narration.busy
            and now >= self._narration.quiet_since + prompt.every
        ):
            self._ask_again(prompt, now)

    def _ask_again(self, prompt: Prompt, now: float) -> None:
        self._prompts += 1
        if self._prompts <= prompt.times:
            sentence = prompt.say[(self._prompts - 1) % len(prompt.say)]
            self._narration.speak((sentence,), now)
            return
        self._move(Signal.UNANSWERED)
        if self.state is State.CLOSING:
            self._close(now)
        else:
            self.outcome = Outcome.FAULT
            self._fault = " ".join(self._lines.faults.unanswered)
            self._speak_last(self._lines.faults.unanswered, now)

    def _fail(self, fault: Fault, now: float) -> None:
        if self.over:
            return
        if fault.part != "sound" and self.state in (State.HURT, State.FAULTED):
            return  # the last words are in memory, and nothing more is awaited of anyone
        self._fault = self._fault or fault.reason
        self._move(Signal.FAULT)
        self._interrupt(now)
        if self.outcome is not Outcome.PAIN:
            self.outcome = Outcome.FAULT
        if self.state is State.FAULTED:
            if fault.part == "sound":
                self._end(now)
            else:
                self._speak_last(fault_note(self._language, self._routine, fault.part), now)

    def _end(self, now: float) -> None:  # noqa: ARG002 - it follows a passage, as others do
        self._move(Signal.SAID)
        self._gives_up_at = None

    # From one part of the routine to the next

    def _brief(self, now: float) -> None:
        if self._routine is None:
            raise RuntimeError("there is no routine to brief for")
        cautions, place = briefing(self._routine, self._lines)
        self._cautions = frozenset(cautions)
        self._interrupt(now)
        self._narration.speak((*cautions, *place), now, then=self._briefed)

    def _briefed(self, now: float) -> None:
        self._tell(0, Signal.BRIEFED, now)

    def _tell(self, step: int, trigger: Trigger, now: float, lead_in: Iterable[str] = ()) -> None:
        self._interrupt(now)
        if step >= len(self._script):
            self._move(Signal.ROUTINE_OVER)
            self.outcome = Outcome.COMPLETED
            closing = self._routine.closing if self._routine else ()
            self._speak_last((*lead_in, *closing, *self._lines.completed), now)
            return
        self._move(trigger)
        self._step = step
        told = self._script[step]
        gap = told.source.time_to_move
        self._narration.speak((*lead_in, *told.say), now, gap=gap, then=self._told)

    def _told(self, now: float) -> None:
        step = self._script[self._step]
        if step.source.hold is not None:
            self._move(Signal.TOLD_TO_HOLD)
            self._timed = Holding(step.source.hold, self._lines.hold)
            self._run_clock(now)
        elif step.breathing is not None:
            self._move(Signal.TOLD_TO_BREATHE)
            self._timed = BreathingRounds(step.breathing)
            self._run_clock(now)
        else:
            self._move(Signal.TOLD_TO_WAIT)

    def _run_clock(self, now: float) -> None:
        if self._timed is None:
            raise RuntimeError("there is no timed part to run")
        self._timed.begin(now, self._pace.stretch)
        self._clock_runs = True

    def _speak_last(self, sentences: Iterable[str], now: float) -> None:
        sentences = tuple(sentences)
        if self.outcome is not Outcome.COMPLETED:
            # Rendered before the session began, at this rate: it needs no synthesiser any more.
            self._narration.rate = DEFAULT_RATE
        needed = sum(speaking_seconds(text, self._pace.rate) + GAP for text in sentences)
        self._gives_up_at = now + 2 * needed + BACKSTOP
        self._narration.speak(sentences, now + GAP, then=self._end)

    def _interrupt(self, now: float) -> None:
        """Fall silent and drop whatever was under way."""
        self._narration.cut(now)
        self._narration.forget()
        self._suspended = Passage()
        self._answers.clear()
        self._timed = None
        self._clock_runs = False
        self._gives_up_at = None

    # Small questions

    def _act(self, action: Action) -> None:
        self._actions.append(action)

    @property
    def _running(self) -> Timed | None:
        return self._timed if self._clock_runs else None

    def _prompt(self) -> Prompt | None:
        prompts = self._lines.prompts
        return {
            State.CHOOSING: prompts.choosing,
            State.SOUND_CHECK: prompts.sound_check,
            State.WAITING: prompts.waiting,
            State.PAUSED: prompts.paused,
        }.get(self.state)

    def _move(self, trigger: Trigger) -> None:
        self.state = follow(self.state, trigger, self._before_pause)

    def _accepted(self) -> frozenset[Command]:
        partner = self._routine is not None and self._routine.partner
        return accepted(self.state) - (frozenset() if partner else {Command.GENTLER})

    def _listen(self) -> None:
        commands = self._accepted()
        if commands != self._listening:
            self._listening = commands
            self._act(Listen(commands))

    def _load(self, routine: Routine) -> None:
        self._routine = routine
        self._script = write_out(routine, self._lines)
        self._prepare(routine)

    def _prepare(self, routine: Routine) -> None:
        sentences = (*self._sound_check(routine), *routine_sentences(routine, self._language))
        self._act(Prepare(sentences, self._pace.rate))

    def _offers(self) -> tuple[str, ...]:
        offers = (
            self._lines.offer.format(n=self._language.number(n), name=routine.names[0])
            for n, routine in enumerate(self._language.routines, 1)
        )
        return (*offers, self._lines.ask)

    def _sound_check(self, routine: Routine) -> tuple[str, ...]:
        lines = self._lines
        partner = lines.sound_check_partner if routine.partner else ()
        chosen = lines.chosen.format(name=routine.title)
        return (chosen, *lines.sound_check, lines.teach_pain, *partner, lines.ask_ready)
