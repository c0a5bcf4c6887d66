"""Renders a routine as a sound file: the coach leads a session in which nobody answers.

Session, mixer and voice are those of a live session. The stage is the studio, so rendering takes
only as long as the computation.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from voice_coach.audio.chapters import Chapter
from voice_coach.audio.hearing_thread import DeafListener
from voice_coach.audio.mixer import Mixer
from voice_coach.audio.sound_file import encoded, kind, sound_file
from voice_coach.audio.studio import Room, Studio
from voice_coach.core.config import SessionConfig
from voice_coach.core.events import ClipStarted
from voice_coach.core.pace import DEFAULT_RATE
from voice_coach.core.ports import SAMPLE_RATE
from voice_coach.core.rendering import rendered
from voice_coach.core.session import Session
from voice_coach.runner import Runner
from voice_coach.speech.clips import clip_store
from voice_coach.speech.narrator import PromptNarrator
from voice_coach.speech.voices import open_voice

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from voice_coach.core.actions import Action
    from voice_coach.core.breathing import Pattern
    from voice_coach.core.events import Event
    from voice_coach.core.language import Language
    from voice_coach.core.routine import Routine
    from voice_coach.core.view import View


LEAD_IN = 0.2
"""Seconds of quiet between the beginning of a chapter and its first word."""


@dataclass(frozen=True)
class RenderedRoutine:
    """A whole routine as sound."""

    samples: NDArray[np.float32]
    """At SAMPLE_RATE, from -1 to 1."""
    chapters: tuple[Chapter, ...]
    """The introduction, then the steps."""


class _Chapters:
    """Notes where each step begins; it stands in for the display."""

    def __init__(self, session: Session) -> None:
        self.found: list[Chapter] = []
        self._session = session
        self._step = -1

    def show(self, view: View) -> None:
        """Show nothing."""

    def __call__(self, now: float, what: Event | Action) -> None:
        """Note a new chapter when its first sentence begins."""
        if isinstance(what, ClipStarted):
            view = self._session.view(now)
            if view.step != self._step:
                self._step = view.step
                title = view.title or view.routine
                start = max(0.0, now - LEAD_IN) if self.found else 0.0
                self.found.append(Chapter(start, f"{title} ({view.side})" if view.side else title))


def render(
    language: Language,
    routine: Routine,
    pattern: Pattern | None = None,
    *,
    voice: str = "",
    rate: int = DEFAULT_RATE,
) -> RenderedRoutine:
    """Let the coach say the whole of `routine`; raises ``VoiceUnavailable`` or ``NeedsHearing``."""
    config = SessionConfig(
        language=language.with_only(rendered(routine, language)),
        routine=routine.id,
        pattern=pattern,
        rate=rate,
        rendered=True,
    )
    studio = Studio(Mixer(), DeafListener(), Room())
    session = Session(config)
    chapters = _Chapters(session)
    known = routine.id in {each.id for each in language.routines}
    spoken = language if known else language.taught_too(routine)
    with closing(PromptNarrator(open_voice(spoken, voice), clip_store())) as narrator:
        Runner(session, studio, narrator, chapters, chapters).run()
    return RenderedRoutine(studio.played, tuple(chapters.found))


def render_file(
    language: Language,
    routine: Routine,
    path: Path,
    pattern: Pattern | None = None,
    *,
    voice: str = "",
    rate: int = DEFAULT_RATE,
) -> float:
    """Render `routine` into a file; give its seconds.

    Raises ``VoiceUnavailable``, ``NeedsHearing`` or ``Unwritable``; what was there before is then
    as it was.
    """
    suffix = kind(path)
    with sound_file(path) as file:
        rendered = render(language, routine, pattern, voice=voice, rate=rate)
        file.write(encoded(rendered.samples, rendered.chapters, suffix))
    return len(rendered.samples) / SAMPLE_RATE
