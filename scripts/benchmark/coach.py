"""The coach's sentences, and what they sound like."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from voice_coach.core.all_sentences import all_sentences
from voice_coach.core.pace import DEFAULT_RATE
from voice_coach.speech.clips import clip_store
from voice_coach.speech.narrator import PromptNarrator
from voice_coach.speech.voices import open_voice

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from voice_coach.core.language import Language

    Samples = NDArray[np.float32]
    Clips = Mapping[str, Samples]


def sentences(language: Language) -> list[str]:
    """Give all that the coach says whole: what ends like a sentence, but not its many counts."""
    said = (text for text in all_sentences(language) if not text[0].isdigit())
    return sorted(text for text in said if text.endswith((".", "?", "!")))


def render(language: Language) -> dict[str, Samples]:
    """Give all sentences as the coach speaks them."""
    with closing(PromptNarrator(open_voice(language), clip_store())) as narrator:
        return {text: narrator.clip(text, DEFAULT_RATE).samples for text in sentences(language)}
