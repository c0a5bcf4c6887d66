"""The words of the page itself, as data: ``web.toml`` in the folder of a language."""

from __future__ import annotations

from importlib.resources import files
from typing import Annotated

from pydantic import BaseModel, ConfigDict

from voice_coach.core.routine import Sentence
from voice_coach.core.view import Feeling
from voice_coach.display.words import Template, one_for_each, parse_words


class Labels(BaseModel):
    """One language's words for the page; what they are for stands in ``static/page.html``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Sentence
    tagline: Sentence
    routines: Sentence
    ask_me: Sentence
    ask_me_hint: Sentence
    minutes: Template
    """How long a routine takes: ``{n}``."""
    needs_nothing: Sentence
    strong: Sentence
    """What a twist is marked with."""
    starting: Sentence
    """Shown until the coach speaks."""
    history: Sentence
    no_history: Sentence
    history_picture: Template
    """What the picture of the history shows, for who does not see it: ``{n}`` sessions."""
    say_or_touch: Sentence
    more: Sentence
    level: Sentence
    lost: Sentence
    """Shown while the page does not hear from the coach."""
    closed: Sentence
    """Shown when it never will again."""
    done: Sentence
    steps_done: Template
    """How far it came: ``{n}``, ``{of}``."""
    in_all: Template
    """How long it took: ``{time}``."""
    last: Sentence
    save: Sentence
    back_home: Sentence
    switches: Sentence
    speak_screen: Sentence
    letter_keys: Sentence
    figures_move: Sentence
    full_screen: Sentence
    felt: Annotated[dict[Feeling, Sentence], one_for_each(Feeling)]


def read_labels(code: str = "en") -> Labels:
    """Read one language's words for the page, or raise ``InvalidLanguage``."""
    path = files("voice_coach") / "data" / code / "web.toml"
    return parse_words(Labels, f"{code}/web.toml", path.read_text("utf-8"))
