"""What a view looks like on a terminal of a given size.

From 2 to 3 m away the person must see what to do, which way the breath goes, and how long it lasts.
These are drawn as large as the terminal allows. Each part has a fixed place that depends on the
terminal's size alone, so nothing jumps when a sentence ends. Colour alone never carries a meaning,
and text keeps the terminal's own colours. After pain or a fault, what matters fills the screen.
"""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

from rich.text import Text

from voice_coach.core.commands import Command
from voice_coach.core.transitions import State
from voice_coach.display.captions import ALARMING
from voice_coach.display.commands import KEYS, command_of_key, key_commands
from voice_coach.display.terminal.layout import (
    bars,
    beside,
    both_ends,
    heard_line,
    large,
    listed,
    lungs,
    place,
    plain,
    progress,
)
from voice_coach.display.terminal.letters import draw

if TYPE_CHECKING:
    from voice_coach.core.view import View
    from voice_coach.display.captions import Captions

MARGIN = 2
"""Columns left free on either side."""
HEADER = 2
"""Rows for the routine, the step, and a rule that fills as the steps are done."""
FOOTER = 4
"""Rows for the phrases that can be said, and for the keys."""
FOR_KEYS = 2
"""Rows of the footer for the keys and for the gap above the footer."""
LOW = 16
"""A terminal with fewer rows has a footer of one row."""
ROOMY = 6
"""A sentence that has at least this many rows may be drawn in large letters."""
PAIN_STYLE = "bold #e5484d"
PARTNER_STYLE = "bold #b8860b"
"""What is for the partner."""


