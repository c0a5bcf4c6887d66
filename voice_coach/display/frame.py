"""What a view looks like on a screen of so many columns and rows.

From 2 to 3 m away one must see what to do, which way the breath goes and how long it lasts: these
are drawn as large as the screen allows. Every part has a place of its own that depends on the
size of the screen alone, so nothing jumps when a sentence ends. Meaning never rests on colour,
and text keeps the terminal's own colours, whatever theme that is. After pain or a fault the
whole screen is taken by what matters then.
"""

from __future__ import annotations

import math
from textwrap import wrap
from typing import TYPE_CHECKING

from rich.text import Text

from voice_coach.core.commands import Command
from voice_coach.core.safety import safety_note
from voice_coach.core.transitions import State
from voice_coach.core.view import Outcome
from voice_coach.display.keyboard import KEYS, keyed, meaning
from voice_coach.display.letters import draw
from voice_coach.display.rows import beside, both_ends, large, listed, place, plain
from voice_coach.display.shapes import bars, lungs, progress

if TYPE_CHECKING:
    from voice_coach.core.language import Language
    from voice_coach.core.view import View
    from voice_coach.display.words import ScreenWords

MARGIN = 2
"""Columns left free on either side."""
HEADER = 2
"""Rows for the routine, the step, and a rule that fills, piece by piece, as the steps are done."""
FOOTER = 4
"""Rows for what can be said and for the keys."""
FOR_KEYS = 2
"""Of these for the keys, and for what parts the footer from what stands above it."""
LOW = 16
"""Rows below which a screen has but one of footer."""
ROOMY = 6
"""Rows from which on a sentence's place has room for large letters too."""
PAIN_STYLE = "bold #e5484d"
ALARMING = frozenset({Outcome.PAIN, Outcome.FAULT})


