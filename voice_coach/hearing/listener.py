"""The ear: microphone and loudspeaker in, commands out.

The echo of the coach's own voice is taken out of the microphone, and two recognisers hear the
rest. The alert one knows only the phrases of this moment, so it misses little and is easily
fooled: pain and stop act on any partial result of its that holds one of their phrases whole. The
sure one knows decoys beside them: every other command waits until it is done with the utterance,
which must then be that phrase and nothing else. Nothing ever mutes the microphone.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Protocol

from voice_coach.core.commands import URGENT
from voice_coach.core.events import Heard
from voice_coach.hearing.recogniser import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    import numpy as np
    from numpy.typing import NDArray

    from voice_coach.core.commands import Command, Phrases
    from voice_coach.core.events import Event
    from voice_coach.core.language import Language
    from voice_coach.hearing.recogniser import Recogniser, Result


class Canceller(Protocol):
    """Takes the loudspeaker's echo out of the microphone."""

    def cancel(
        self, microphone: NDArray[np.float32], far_end: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Give the microphone without the echo of `far_end`; all have the same length."""


class Listener:
    """Hears commands over the coach's own voice."""

    def __init__(
        self, alert: Recogniser, sure: Recogniser, canceller: Canceller, language: Language
    ) -> None:
        """Take two recognisers: one that is to miss nothing urgent, one that is to be sure."""
        self._alert = alert
        self._sure = sure
        self._canceller = canceller
        self._all = language.phrases()
        self._phrases: Phrases = {}
        """Those that are accepted now."""
        self._decoys = [word for words in language.decoys.values() for word in words]
        self._reported: Counter[str] = Counter()

    def listen(self, commands: AbstractSet[Command]) -> None:
        """Report only these commands from now on."""
        self._phrases = {p: m for p, m in self._all.items() if m.command in commands}
        self._alert.listen_for([*self._phrases])
        self._sure.listen_for([*self._phrases, *self._decoys])

    def hear(self, microphone: NDArray[np.float32], far_end: NDArray[np.float32]) -> list[Event]:
        """Take the next block of both; give the commands that became certain with it."""
        near_end = self._canceller.cancel(microphone, far_end)
        urgent = self._alert.accept(near_end)
        heard = self._urgent(urgent) if urgent else []
        if urgent and urgent.final:
            self._reported.clear()
        settled = self._sure.accept(near_end)
        if settled and settled.final:
            phrase = " ".join(word for word in settled.text.split() if word != UNKNOWN)
            meaning = self._phrases.get(phrase)
            if meaning and meaning.command not in URGENT:
                heard.append(Heard(meaning.command, phrase, meaning.choice))
        return heard

    def _urgent(self, result: Result) -> list[Event]:
        """Report each urgent phrase once for every time it was said in this utterance."""
        words = result.text.split()
        heard: list[Event] = []
        for phrase, meaning in self._phrases.items():
            if meaning.command in URGENT:
                said = _occurrences(phrase.split(), words)
                if said > self._reported[phrase]:
                    # Never counted down: a change of grammar lets the utterance be heard anew.
                    self._reported[phrase] = said
                    heard.append(Heard(meaning.command, phrase))
        return heard


def _occurrences(phrase: list[str], words: list[str]) -> int:
    return sum(words[at : at + len(phrase)] == phrase for at in range(len(words) - len(phrase) + 1))
