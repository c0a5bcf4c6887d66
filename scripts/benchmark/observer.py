"""Watches a session from outside, and notes in the report what it does about the person.

The runner shows it events and actions, and it changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from benchmark.reports import END_WORDS, EventOutcome, Hit, Report
from benchmark.scene import ASKED
from voice_coach.core.actions import Cut, Duck, Hush, Resume, Say
from voice_coach.core.events import ClipFinished, ClipStarted, Event, Heard, Noticed
from voice_coach.core.ports import BLOCK, SAMPLE_RATE
from voice_coach.core.view import Outcome as Ending

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from voice_coach.core.actions import Action
    from voice_coach.core.transitions import State
    from voice_coach.core.view import View

SILENCE = 10 ** (-60 / 20)
"""Rms of full scale below which the loudspeaker is silent."""
RAISED = "(raised by the simulation)"
"""The phrase of a possible cry that only raises the question."""


class Observer:
    """What the coach is doing, and what it has done about the current event."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self.current: EventOutcome | None = None
        """What came so far of the event that goes on."""
        self.spoken_to_until = 0.0
        """Second of the scene until which the coach gives way to what it has asked for."""
        self.enter(0.0)

    def enter(self, offset: float) -> None:
        """Watch another session, which begins so many seconds after the scene."""
        self._offset = offset
        self._texts: dict[int, str] = {}
        self._cause: Event | None = None
        self._state: State | None = None
        self._obeyed: list[tuple[EventOutcome, float, bool]] = []
        """What silenced the coach: for which event, when, and whether by a cut."""
        self.sentence: tuple[str, float] | None = None
        """What the coach says now, and since when; None in silence."""
        self.last = ""
        """What it said last."""
        self.quiet_since = 0.0
        self.question_over: float | None = None
        """When the open question was spoken; None while none waits for an answer."""
        self.held = ""
        """How the coach gives way: "duck", "hush" or not at all."""
        self._held_since = 0.0
        self.ended_at: float | None = None
        """When it was certain that the routine ends."""

    def begin(self, outcome: EventOutcome) -> None:
        """Watch what comes of this event; a coach that is silenced already is silent for it."""
        self.current = outcome
        if self.held == "hush":
            self._obeyed.append((outcome, outcome.start - self._offset, False))

    def __call__(self, now: float, what: Event | Action) -> None:
        """Note an event before the session has it, or an action it asks for."""
        match what:
            case Say(say_id, text):
                self._texts[say_id] = text
            case Duck() | Hush() | Resume() | Cut():
                self._note_giving_way(now, what)
            case ClipStarted(say_id):
                self.sentence = self._texts.get(say_id, ""), now
            case ClipFinished():
                self._fall_silent(now)
                if self._state is ASKED:
                    self.question_over = now
            case Heard(source="voice", phrase=phrase) if phrase != RAISED:
                score = 1.0 + (what.tier == "confirmed") if what.llr is None else what.llr
                hit = Hit(self._offset + now, what.command.value, what.tier, score, obeyed=False)
                self._report.hits.append(hit)
            case _:
                pass
        if isinstance(what, Event):
            self._cause = what

    def look(self, view: View) -> None:
        """Note where the session stands after an event."""
        now = self._offset + view.now
        hits = self._report.hits
        if hits and hits[-1].time == now and view.heard_at == view.now:
            hits[-1].obeyed = True
        if view.state is ASKED and self._state is not ASKED:
            self._note_question(now)
        if view.state is not ASKED:
            self.question_over = None
        if self.ended_at is None and view.outcome in (Ending.PAIN, Ending.STOPPED):
            self.ended_at = view.now
            self._note_end(now)
        self._state = view.state

    def leave(self, played: NDArray[np.float32]) -> None:
        """Look up when the coach was silent in all that this session played."""
        self._note_resumed(len(played) / SAMPLE_RATE)
        blocks = played.reshape(-1, BLOCK)
        quiet = np.sqrt(np.mean(blocks**2, axis=1)) < SILENCE
        for outcome, since, cut in self._obeyed:
            first = round(since * SAMPLE_RATE / BLOCK)
            silent = np.flatnonzero(quiet[first:])
            # After a cut the question may follow at once, without a silent block between.
            blocks_until = 1 if cut else int(silent[0]) if len(silent) else None
            if blocks_until is not None and outcome.silent is None:
                until = (first + blocks_until) * BLOCK / SAMPLE_RATE
                outcome.silent = self._offset + until

    @property
    def wanted(self) -> bool:
        """Whether somebody has just asked for the end."""
        return bool(self.current and self.current.means in END_WORDS)

    def _fall_silent(self, now: float) -> None:
        if self.sentence:
            self.last = self.sentence[0]
        self.sentence = None
        self.quiet_since = now

    def _note_giving_way(self, now: float, action: Duck | Hush | Resume | Cut) -> None:
        at = self._offset + now
        if self.current and isinstance(self._cause, (Heard, Noticed)):
            if self.current.ducked is None and not isinstance(action, Resume):
                self.current.ducked = at
            if isinstance(action, (Hush, Cut)):
                self._obeyed.append((self.current, now, isinstance(action, Cut)))
        if isinstance(action, Duck) and not self.held:
            if at > self.spoken_to_until:
                self._report.ducks.append(at)
            self.held = "duck"
        elif isinstance(action, Hush) and self.held != "hush":
            self.held, self._held_since = "hush", at
        elif isinstance(action, (Resume, Cut)):
            self._note_resumed(now)
        if isinstance(action, Cut):
            self._fall_silent(now)

    def _note_resumed(self, now: float) -> None:
        if self.held == "hush" and self._held_since > self.spoken_to_until:
            lasted = self._offset + now - self._held_since
            self._report.hushes.append((self._held_since, lasted))
        self.held = ""

    def _note_question(self, now: float) -> None:
        if isinstance(self._cause, Heard) and self._cause.phrase == RAISED:
            return
        if self.current and self.current.asked is None:
            self.current.asked = now
        if not self.wanted:
            self._report.false_questions.append(now)

    def _note_end(self, now: float) -> None:
        heard = self._cause if isinstance(self._cause, Heard) else None
        if heard and heard.source == "key":
            return
        tier = "confirmed" if heard else "unanswered"
        if heard and self._state is ASKED and heard.command.value not in END_WORDS:
            tier = "answered"
        if not heard and self._state is not ASKED:
            return  # nobody went on for a long time
        if self.current:
            self.current.ended, self.current.tier = now, tier
        if not self.wanted and not self._was_asked_to_end():
            self._report.false_ends.append(now)

    def _was_asked_to_end(self) -> bool:
        """Whether the person answered a question with yes, as the scene wants it."""
        return bool(self.current and self.current.when == "question" and self.current.means)