class FramePainter:
    """Draws sessions in one language."""

    def __init__(self, captions: Captions) -> None:
        self._captions = captions
        self._language = captions.language
        self._words = captions.words

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

    def _alarm(self, view: View, width: int, height: int) -> list[Text]:
        head = large(self._captions.headline(view), width, height // 3)
        note = self._written(view, width)
        spare = height - len(head) - len(note) - 3
        over = large(self._words.over, width, spare, 2)
        rows = [Text(), *head, Text(), *over, Text()]
        drawn = self._drawn(view, width, height - len(rows))
        if drawn:
            return [*rows, *drawn]
        rows += note
        spare = height - len(rows) - 1
        said = draw(view.saying, width, spare, largest=1) if spare >= ROOMY else None
        return [*rows, Text(), *(Text(row, "bold") for row in said or ())]

    def _written(self, view: View, width: int) -> list[Text]:
        """Write the note as text; the sentence that is being said stands out."""
        return [
            Text(row, "bold underline" if sentence == view.saying else "")
            for sentence in self._captions.note(view)
            for row in wrap(sentence, width)
        ]

    def _drawn(self, view: View, width: int, height: int) -> list[Text]:
        """Draw the note in large letters, readable from the floor; return [] if it does not fit."""
        rows: list[Text] = []
        for sentence in self._captions.note(view):
            style = "bold underline" if sentence == view.saying else ""
            drawn = draw(sentence, width, height, largest=1)
            if drawn is None:
                return []
            rows += [*(Text(row, style) for row in drawn), Text()]
        return rows if len(rows) <= height + 1 else []

    def _header(self, view: View, width: int) -> list[Text]:
        step = self._words.step.format(n=view.step, of=view.steps) if view.step else ""
        routine = Text(view.routine, "bold")
        there = [Text(step)] if step else []
        if view.level is not None:
            there.append(Text.assemble((f"{self._words.microphone} ", "dim"), bars(view.level)))
        if view.audio_kept:
            routine = Text("  ").join(
                [*filter(None, [routine]), Text(self._words.recording, PAIN_STYLE)]
            )
        return [
            both_ends(routine, Text("   ").join(there), width),
            progress(view.step, view.steps, width),
        ]

    def _step(self, view: View, width: int, height: int) -> list[Text]:
        """Put the parts of a step below each other; of 18 rows they get 11, 2, 2 and 3."""
        pulse = max(1, height // 6)
        sentence = max(1, height // 8)
        who = height // 13 + 1
        gap = height // 40
        headline = max(1, height - who - gap - sentence - pulse)
        title = large(self._captions.headline(view), width, headline)
        if view.hands:
            for row in title:
                row.stylize(PARTNER_STYLE)
        beating = self._pulse(view, width, pulse)
        if not beating:
            sentence, pulse = sentence + pulse, 0
        return [
            *place(title, headline, "middle"),
            *place(self._who(view, width, who), who, "bottom"),
            *place([], gap),
            *place(self._sentence(view.saying, width, sentence), sentence),
            *place(beating, pulse, "bottom"),
        ]

    def _choice(self, view: View, width: int, height: int) -> list[Text]:
        sentence = max(1, height // 6)
        headline = max(1, height // 4)
        rest = max(0, height - sentence - headline)
        said = view.saying or self._words.hints[State.CHOOSING]
        each = rest // max(1, len(self._language.routines))
        choices = self._described(width, each) if each > 1 else self._named(view, width, rest)
        return [
            *place(large(self._captions.headline(view), width, headline), headline, "middle"),
            *place(choices, rest),
            *place(self._sentence(said, width, sentence), sentence, "middle"),
        ]

    def _described(self, width: int, each: int) -> list[Text]:
        """Show every routine in `each` rows: its number and name, and its summary."""
        rows = []
        for number, routine in enumerate(self._language.routines, 1):
            label = f"{number} {routine.title}"
            name = draw(label, width, each - 2, largest=1) or [label]
            rows += place(
                [*(Text(row, "bold") for row in name), *plain(routine.summary, width)], each
            )
        return rows

    def _named(self, view: View, width: int, height: int) -> list[Text]:
        """Show numbers and names, in two columns if needed, and how many have no room.

        Those that are read out are among them.
        """
        names = [f"{n:2} {each.title}" for n, each in enumerate(self._language.routines, 1)]
        columns = 2 if len(names) > height and 2 * max(map(len, names)) < width else 1
        fit, first = columns * height, 0
        if fit < len(names):
            fit = columns * max(1, height - 1)
            first = min(view.offered, len(names) - fit)
        shown = [Text(name, "bold") for name in names[first : first + fit]]
        side = -(-len(shown) // columns)
        blocks = [shown[at : at + side] for at in range(0, len(shown), side)]
        rows = beside([(block, width // columns) for block in blocks])
        if left := len(names) - len(shown):
            rows.append(Text(self._words.others.format(n=left), "dim"))
        return rows

    def _who(self, view: View, width: int, height: int) -> list[Text]:
        """Show to whom the coach speaks, and at the other end what was heard last."""
        line = self._captions.addressee(view)
        heard = Text()
        if view.listening:
            heard = Text(self._words.listening, "bold")
        elif view.heard:
            heard = Text.assemble((f"{self._words.heard}  ", "dim"), view.heard)
        drawn = draw(line, width - len(heard), height, largest=1) or [line]
        rows = [Text(row, PARTNER_STYLE if view.to_partner else "") for row in drawn]
        return [both_ends(rows[0], heard, width), *rows[1:]]

    def _sentence(self, text: str, width: int, height: int) -> list[Text]:
        """Show what is said; in large letters only where nearly all sentences would fit."""
        drawn = draw(text, width, height, largest=1) if height >= ROOMY else None
        return [Text(row, "bold") for row in drawn or wrap(text, width)]

    def _pulse(self, view: View, width: int, height: int) -> list[Text]:
        """Draw the breath, or the seconds of a hold, or the answer the coach waits for."""
        if view.seconds_left is None:
            hint = self._captions.hint(view)
            return large(hint, width, height) if hint else []
        left = self._words.time_left.format(time=self._captions.time(view.seconds_left))
        if view.beat is None:
            return large(left, width, height)
        side = max(1, width // 4)
        middle = width - 2 * side
        ear = [self._ear(view, width)] if view.heard_breath and height > 1 else []
        height -= len(ear)
        return ear + beside(
            [
                (large(self._words.breaths[view.beat.phase], side, height), side),
                (lungs(view.beat, middle, height), middle),
                (place(self._figures(view, left, side, height // 2), height, "middle"), side),
            ]
        )

    def _ear(self, view: View, width: int) -> Text:
        """Draw the breath that is heard on the time of the round, in one row."""
        label = f"{self._words.breath_heard}  "
        if view.breath is None or view.heard_breath is None:
            return Text()
        return Text.assemble(
            (label, "dim"), heard_line(view.breath, view.heard_breath, view.now, width - len(label))
        )

    def _figures(self, view: View, left: str, width: int, height: int) -> list[Text]:
        """Put the number of the breath above the time that is left, both on the right."""
        rows: list[Text] = []
        number = view.beat.round + 1 if view.beat else 0
        for text in (self._words.breath.format(n=number, of=view.rounds), left):
            drawn = draw(text, width, height, largest=1) or [text]
            indent = " " * (width - max(map(len, drawn)))
            rows += [Text(indent + row) for row in drawn]
        return rows

    def _footer(self, view: View, width: int, height: int) -> list[Text]:
        words, phrases = self._words, self._language.commands
        keys: dict[str, str] = {}
        if Command.CHOOSE in key_commands(view.state):
            keys[words.choose] = f"1-{len(self._language.routines)}"
        for key in KEYS:
            if command := command_of_key(key, view.state):
                keys.setdefault(phrases[command][0], words.key_names.get(key, key))
        # Pain and stop come first, so that they always have room.
        pain, stop = phrases[Command.PAIN][0], phrases[Command.STOP][0]
        known = sorted(view.can_say, key=lambda phrase: (phrase != pain, phrase != stop))
        rows = listed(words.say, known, width, max(1, height - FOR_KEYS))
        if height > 1:
            pressed = (f"{key} {does}" for does, key in keys.items())
            rows += listed(words.keys, pressed, width, FOR_KEYS)
        for row in rows:
            row.highlight_words([pain], PAIN_STYLE)
        return rows
