"""What the page in the browser is told of a session: a whole snapshot, as plain data.

Every event carries all that is to be seen, so whoever comes late, or was away, has missed nothing.
All words are chosen here; the page only sets them. Times stay those of the audio clock, and the
page keeps time by them: it is told when the running breath began, turns and ends, not how large a
circle is to be.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from functools import cached_property, lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING

from voice_coach.core.simulation import simulate
from voice_coach.core.transitions import State
from voice_coach.core.view import Outcome
from voice_coach.display.commands import allowed
from voice_coach.display.figure import draw
from voice_coach.display.frame import ALARMING, Painter
from voice_coach.display.keyboard import KEYS, meaning
from voice_coach.display.story import clock, document, told

if TYPE_CHECKING:
    from voice_coach.core.commands import Command
    from voice_coach.core.language import Language
    from voice_coach.core.pose import Pose
    from voice_coach.core.routine import Routine
    from voice_coach.core.view import View
    from voice_coach.display.labels import Labels
    from voice_coach.display.story import Story
    from voice_coach.display.words import ScreenWords

FRESH = 4.0
"""Seconds for which what was heard stands out."""


@dataclass(frozen=True)
class Figure:
    """What is drawn of a step."""

    pose: Pose
    mirrored: bool
    title: str

    @property
    def key(self) -> str:
        """Name it, the same for the same figure."""
        told = f"{self.pose.model_dump_json()} {self.mirrored} {self.title}"
        return sha256(told.encode()).hexdigest()[:20]


@lru_cache(maxsize=256)
def drawn(figure: Figure) -> str:
    """Draw it, as a picture that stands alone; it takes some hundredths of a second."""
    return draw(figure.pose, mirrored=figure.mirrored, title=figure.title)


class Page:
    """Tells the sessions of one language."""

    def __init__(self, language: Language, words: ScreenWords, labels: Labels) -> None:
        self.language = language
        self.labels = labels
        self._words = words
        self._painter = Painter(language, words)
        self._figures: dict[str, Figure] = {}
        self._emblems = {routine.id: self._emblem(routine) for routine in language.routines}
        """What each routine is about, for the home page and until its first step."""
        self._meaning = {phrases[0]: command for command, phrases in language.commands.items()}

    def figure(self, key: str) -> str | None:
        """Draw the figure of this name, if it was told of; None if not."""
        figure = self._figures.get(key)
        return drawn(figure) if figure else None

    def told(self, view: View) -> dict[str, object]:
        """Give all that is to be seen of `view`."""
        words = self._words
        breath, beat = view.breath, view.beat
        return {
            "now": view.now,
            "state": view.state.value,
            "outcome": view.outcome.value if view.outcome else None,
            "routine": view.routine,
            "headline": self._headline(view),
            "who": self._painter.addressed(view),
            "saying": view.saying,
            "hint": words.hints.get(view.state, ""),
            "heard": view.heard,
            "fresh": bool(view.heard) and view.now - view.heard_at < FRESH,
            "listening": words.listening if view.listening else "",
            "taped": words.taped if view.audio_kept else "",
            "step": view.step,
            "steps": view.steps,
            "place": words.step.format(n=view.step, of=view.steps) if view.step else "",
            "left": ""
            if view.seconds_left is None
            else words.time_left.format(time=self._clock(view.seconds_left)),
            "seconds_left": view.seconds_left,
            "breath": asdict(breath) if breath else None,
            "phase": words.breaths[beat.phase] if beat else "",
            "round": words.breath.format(n=beat.round + 1, of=view.rounds) if beat else "",
            "rounds": view.rounds,
            "level": view.level,
            "figure": self._pictured(view),
            "buttons": self._buttons(view),
            "choosing": view.state is State.CHOOSING,
            "alarm": self._alarm(view),
            "over": view.state is State.ENDED,
        }

    def ending(self, story: Story) -> dict[str, object]:
        """Give what was done, how it went, and the same as a page to be kept."""
        view = story.last
        sentences = told(story, self._words, self.labels)
        headline = self._headline(view) if view else ""
        note = self._painter.note(view) if view else []
        if view and view.outcome is Outcome.PAIN:
            note += self.language.safety.red_flags
        return {
            "sentences": sentences,
            "chapters": [
                {
                    "title": chapter.title,
                    "side": chapter.side,
                    "seconds": chapter.seconds,
                    "time": clock(chapter.seconds),
                    "figure": self._figure(chapter.pose, chapter.title, mirrored=chapter.mirrored),
                }
                for chapter in story.chapters
            ],
            "kept": document(
                story, headline, sentences, note, code=self.language.code, labels=self.labels
            ),
        }

    @cached_property
    def cards(self) -> list[dict[str, object]]:
        """Describe each routine: what it is called, needs and takes, and a figure of it."""
        return [self._card(routine) for routine in self.language.routines]

    def _card(self, routine: Routine) -> dict[str, object]:
        minutes = round(simulate(self.language, routine).now / 60)
        listing = self._words.listing
        things = ", ".join((*(listing.partner,) * routine.partner, *routine.props))
        return {
            "id": routine.id,
            "title": routine.title,
            "summary": routine.summary,
            "minutes": self.labels.minutes.format(n=minutes),
            "things": listing.needs.format(things=things) if things else self.labels.needs_nothing,
            "strong": self.labels.strong if routine.twist else "",
            "figure": self._emblems[routine.id],
        }

    def _emblem(self, routine: Routine) -> str | None:
        """Choose the figure of the step that takes longest: that is what the routine is about."""
        steps = [step for step in routine.steps if step.pose]
        if not steps:
            return None
        step = max(steps, key=lambda s: (s.breathing is not None, s.hold or 0))
        return self._figure(step.pose, routine.title, mirrored=False)

    def _pictured(self, view: View) -> str | None:
        """Choose what is drawn; where it may have hurt, nobody must be seen to press on."""
        if view.state is State.PAIN_CONFIRMATION:
            return None
        own = self._figure(view.pose, view.title, mirrored=view.mirrored)
        return own or self._emblems.get(view.routine_id)

    def _headline(self, view: View) -> str:
        """Give what is most to be seen; that the partner is spoken to is said above it."""
        headline = self._painter.headline(view)
        _, colon, rest = headline.partition(": ")
        if colon and view.to_partner and headline == view.title:
            return rest[:1].upper() + rest[1:]
        return headline

    def _figure(self, pose: Pose | None, title: str, *, mirrored: bool) -> str | None:
        if pose is None:
            return None
        figure = Figure(pose, mirrored, title)
        self._figures[figure.key] = figure
        return figure.key

    def _buttons(self, view: View) -> list[dict[str, str]]:
        """Give a button for each command that does something now, those that have a key first."""
        said = [self._meaning[phrase] for phrase in view.can_say if phrase in self._meaning]
        may = allowed(view.state)
        keys: dict[Command, str] = {}
        for key in KEYS:
            if command := meaning(key, view.state):
                keys.setdefault(command, key)
        ordered = (*keys, *(command for command in said if command not in keys))
        return [
            {
                "command": command.value,
                "label": self.language.commands[command][0],
                "key": keys.get(command, ""),
                "key_name": self._words.key_names.get(keys.get(command, ""), keys.get(command, "")),
            }
            for command in ordered
            if command in may and command in said
        ]

    def _alarm(self, view: View) -> dict[str, object] | None:
        if view.outcome not in ALARMING:
            return None
        first, *signs = self.language.safety.red_flags
        hurt = view.outcome is Outcome.PAIN
        return {
            "over": self._words.over,
            "note": self._painter.note(view),
            "signs_head": first if hurt else "",
            "signs": signs if hurt else [],
        }

    def _clock(self, seconds: float) -> str:
        minutes, rest = divmod(math.ceil(seconds), 60)
        return f"{minutes}:{rest:02}" if minutes else self._words.seconds.format(n=rest)
