"""The coach's sentences, and what they sound like."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

from voice_coach.app import clip_store
from voice_coach.core.pace import DEFAULT_RATE
from voice_coach.speech.narrator import PromptNarrator
from voice_coach.speech.pyttsx3_voice import Pyttsx3Voice

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from voice_coach.core.language import Language

    Samples = NDArray[np.float32]
    Clips = Mapping[str, Samples]


def sentences(language: Language) -> list[str]:
    """Give all that is said whole: what ends like a sentence and has nothing to be put into it."""
    parts = language.model_dump(include={"coach", "safety", "routines"})
    whole = (text for text in _texts(parts) if text.endswith((".", "?", "!")))
    return sorted({text for text in whole if not {"{", "["} & set(text)})


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        for value in part.values():
            yield from _texts(value)
    elif isinstance(part, (list, tuple)):
        for value in part:
            yield from _texts(value)


def render(language: Language) -> dict[str, Samples]:
    """Have all sentences spoken as the coach would, or find them in its cache."""
    with closing(PromptNarrator(Pyttsx3Voice(), clip_store())) as narrator:
        return {text: narrator.clip(text, DEFAULT_RATE).samples for text in sentences(language)}
