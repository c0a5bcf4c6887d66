"""The page in the browser: it shows the history, and sessions are chosen and led from it."""

from __future__ import annotations

import ctypes
import gc
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from voice_coach.background import in_background
from voice_coach.errors import CoachError
from voice_coach.history.picture import past_sessions

if TYPE_CHECKING:
    from collections.abc import Callable

    from voice_coach.core.config import SessionConfig
    from voice_coach.core.language import Language
    from voice_coach.display.web.display import WebDisplay

M_ARENA_MAX = -8
"""The GNU C library's number for the most heaps (malloc.h)."""


def run_web(
    config: SessionConfig,
    web: WebDisplay,
    lead: Callable[[SessionConfig], object],
    announce: Callable[[str], None],
) -> None:
    """Let `lead` lead each routine that is chosen on the page, until the program is stopped.

    `announce` is told why a session cannot begin, where `lead` raises ``CoachError``.
    """
    _take_memory_from_one_heap()
    while True:
        chosen = web.choice()
        try:
            lead(config.model_copy(update={"routine": chosen}))
        except CoachError as trouble:
            announce(str(trouble))
        # In another thread: a Ctrl-C that comes while a destructor runs here would be lost.
        in_background("memory", _give_memory_back)


def _give_memory_back() -> None:
    """Give the memory of the last session back to the system; a page may lead sessions for months.

    Garbage is looked for in small portions while a coach speaks, so most of a session is left. The
    GNU C library keeps what was freed in pieces until it is told not to (malloc_trim(3)).
    """
    gc.collect()
    _tell_gnu_c_library("malloc_trim", 0)


def _take_memory_from_one_heap() -> None:
    """Let all threads that begin from now on take memory from one heap of the GNU C library.

    By itself it gives threads heaps of their own, and what a session leaves free in one is of
    little use to the next: eight sessions in a row grew by 110 MB (mallopt(3)).
    """
    _tell_gnu_c_library("mallopt", M_ARENA_MAX, 1)


def _tell_gnu_c_library(function: str, *numbers: int) -> None:
    """Call this function of it; do nothing where the C library is another one."""
    if sys.platform == "linux":
        with suppress(AttributeError):
            getattr(ctypes.CDLL(None), function)(*numbers)


def open_web(language: Language, port: int, *, home: bool) -> WebDisplay:
    """Make the page for the browser, not yet open; raises ``NoPage``."""
    from voice_coach.display.web.display import WebDisplay  # noqa: PLC0415 - it takes 0.3 s

    return WebDisplay(language, port, home=home, history=lambda: past_sessions(language.titles))