class Painter:
    """Draws the sessions of one language."""

    def __init__(self, language: Language, words: ScreenWords) -> None:
        self._language = language
        self.words = words
        self._routines = {routine.title: routine for routine in language.routines}

    def frame(self, view: View, width: int, height: int) -> list[Text]:
        """Draw `view` in exactly `height` rows of at most `width` columns."""
        inner = max(1, width - 2 * MARGIN)
        if view.outcome in ALARMING:
            rows = self._alarm(view, inner, height)
        else:
            footer = FOOTER if height >= LOW else 1
            rest = max(1, height - HEADER - footer)
            body = self._choice if view.state is State.CHOOSING else self._step
            rows = [
                *self._header(view, inner),
                *body(view, inner, rest),
                *place(self._footer(view, inner, footer), footer, "bottom"),
            ]
        for row in rows:
            row.truncate(inner, overflow="ellipsis")
            row.pad_left(min(MARGIN, width - 1))
        return place(rows, height)

    def headline(self, view: View) -> str:
        """Give what is most to be seen, in a few words."""
        if view.outcome in ALARMING and self._hands_are_on(view):
            return self.words.hands_off
        if view.outcome and view.state is not State.PAIN_CONFIRMATION:
            return self.words.outcomes[view.outcome]
        return self.words.headlines.get(view.state, view.title)

    def addressed(self, view: View) -> str:
        """Say whom the coach speaks to, where there are two of them, and on which side they are.

        In a pause or a doubt, where the headline is another, say which step it interrupts.
        """
        if view.outcome:
            return ""
        if self.headline(view) != view.title:
            return view.title
        routine = self._routines.get(view.routine)
        person = self.words.partner if view.to_partner else self.words.you
        return " · ".join(filter(None, (person if routine and routine.partner else "", view.side)))

    def note(self, view: View) -> list[str]:
        """Give what the person must be able to read after pain or a fault."""
        sentences: tuple[str, ...] = ()
        if view.outcome is Outcome.PAIN:
            sentences = safety_note(self._language, self._routines.get(view.routine))
        elif self._hands_are_on(view):
            sentences = self._language.safety.partner
        return [*sentences, view.fault] if view.fault else [*sentences]

    def last_words(self, view: View) -> list[str]:
        """Give what is to be read when the session is over and its screen is gone."""
        if view.outcome in ALARMING:
            return [f"{self.headline(view)}. {self.words.over}", *self.note(view)]
        return [self.headline(view)] if view.outcome else []

    def _hands_are_on(self, view: View) -> bool:
        """Say whether a partner's hands may be on the back."""
        routine = self._routines.get(view.routine)
        begun = view.step > 0 or view.outcome is Outcome.PAIN
        return routine is not None and routine.partner and begun

    def _alarm(self, view: View, width: int, height: int) -> list[Text]:
        head = large(self.headline(view), width, height // 3)
        note = self._written(view, width)
        spare = height - len(head) - len(note) - 3
        over = large(self.words.over, width, spare, 2)
        rows = [Text(), *head, Text(), *over, Text()]
        drawn = self._drawn(view, width, height - len(rows))
        if drawn:
            return [*rows, *drawn]
        rows += note
        spare = height - len(rows) - 1
        said = draw(view.saying, width, spare, largest=1) if spare >= ROOMY else None
        return [*rows, Text(), *(Text(row, "bold") for row in said or ())]

    def _written(self, view: View, width: int) -> list[Text]:
        """Set the note; the sentence that is being said stands out."""
        return [
            Text(row, "bold underline" if sentence == view.saying else "")
            for sentence in self.note(view)
            for row in wrap(sentence, width)
        ]

    def _drawn(self, view: View, width: int, height: int) -> list[Text]:
        """Set the note in large letters, to be read from the floor; nothing if it has no room."""
        rows: list[Text] = []
        for sentence in self.note(view):
            style = "bold underline" if sentence == view.saying else ""
            drawn = draw(sentence, width, height, largest=1)
            if drawn is None:
                return []
            rows += [*(Text(row, style) for row in drawn), Text()]
        return rows if len(rows) <= height + 1 else []

    def _header(self, view: View, width: int) -> list[Text]:
        step = self.words.step.format(n=view.step, of=view.steps) if view.step else ""
        routine = Text(view.routine, "bold")
        there = [Text(step)] if step else []
        if view.level is not None:
            there.append(Text.assemble((f"{self.words.microphone} ", "dim"), bars(view.level)))
        if view.audio_kept:
            routine = Text("  ").join(
                [*filter(None, [routine]), Text(self.words.taped, PAIN_STYLE)]
            )
        return [
            both_ends(routine, Text("   ").join(there), width),
            progress(view.step, view.steps, width),
        ]

    def _step(self, view: View, width: int, height: int) -> list[Text]:
        """Set the parts of a step, one below the other; 18 rows are 11, 2, 2 and 3 of them."""
        pulse = max(1, height // 6)
        sentence = max(1, height // 8)
        who = height // 13 + 1
        gap = height // 40
        headline = max(1, height - who - gap - sentence - pulse)
        beating = self._pulse(view, width, pulse)
        if not beating:
            sentence, pulse = sentence + pulse, 0
        return [
            *place(large(self.headline(view), width, headline), headline, "middle"),
            *place(self._who(view, width, who), who, "bottom"),
            *place([], gap),
            *place(self._sentence(view.saying, width, sentence), sentence),
            *place(beating, pulse, "bottom"),
        ]

    def _choice(self, view: View, width: int, height: int) -> list[Text]:
        sentence = max(1, height // 6)
        headline = max(1, height // 4)
        rest = max(0, height - sentence - headline)
        said = view.saying or self.words.hints[State.CHOOSING]
        routines = [*enumerate(self._language.routines, 1)]
        each = rest // max(1, len(routines))
        rows = []
        if not each:
            # Too many for this screen: those from the first that is read out, as many as fit.
            each, fit = 1, max(1, rest - 1)
            first = min(view.offered, len(routines) - fit)
            routines = routines[first : first + fit]
        for number, routine in routines:
            choice = [
                *large(f"{number} {routine.title}", width, each - 2, largest=1),
                *plain(routine.summary, width),
            ]
            rows += place(choice, each)
        if left := len(self._language.routines) - len(routines):
            rows.append(Text(self.words.others.format(n=left), "dim"))
        return [
            *place(large(self.headline(view), width, headline), headline, "middle"),
            *place(rows, rest),
            *place(self._sentence(said, width, sentence), sentence, "middle"),
        ]

    def _who(self, view: View, width: int, height: int) -> list[Text]:
        """Set whom the coach speaks to, and at the other end what was heard last, or is to be."""
        line = self.addressed(view)
        heard = Text()
        if view.listening:
            heard = Text(self.words.listening, "bold")
        elif view.heard:
            heard = Text.assemble((f"{self.words.heard}  ", "dim"), view.heard)
        drawn = draw(line, width - len(heard), height, largest=1) or [line]
        rows = [Text(row) for row in drawn]
        return [both_ends(rows[0], heard, width), *rows[1:]]

    def _sentence(self, text: str, width: int, height: int) -> list[Text]:
        """Set what is said; in large letters only where there is room for nearly all sentences."""
        drawn = draw(text, width, height, largest=1) if height >= ROOMY else None
        return [Text(row, "bold") for row in drawn or wrap(text, width)]

    def _pulse(self, view: View, width: int, height: int) -> list[Text]:
        """Draw the breath, or the seconds of a hold, or what answer the coach waits for."""
        if view.seconds_left is None:
            hint = self.words.hints.get(view.state)
            return large(hint, width, height) if hint else []
        left = self.words.time_left.format(time=self._time(view.seconds_left))
        if view.beat is None:
            return large(left, width, height)
        side = max(1, width // 4)
        middle = width - 2 * side
        return beside(
            [
                (large(self.words.breaths[view.beat.phase], side, height), side),
                (lungs(view.beat, middle, height), middle),
                (place(self._figures(view, left, side, height // 2), height, "middle"), side),
            ]
        )

    def _figures(self, view: View, left: str, width: int, height: int) -> list[Text]:
        """Set the number of the breath above the time that is left, both to the right."""
        rows: list[Text] = []
        number = view.beat.round + 1 if view.beat else 0
        for text in (self.words.breath.format(n=number, of=view.rounds), left):
            drawn = draw(text, width, height, largest=1) or [text]
            indent = " " * (width - max(map(len, drawn)))
            rows += [Text(indent + row) for row in drawn]
        return rows

    def _time(self, seconds: float) -> str:
        minutes, rest = divmod(math.ceil(seconds), 60)
        return f"{minutes}:{rest:02}" if minutes else self.words.seconds.format(n=rest)

    def _footer(self, view: View, width: int, height: int) -> list[Text]:
        words, phrases = self.words, self._language.commands
        keys: dict[str, str] = {}
        if Command.CHOOSE in keyed(view.state):
            keys[words.choose] = f"1-{len(self._routines)}"
        for key in KEYS:
            if command := meaning(key, view.state):
                keys.setdefault(phrases[command][0], words.key_names.get(key, key))
        # What ends it all is never what finds no room.
        pain, stop = phrases[Command.PAIN][0], phrases[Command.STOP][0]
        known = sorted(view.can_say, key=lambda phrase: (phrase != pain, phrase != stop))
        rows = listed(words.say, known, width, max(1, height - FOR_KEYS))
        if height > 1:
            pressed = (f"{key} {does}" for does, key in keys.items())
            rows += listed(words.keys, pressed, width, FOR_KEYS)
        for row in rows:
            row.highlight_words([pain], PAIN_STYLE)
        return rows
