"""The page in the browser: it shows the history, and sessions are chosen and led from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_coach.errors import CoachError
from voice_coach.history.picture import draw
from voice_coach.history.store import HistoryUnavailable, open_history

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_coach.core.config import SessionConfig
    from voice_coach.core.language import Language
    from voice_coach.display.web.display import WebDisplay


def run_web(
    config: SessionConfig,
    web: WebDisplay,
    lead: Callable[[SessionConfig], object],
    announce: Callable[[str], None],
) -> None:
    """Let `lead` lead each routine that is chosen on the page, until the program is stopped.

    `announce` is told why a session cannot begin, where `lead` raises ``CoachError``.
    """
    while True:
        chosen = web.choice()
        try:
            lead(config.model_copy(update={"routine": chosen}))
        except CoachError as trouble:
            announce(str(trouble))


def open_web(language: Language, port: int, *, home: bool) -> WebDisplay:
    """Make the page for the browser, not yet open; raises ``NoPage``."""
    from voice_coach.display.web.display import WebDisplay  # noqa: PLC0415 - it takes 0.3 s

    titles = language.choices

    def past() -> tuple[str, int] | None:
        try:
            with open_history() as history:
                sessions = history.past().sessions
        except HistoryUnavailable:
            return None
        return (draw(sessions, titles), len(sessions)) if sessions else None

    return WebDisplay(language, port, home=home, history=past)
