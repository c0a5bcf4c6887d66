"""What a session hears with: found at once, and loaded when the first sentence sounds.

To load a model takes longest. Much of that is work for Python, which does one thing at a time, so
it would hold up the first sentence.
"""

from __future__ import annotations

from concurrent.futures import wait
from threading import Event
from typing import TYPE_CHECKING

from voice_coach.background import in_background
from voice_coach.hearing.model_store import NoModel
from voice_coach.hearing.recognisers import find_model, load_recognisers

if TYPE_CHECKING:
    from pathlib import Path

    from typing_extensions import Self

    from voice_coach.core.language import Language
    from voice_coach.hearing.recognisers import Recognisers

LOADING = 5.0
"""Seconds to wait at the end for a model that is still being loaded: half a second on a laptop."""


class LoadedLater:
    """The recognisers of a session, within a ``with`` block."""

    def __init__(self, language: Language, model: Path | None) -> None:
        self._go = Event()
        self._wanted = False
        self.found = in_background("finding", find_model, language, model)
        self.recognisers = in_background("loading", self._load, language)

    def begin(self) -> None:
        """Load them now."""
        self._wanted = True
        self._go.set()

    def at_once(self) -> Recognisers:
        """Load them now, and wait for them."""
        self.begin()
        return self.recognisers.result()

    def __enter__(self) -> Self:
        """Look for the model; that has begun already."""
        return self

    def __exit__(self, *_: object) -> None:
        """Wait for what is being loaded: a program that ends while vosk loads a model crashes."""
        self._go.set()
        wait((self.recognisers,), LOADING)

    def _load(self, language: Language) -> Recognisers:
        found = self.found.result()
        self._go.wait()
        if not self._wanted:
            raise NoModel("The session ended before it listened.")
        return load_recognisers(language, found)
