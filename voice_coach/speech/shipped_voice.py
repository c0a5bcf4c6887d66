"""The coach's own voice: clips that are shipped, and for all else the network that spoke them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from voice_coach.speech.clips import VoiceUnavailable, finished
from voice_coach.speech.tempo import at_tempo

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from voice_coach.speech.clip_pack import ClipPack
    from voice_coach.speech.kokoro_voice import KokoroVoice


class ShippedVoice:
    """Speaks from a pack of clips; safe to use from several threads.

    Without a `live` voice it can say nothing else, and starts no process.
    """

    def __init__(self, pack: ClipPack, live: KokoroVoice | None = None) -> None:
        self._pack = pack
        self._live = live

    @property
    def name(self) -> str:
        """All that decides how this voice sounds, apart from words and rate."""
        return self._pack.voice

    def clip(self, text: str, rate: int) -> NDArray[np.int16] | None:
        """Give a finished clip of the pack, at `rate` words a minute; None if it has none.

        Raises ``VoiceUnavailable`` if its file is damaged.
        """
        pcm = self._pack.load(text)
        if pcm is None or rate == self._pack.rate:
            return pcm
        samples = np.divide(pcm, 32768, dtype=np.float32)
        return finished(at_tempo(samples, rate / self._pack.rate))

    def render(self, text: str, rate: int) -> NDArray[np.float32]:
        """Speak `text` at `rate` words a minute; give SAMPLE_RATE samples a second, one channel.

        The same words always give the same samples. VoiceUnavailable says why there is no voice.
        """
        pcm = self.clip(text, rate)
        if pcm is not None:
            return np.divide(pcm, 32768, dtype=np.float32)
        if self._live is None:
            raise VoiceUnavailable(f"The coach's own voice has no clip of '{text}'.")
        return self._live.render(text, rate)

    def close(self) -> None:
        """End the live voice, also while it renders."""
        if self._live:
            self._live.close()
