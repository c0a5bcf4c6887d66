"""Loads the two recognisers of a session, one for each stream, and says what is wrong with them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from voice_coach.core.commands import URGENT
from voice_coach.hearing import model_store
from voice_coach.hearing.no_recogniser import NoRecogniser

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from voice_coach.core.language import Language
    from voice_coach.hearing.recogniser import Recogniser
    from voice_coach.hearing.vosk_recogniser import VoskModel


@dataclass(frozen=True)
class Recognisers:
    """The two recognisers of a session."""

    microphone: Recogniser
    far_end: Recogniser
    """Hears what the loudspeaker plays: the coach's own words."""
    weak: str = ""
    """Why hearing is worse than it could be, in one sentence; empty when it is not."""
    deaf: bool = False
    """Whether no word is understood at all."""
    unknown: tuple[str, ...] = ()
    """Phrases of the language that the model does not know, so that they are never heard."""

    def forget(self) -> None:
        """Forget the sound so far, so that another stream can begin."""
        self.microphone.forget()
        self.far_end.forget()


@dataclass(frozen=True)
class FoundModel:
    """What a session will hear with, before it is loaded."""

    folder: Path | None
    """The model; None where there is none."""
    sure: bool = False
    """Whether it is the verified one, which is known to load."""
    missing: str = ""
    """Why there is none, in one sentence."""


def find_model(language: Language, model: Path | None = None) -> FoundModel:
    """Find the model of a language, or fetch it.

    Raises ``NoModel`` if the `model` that was asked for is none.
    """
    named = model is not None or model_store.VARIABLE in os.environ
    wanted = model_store.manifest(language.code)
    kept = model_store.store()
    try:
        folder = model_store.find(wanted, kept, model) or model_store.fetch(wanted, kept)
    except model_store.NoModel as reason:
        if named:
            raise
        return FoundModel(None, missing=str(reason))
    return FoundModel(folder, sure=not named)


def open_recognisers(language: Language, model: Path | None = None) -> Recognisers:
    """Load vosk with a model that is there or can be fetched; without one, pocketsphinx.

    Pocketsphinx knows one language only; in any other, no word is understood then.

    Raises ``NoModel`` or ``UnusableModel`` if the `model` that was asked for cannot be used.
    """
    return load_recognisers(language, find_model(language, model))


def load_recognisers(language: Language, found: FoundModel) -> Recognisers:
    """Load vosk with the model that was found, or what there is without; as above."""
    if found.folder is None:
        return _without_model(language, found.missing)
    from voice_coach.hearing.vosk_recogniser import (  # noqa: PLC0415 - it takes 0.1 s
        UnusableModel,
        VoskRecogniser,
        shared_model,
    )

    loaded = shared_model(found.folder)
    unknown = tuple(phrase for phrase in language.phrases() if not loaded.knows(phrase))
    for command in URGENT:
        if (taught := language.commands[command][0]) in unknown:
            raise UnusableModel(
                f'{found.folder} does not know "{taught}", so it is a model of another language: '
                f'name one of "{language.code}".'
            )
    return Recognisers(VoskRecogniser(loaded), VoskRecogniser(loaded), unknown=unknown)


def vocabulary(language: Language) -> Callable[[str], bool]:
    """Return what tells whether the speech model knows a word.

    The model is loaded at the first word, and never downloaded for this: ``NoModel`` is raised then
    if there is none.
    """
    loaded: list[VoskModel] = []

    def knows(word: str) -> bool:
        if not loaded:
            wanted = model_store.manifest(language.code)
            folder = model_store.find(wanted, model_store.store())
            if folder is None:
                raise model_store.NoModel(f"The speech model {wanted.name} is not there yet.")
            from voice_coach.hearing.vosk_recogniser import VoskModel  # noqa: PLC0415 - 0.1 s

            loaded.append(VoskModel(folder))
        return loaded[0].knows(word)

    return knows


def _without_model(language: Language, reason: str) -> Recognisers:
    from voice_coach.hearing.pocketsphinx_recogniser import (  # noqa: PLC0415 - rarely needed
        LANGUAGE,
        PocketsphinxRecogniser,
    )

    if language.code == LANGUAGE:
        return Recognisers(PocketsphinxRecogniser(), PocketsphinxRecogniser(), weak=reason)
    reason = reason.removesuffix(".")
    weak = f"{reason}; until then no word is understood, and the keyboard steers."
    return Recognisers(NoRecogniser(), NoRecogniser(), weak=weak, deaf=True)
