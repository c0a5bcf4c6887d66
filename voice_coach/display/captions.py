"""The short texts about a view that every display shows: the headline, the addressee, the note."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from voice_coach.core.safety import safety_note
from voice_coach.core.transitions import State
from voice_coach.core.view import Outcome

if TYPE_CHECKING:
    from voice_coach.core.language import Language
    from voice_coach.core.view import View
    from voice_coach.display.words import ScreenWords

ALARMING = frozenset({Outcome.PAIN, Outcome.FAULT})
"""After these outcomes the whole display shows what matters now."""


class Captions:
    """Writes the captions of sessions in one language."""

    def __init__(self, language: Language, words: ScreenWords) -> None:
        self.language = language
        self.words = words
        self._routines = {routine.title: routine for routine in language.routines}

    def headline(self, view: View) -> str:
        """Return the few words that are shown largest."""
        if view.outcome in ALARMING and self._hands_are_on(view):
            return self.words.hands_off
        if view.outcome and view.state is not State.PAIN_CONFIRMATION:
            return self.words.outcomes[view.outcome]
        if view.hands:
            return self.words.hands[view.hands]
        return self.words.headlines.get(view.state, view.title)

    def hint(self, view: View) -> str:
        """Return what can be answered, where the coach waits for a person; empty elsewhere."""
        if view.question:
            answers: str = getattr(self.words.questions, view.question)
            return answers
        return self.words.hints.get(view.state, "")

    def addressee(self, view: View) -> str:
        """Say to whom the coach speaks, if there are two people, and on which side they are.

        In a pause or during "Did that hurt?" the headline is not the step's title. Then this is the
        title of the interrupted step.
        """
        if view.outcome:
            return ""
        if self.headline(view) != view.title and not view.hands:
            return view.title
        routine = self._routines.get(view.routine)
        person = self.words.partner if view.to_partner else self.words.you
        return " · ".join(filter(None, (person if routine and routine.partner else "", view.side)))

    def note(self, view: View) -> list[str]:
        """Return the sentences that must be readable after pain or a fault."""
        sentences: tuple[str, ...] = ()
        if view.outcome is Outcome.PAIN:
            sentences = safety_note(self.language, self._routines.get(view.routine))
        elif self._hands_are_on(view):
            sentences = self.language.safety.partner
        return [*sentences, view.fault] if view.fault else [*sentences]

    def last_words(self, view: View) -> list[str]:
        """Return what stays in the terminal when the session is over and its screen is gone."""
        if view.outcome in ALARMING:
            return [f"{self.headline(view)}. {self.words.over}", *self.note(view)]
        return [self.headline(view)] if view.outcome else []

    def time(self, seconds: float) -> str:
        """Return a time that is left, such as "24 s" or "1:05", rounded up."""
        minutes, rest = divmod(math.ceil(seconds), 60)
        return f"{minutes}:{rest:02}" if minutes else self.words.seconds.format(n=rest)

    def _hands_are_on(self, view: View) -> bool:
        """Tell whether a partner's hands may be on the back."""
        routine = self._routines.get(view.routine)
        begun = view.step > 0 or view.outcome is Outcome.PAIN
        return routine is not None and routine.partner and begun
