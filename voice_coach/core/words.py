"""The words of one language that the coach does not speak: they are understood, or checked for."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from voice_coach.core.pose import FileModel
from voice_coach.core.routine import Phrase, Sentence


class CheckWords(FileModel):
    """Words that are needed to check a routine somebody else has written."""

    teaching: Sentence
    """After it, words are taught and not used."""
    pressing: Annotated[tuple[Phrase, ...], Field(min_length=1)]
    """Words that ask for pressure."""
    letters: Phrase
    """All characters a routine's name may have, besides spaces."""
    example: Phrase
    """A good name."""


class Sayings(FileModel):
    """What people say around and beside the commands."""

    polite: tuple[Phrase, ...] = ()
    """May stand before or after a whole command, several times, and changes nothing."""
    naming: tuple[Phrase, ...] = ()
    """The same around the name of a routine, or its number."""
    asked: tuple[Phrase, ...] = ()
    """Possible pain, where it is all that was said: the coach asks."""
    ends: tuple[Phrase, ...] = ()
    """Ends as "stop" does, but must be all that was said."""
    cries: tuple[Phrase, ...] = ()
    """Ends as pain does, but must be all that was said."""
    idle: tuple[Phrase, ...] = ()
    """Means nothing to the coach, and pain least of all."""
    vowels: tuple[Phrase, ...] = ()
    """What a recogniser of all words writes for a voice without words."""

    def must_be_alone(self, phrase: str) -> bool:
        """Whether a phrase counts only where it is all that was said."""
        return phrase in (*self.asked, *self.ends, *self.cries)


class VoiceNames(FileModel):
    """Which voice of the computer speaks the language."""

    espeak: Annotated[str, Field(min_length=1)]
    """A voice of eSpeak NG."""
    mac: Annotated[str, Field(min_length=1)] | None = None
    """A voice or a language of macOS; without it, what is chosen in its settings."""
