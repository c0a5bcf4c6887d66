"""Gives today's hearing and mixer the shape the loop expects: goes when they have it themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voice_coach.audio import mixer
from voice_coach.audio.echo import EchoCanceller
from voice_coach.hearing.listener import Listener

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    import numpy as np
    from numpy.typing import NDArray

    from voice_coach import app
    from voice_coach.core.commands import Command
    from voice_coach.core.events import Event
    from voice_coach.core.language import Language


class Mixer(mixer.Mixer):
    """A mixer that can be ducked and hushed: by its loudness, for want of better."""

    def duck(self) -> None:
        """Speak 20 dB softer."""
        self.set_volume(-20)

    def hush(self) -> None:
        """Speak without a sound."""
        self.set_volume(-200)

    def resume(self) -> None:
        """Speak as before."""
        self.set_volume(0)

    def cut(self) -> None:
        """Fall silent and forget; what comes next is as loud as ever."""
        super().cut()
        self.resume()


class CancellingListener:
    """A listener that shows its canceller."""

    def __init__(self, language: Language, ears: app.Ears) -> None:
        ears.alert.forget()
        ears.sure.forget()
        self.canceller = EchoCanceller()
        self._listener = Listener(ears.alert, ears.sure, self.canceller, language)

    def listen(self, commands: AbstractSet[Command]) -> None:
        """Report only these."""
        self._listener.listen(commands)

    def hear(self, microphone: NDArray[np.float32], far_end: NDArray[np.float32]) -> list[Event]:
        """Take the next block."""
        return self._listener.hear(microphone, far_end)


def open_listener(language: Language, ears: app.Ears) -> CancellingListener:
    """Make the ear of one session."""
    return CancellingListener(language, ears)
