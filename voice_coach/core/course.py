"""The course of a session: where it stands, and how it comes from one step to the next.

Which moves there are is the table in transitions.py; this is what each is made of: what falls
silent, what is said, and what follows when that is over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_coach.core.actions import Prepare
from voice_coach.core.commands import Command
from voice_coach.core.earcons import ENDED
from voice_coach.core.narration import GAP, Narration, Passage
from voice_coach.core.pace import DEFAULT_RATE, Pace, speaking_seconds
from voice_coach.core.safety import fault_note, goodbye, safety_note
from voice_coach.core.script import farewell, routine_sentences, write_out
from voice_coach.core.timed import BreathingRounds, Holding, Timed
from voice_coach.core.transitions import Signal, State, follow
from voice_coach.core.view import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from voice_coach.core.actions import Action
    from voice_coach.core.breathing import Pattern
    from voice_coach.core.events import Fault
    from voice_coach.core.language import Language
    from voice_coach.core.routine import Routine
    from voice_coach.core.script import ScriptStep
    from voice_coach.core.transitions import Trigger

PEACEFUL = frozenset({Outcome.COMPLETED, Outcome.STOPPED})
"""The outcomes after which an earcon is the last that is heard; after pain, or where something
failed, none takes anything from what is said."""
BACKSTOP = 10.0
"""Seconds a last word may be overdue before the session goes on without it."""


class Course:
    """Leads from the first step to the last word; asks for what it needs through `act`."""

    def __init__(
        self,
        language: Language,
        routine: Routine | None,
        act: Callable[[Action], None],
        *,
        pattern: Pattern | None = None,
        rate: int = DEFAULT_RATE,
        recorded: bool = False,
        earcons: bool = True,
    ) -> None:
        """Take the person's own breath and rate, and whether all this is said into a file."""
        self.state = State.CHOOSING if routine is None else State.SOUND_CHECK
        self.outcome: Outcome | None = None
        self.fault = ""
        """What failed, in one sentence for the screen."""
        self.routine: Routine | None = None
        self.script: tuple[ScriptStep, ...] = ()
        self.step = -1
        """The step that is or was told, counted from 0; -1 before the first."""
        self.pace = Pace(rate)
        self.narration = Narration(act, earcons=earcons)
        self.narration.rate = rate
        self.recorded = recorded
        """Whether all is said into a file, so that nobody is asked anything."""
        self.preamble: tuple[str, ...] = ()
        """What is said before the routine begins."""
        self.gives_up_at: float | None = None
        """Audio time at which the last words count as said, whatever has become of them."""
        self._last_words: tuple[str, ...] = ()
        self._language = language
        self._lines = language.coach
        self._act = act
        self._timed: Timed | None = None
        self._clock_runs = False
        self._pattern = pattern
        if routine:
            self.load(routine)

    @property
    def running(self) -> Timed | None:
        """What runs by the clock now: a hold, or rounds of breath."""
        return self._timed if self._clock_runs else None

    # From step to step

    def turn(self, command: Command, now: float) -> None:
        """Go to the next step or the one before, or begin this one anew."""
        change = {Command.NEXT: 1, Command.BACK: -1, Command.REPEAT: 0}[command]
        paused = self.state is State.PAUSED
        lead_in = (self._lines.answers.going_on,) if paused else ()
        self.tell(max(0, self.step + change), command, now, lead_in)

    def step_over(self, now: float) -> None:
        """Go on from what ran by the clock."""
        if self._timed is None:
            raise RuntimeError("there is no timed part to go on from")
        self.tell(self.step + 1, Signal.STEP_OVER, now, self._timed.parting)

    def tell(self, step: int, trigger: Trigger, now: float, lead_in: Iterable[str] = ()) -> None:
        """Say what is to be done in a step, counted from 0; beyond the last, come to the end."""
        self.interrupt(now)
        if step >= len(self.script):
            self.move(Signal.ROUTINE_OVER)
            self.outcome = Outcome.COMPLETED
            last = (*lead_in, *(self.routine.closing if self.routine else ()))
            if self.recorded:
                self.move(Signal.UNANSWERED)
                self.take_leave(Signal.UNANSWERED, last, now)
            else:
                self.narration.speak((*last, *self._lines.prompts.rating.say), now)
            return
        self.move(trigger)
        self.step = step
        told = self.script[step]
        gap = told.source.time_to_move
        self.narration.speak((*lead_in, *told.say), now, gap=gap, then=self._told)

    def _told(self, now: float) -> None:
        step = self.script[self.step]
        if step.source.hold is not None:
            self.move(Signal.TOLD_TO_HOLD)
            quiet = step.source.time_to_move
            hold = self._lines.hold
            words = hold.model_copy(update={"release": step.release}) if step.release else hold
            self._timed = Holding(step.source.hold, words, quiet)
            self._run_clock(now)
        elif step.breathing is not None:
            self.move(Signal.TOLD_TO_BREATHE)
            self._timed = BreathingRounds(step.breathing)
            self._run_clock(now)
        else:
            self.move(Signal.TOLD_TO_WAIT)

    def _run_clock(self, now: float) -> None:
        if self._timed is None:
            raise RuntimeError("there is no timed part to run")
        self._timed.begin(now, self.pace.stretch)
        self._clock_runs = True

    # To the end

    def hurt(self, now: float) -> None:
        """Speak the safety note, and nothing else any more."""
        note = safety_note(self._language, self.routine)
        if self.state is State.HURT and note[0] in self.narration.coming:
            return  # the note has only just begun
        self.interrupt(now)
        self.state = State.HURT
        self.outcome = Outcome.PAIN
        self._speak_last(note, now)

    def take_leave(self, trigger: Trigger, before: Iterable[str], now: float) -> None:
        """Say the last words of a completed routine, or ask whether to do another."""
        self.move(trigger)
        if self.state is State.ANOTHER:
            self.narration.speak((*before, *self._lines.prompts.another.say), now)
        else:
            self._speak_last((*before, *farewell(self.routine, self._language)), now)

    def stop(self, now: float, trigger: Command = Command.STOP) -> None:
        """Say goodbye; among the last words, end without another."""
        self.move(trigger)
        self.interrupt(now)
        if self.state is State.CLOSING:
            self._say_goodbye(now)

    def give_up(self, now: float) -> None:
        """End, because nobody answers."""
        if self.state in (State.RATING, State.ANOTHER):
            self.take_leave(Signal.UNANSWERED, (), now)
            return
        self.move(Signal.UNANSWERED)
        if self.state is State.CLOSING:
            self._say_goodbye(now)
            return
        self.outcome = Outcome.FAULT
        self.fault = " ".join(self._lines.faults.unanswered)
        self._speak_last(self._lines.faults.unanswered, now)

    def fail(self, fault: Fault, now: float) -> None:
        """End, because a part of the coach is gone."""
        if self.state is State.ENDED:
            return
        if fault.part != "sound" and self.state in (State.HURT, State.FAULTED):
            # The last words are in memory, and nothing more is awaited of anyone; but who stood
            # still may have broken them off.
            if fault.part == "computer":
                self.interrupt(now)
                self._speak_last(self._last_words, now)
            return
        self.fault = self.fault or fault.reason
        self.move(Signal.FAULT)
        self.interrupt(now)
        if self.outcome is not Outcome.PAIN:
            self.outcome = Outcome.FAULT
        if self.state is State.FAULTED:
            if fault.part == "sound":
                self.end(now)
            else:
                self._speak_last(fault_note(self._language, self.routine, fault.part), now)

    def end(self, now: float) -> None:  # noqa: ARG002 - it follows a passage, as others do
        """Be over."""
        self.move(Signal.SAID)
        self.gives_up_at = None

    def _say_goodbye(self, now: float) -> None:
        self.outcome = self.outcome or Outcome.STOPPED
        self._speak_last(goodbye(self._language, self.routine), now)

    def _speak_last(self, sentences: Iterable[str], now: float) -> None:
        sentences = self._last_words = tuple(sentences)
        if self.outcome is not Outcome.COMPLETED:
            # Rendered before the session began, at this rate: it needs no synthesiser any more.
            self.narration.rate = DEFAULT_RATE
        if self.outcome in PEACEFUL and not self.recorded:
            sentences = (*sentences, ENDED)
        self.gives_up_at = self.backstop(sentences, now)
        self.narration.speak(sentences, now + GAP, then=self.end)

    # What all of these need

    def change_pace(self, pace: Pace) -> None:
        """Speak and breathe at this pace from now on."""
        self.pace = pace
        self.narration.rate = pace.rate
        self.prepare()

    def prepare(self) -> None:
        """Have all that will surely be said rendered ahead, at the present pace."""
        if self.routine:
            rest = routine_sentences(self.routine, self._language)
            self._act(Prepare((*self.preamble, *rest), self.pace.rate))

    def move(self, trigger: Trigger, before: State | None = None) -> None:
        """Change the state as the table says; `before` is what this one interrupts."""
        self.state = follow(self.state, trigger, before)

    def stand_still(self, now: float) -> Passage:
        """Fall silent; give what must be taken up, the clock that ran among it."""
        broken = self.narration.cue
        rest = self.narration.set_aside(now)
        if self.running is None:
            return rest
        self.running.interrupt(now, broken)
        self._clock_runs = False
        return Passage(rest.sentences, then=self._run_clock)

    def backstop(self, sentences: tuple[str, ...], now: float) -> float:
        """Give the audio time by which these are surely spoken, if they ever are."""
        needed = sum(speaking_seconds(text, self.narration.rate) + GAP for text in sentences)
        return now + 2 * needed + BACKSTOP

    def interrupt(self, now: float) -> None:
        """Fall silent and drop whatever was under way."""
        self.narration.cut(now)
        self.narration.forget()
        self._timed = None
        self._clock_runs = False
        self.gives_up_at = None

    def load(self, routine: Routine | None) -> None:
        """Take this routine for the one to be led through; None: there is none any more."""
        self.routine = routine
        self.script = write_out(routine, self._lines, self._pattern) if routine else ()
        self.step = -1
        self.outcome = None
