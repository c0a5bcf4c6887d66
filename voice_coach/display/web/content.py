"""What the page shows of a session, as plain data.

Each snapshot holds all that is to be seen, so a browser that comes late has missed nothing. All
words are chosen here; the page only places them. Times are those of the audio clock, and the page
keeps time by them: a snapshot says when the running breath began, turns and ends, not how large the
circle is.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cached_property, lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING

from voice_coach.core.choosing import whole_seconds
from voice_coach.core.plan import MINUTES, choice
from voice_coach.core.transitions import State
from voice_coach.core.view import Outcome
from voice_coach.display.captions import ALARMING, Captions
from voice_coach.display.commands import KEYS, button_commands, command_of_key
from voice_coach.display.figures.figure import draw, moves
from voice_coach.display.summary import clock
from voice_coach.display.web.summary_page import summary_page

if TYPE_CHECKING:
    from voice_coach.core.commands import Command
    from voice_coach.core.language import Language
    from voice_coach.core.pose import Pose
    from voice_coach.core.routine import Routine
    from voice_coach.core.view import View
    from voice_coach.display.summary import SessionSummary
    from voice_coach.display.words import PageWords, ScreenWords

FRESH = 4.0
"""Seconds for which a heard phrase stands out."""


@dataclass(frozen=True)
class StepFigure:
    """The picture of a step."""

    pose: Pose
    mirrored: bool
    title: str
    note: str = ""

    @property
    def key(self) -> str:
        """Its name in the page's requests; equal figures have the same."""
        text = f"{self.pose.model_dump_json()} {self.mirrored} {self.title} {self.note}"
        return sha256(text.encode()).hexdigest()[:20]


@lru_cache(maxsize=256)
def drawn(figure: StepFigure) -> str:
    """Draw the figure as an SVG document; this takes some hundredths of a second."""
    return draw(figure.pose, mirrored=figure.mirrored, title=figure.title, note=figure.note)


class PageContent:
    """Writes what the page shows of sessions in one language."""

    def __init__(self, language: Language, words: ScreenWords, labels: PageWords) -> None:
        self.language = language
        self.labels = labels
        self._words = words
        self._captions = Captions(language, words)
        self._figures: dict[str, StepFigure] = {}
        self._emblems = {routine.id: self._emblem(routine) for routine in language.routines}
        """The figure that stands for each routine, on the home page and until its first step."""
        self._command_of_phrase = {
            phrases[0]: command for command, phrases in language.commands.items()
        }

    def figure(self, key: str) -> str | None:
        """Draw the figure with this key; None if no snapshot has named it."""
        figure = self._figures.get(key)
        return drawn(figure) if figure else None

    def snapshot(self, view: View) -> dict[str, object]:
        """Return all that is to be seen of `view`."""
        words = self._words
        breath, beat, heard = view.breath, view.beat, view.heard_breath
        return {
            "now": view.now,
            "state": view.state.value,
            "outcome": view.outcome.value if view.outcome else None,
            "routine": view.routine,
            "headline": self._headline(view),
            "who": self._captions.addressee(view),
            "saying": view.saying,
            "hint": self._captions.hint(view),
            "heard": view.heard,
            "fresh": bool(view.heard) and view.now - view.heard_at < FRESH,
            "listening": words.listening if view.listening else "",
            "recording": words.recording if view.audio_kept else "",
            "step": view.step,
            "steps": view.steps,
            "place": words.step.format(n=view.step, of=view.steps) if view.step else "",
            "left": ""
            if view.seconds_left is None
            else words.time_left.format(time=self._captions.time(view.seconds_left)),
            "seconds_left": view.seconds_left,
            "breath": asdict(breath) if breath else None,
            "heard_breath": asdict(heard) if heard else None,
            "hands": view.hands,
            "to_partner": view.to_partner,
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

    def ending(self, summary: SessionSummary) -> dict[str, object]:
        """Return what was done and how it went, and the same as a page to keep."""
        view = summary.last
        sentences = summary.sentences(self._words, self.labels)
        headline = self._headline(view) if view else ""
        note = self._captions.note(view) if view else []
        if view and view.outcome is Outcome.PAIN:
            note += self.language.safety.soon
        return {
            "sentences": sentences,
            "steps": [
                {
                    "title": step.title,
                    "side": step.side,
                    "seconds": step.seconds,
                    "time": clock(step.seconds),
                    "figure": self._figure(step.pose, step.title, mirrored=step.mirrored),
                }
                for step in summary.steps
            ],
            "page": summary_page(
                summary, headline, sentences, note, code=self.language.code, labels=self.labels
            ),
        }

    @cached_property
    def cards(self) -> list[dict[str, object]]:
        """Describe each routine: its name, what it needs, how long it takes, and a figure."""
        return [self._card(routine) for routine in self.language.routines]

    @cached_property
    def plans(self) -> list[dict[str, object]]:
        """Describe each plan: its area, and the lengths it can have."""
        return [
            {
                "area": plan.area[:1].upper() + plan.area[1:],
                "lengths": [
                    {"id": choice(plan, minutes), "label": self.labels.minutes.format(n=minutes)}
                    for minutes in MINUTES
                ],
            }
            for plan in self.language.plans
        ]

    def _card(self, routine: Routine) -> dict[str, object]:
        minutes = round(whole_seconds(routine, self.language) / 60)
        listing = self._words.listing
        things = ", ".join((*(listing.partner,) * routine.partner, *routine.things))
        return {
            "id": routine.id,
            "title": routine.title,
            "summary": routine.summary,
            "minutes": self.labels.minutes.format(n=minutes),
            "things": listing.needs.format(things=things) if things else self.labels.needs_nothing,
            "strong": "" if routine.is_gentle else self.labels.strong,
            "figure": self._emblems[routine.id],
        }

    def _emblem(self, routine: Routine) -> str | None:
        """Choose the figure of the longest step that moves: it shows what the routine is about."""
        posed = [(step.pose, step) for step in routine.steps if step.pose]
        if not posed:
            return None
        pose, _ = max(posed, key=lambda p: (moves(p[0]), bool(p[1].breathing), p[1].hold or 0))
        return self._figure(pose, routine.title, mirrored=False)

    def _pictured(self, view: View) -> str | None:
        """Choose the figure; during "Did that hurt?" the page must not show a press."""
        if view.state is State.PAIN_CONFIRMATION:
            return None
        own = self._figure(view.pose, view.title, mirrored=view.mirrored)
        return own or self._emblems.get(view.routine_id)

    def _headline(self, view: View) -> str:
        """Return the headline without "Partner:", which is shown above it."""
        headline = self._captions.headline(view)
        _, colon, rest = headline.partition(": ")
        if colon and view.to_partner and headline == view.title:
            return rest[:1].upper() + rest[1:]
        return headline

    def _figure(self, pose: Pose | None, title: str, *, mirrored: bool) -> str | None:
        if pose is None:
            return None
        figure = StepFigure(pose, mirrored, title, self.labels.views.get(pose.view, ""))
        self._figures[figure.key] = figure
        return figure.key

    def _buttons(self, view: View) -> list[dict[str, str]]:
        """Describe a button for each command that does something now, those with a key first."""
        known = self._command_of_phrase
        said = [known[phrase] for phrase in view.can_say if phrase in known]
        allowed = button_commands(view.state)
        keys: dict[Command, str] = {}
        for key in KEYS:
            if command := command_of_key(key, view.state):
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
            if command in allowed and command in said
        ]

    def _alarm(self, view: View) -> dict[str, object] | None:
        if view.outcome not in ALARMING:
            return None
        first, *signs = self.language.safety.soon
        hurt = view.outcome is Outcome.PAIN
        return {
            "over": self._words.over,
            "note": self._captions.note(view),
            "signs_head": first if hurt else "",
            "signs": signs if hurt else [],
        }
