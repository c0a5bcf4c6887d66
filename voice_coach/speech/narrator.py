"""Renders clips ahead, in order, in the background, so that each is ready in time.

A clip that is needed now is rendered first. Whatever has been rendered stays in memory: a session
says about a hundred sentences, and the few that keep it safe are held before its first word. A
voice that fails is a fault, posted like any other event: a coach that cannot speak must not go on.
"""

from __future__ import annotations

import logging
import threading
from itertools import count
from queue import PriorityQueue
from typing import TYPE_CHECKING, Protocol

from voice_coach.core.events import ClipReady, Fault
from voice_coach.speech.chimes import chime
from voice_coach.speech.clips import SpeechClip, VoiceUnavailable, clip_key, finished
from voice_coach.speech.shipped_voice import ShippedVoice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import numpy as np
    from numpy.typing import NDArray

    from voice_coach.core.events import Event
    from voice_coach.speech.clips import ClipStore

LOG = logging.getLogger(__name__)

CLOSE, NOW, LATER = range(3)
"""How urgent a wish is; the smaller goes first."""
FAREWELL = 2.0
"""Seconds to wait, at the end, for a voice that does not return; its thread ends with the
program."""


class Synthesiser(Protocol):
    """A speech engine."""

    @property
    def name(self) -> str:
        """All that decides how it sounds, apart from words and rate."""

    def render(self, text: str, rate: int) -> NDArray[np.float32]:
        """Speak `text` at `rate` words a minute; raise VoiceUnavailable if it cannot."""

    def close(self) -> None:
        """End it, also while it renders."""


class PromptNarrator:
    """Renders when asked and makes the asker wait: for the studio, where time can stand still."""

    def __init__(self, voice: Synthesiser, store: ClipStore) -> None:
        self._voice = voice
        self._store = store
        self._clips: dict[tuple[str, int], SpeechClip] = {}

    def prepare(self, texts: Iterable[str], rate: int) -> None:
        """Do nothing: in the studio time waits for a clip."""

    def known(self, text: str, rate: int) -> SpeechClip | None:
        """Give the clip if it is in memory, as all earcons are."""
        return chime(text) or self._clips.get((text, rate))

    def clip(self, text: str, rate: int) -> SpeechClip:
        """Give the clip from memory, as it is shipped, from the store, or fresh.

        VoiceUnavailable if it can be had from none of them.
        """
        if (clip := self.known(text, rate)) is None:
            pcm = self._shipped(text, rate)
            if pcm is None:
                pcm = self._rendered(text, rate)
            clip = self._clips[text, rate] = SpeechClip.from_pcm(text, pcm)
        return clip

    def _shipped(self, text: str, rate: int) -> NDArray[np.int16] | None:
        return self._voice.clip(text, rate) if isinstance(self._voice, ShippedVoice) else None

    def _rendered(self, text: str, rate: int) -> NDArray[np.int16]:
        """Give the clip from the store or fresh; the samples are the same."""
        key = clip_key(self._voice.name, text, rate)
        pcm = self._store.load(key)
        if pcm is None:
            pcm = finished(self._voice.render(text, rate))
            if not len(pcm):
                raise VoiceUnavailable(
                    f"The voice made no sound for '{text}': choose another voice."
                )
            self._store.save(key, pcm)
        return pcm

    def hold(self, texts: Iterable[str], rate: int) -> None:
        """Have these in memory, for ever, on return; VoiceUnavailable if one cannot be had."""
        for text in texts:
            self.clip(text, rate)

    def close(self) -> None:
        """End the voice."""
        self._voice.close()


class Narrator:
    """Renders in the background and never makes the asker wait, except for what is to be held."""

    def __init__(self, voice: Synthesiser, store: ClipStore, post: Callable[[Event], None]) -> None:
        self._prompt = PromptNarrator(voice, store)
        self._post = post
        self._serial = count()
        self._wishes: PriorityQueue[tuple[int, int, str, int]] = PriorityQueue()
        self._given_up = 0
        """Wishes with a smaller serial number were given up when the voice failed."""
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="narrator", daemon=True)
        self._thread.start()

    def prepare(self, texts: Iterable[str], rate: int) -> None:
        """Render these in the background, in order, after all that was asked for before."""
        for text in texts:
            self._wish(LATER, text, rate)

    def clip(self, text: str, rate: int) -> SpeechClip | None:
        """Give the clip if it is in memory; otherwise render it next and post ``ClipReady``.

        If it cannot be rendered, a ``Fault`` is posted instead.
        """
        clip = self._prompt.known(text, rate)
        if clip is None:
            self._wish(NOW, text, rate)
        return clip

    def hold(self, texts: Iterable[str], rate: int) -> None:
        """Have these in memory, for ever, on return; VoiceUnavailable if one cannot be had."""
        self._prompt.hold(texts, rate)

    def close(self) -> None:
        """End the thread and the voice, also while it renders or hangs."""
        self._closed = True
        self._wish(CLOSE, "", 0)
        self._prompt.close()
        self._thread.join(FAREWELL)

    def _wish(self, urgency: int, text: str, rate: int) -> None:
        self._wishes.put((urgency, next(self._serial), text, rate))

    def _work(self) -> None:
        while True:
            urgency, serial, text, rate = self._wishes.get()
            if urgency == CLOSE:
                return
            if serial < self._given_up:
                continue
            try:
                self._prompt.clip(text, rate)
            except VoiceUnavailable as unavailable:
                self._fail(str(unavailable))
            except Exception as error:  # a thread that died unseen would leave the coach mute
                LOG.exception("rendering '%s' failed", text)
                self._fail(f"The voice failed while preparing '{text}': {error!r}.")
            else:
                if urgency == NOW:
                    self._post(ClipReady(text, rate))

    def _fail(self, reason: str) -> None:
        # One fault says it; what was asked for before would only fail again, slowly.
        self._given_up = next(self._serial)
        if not self._closed:
            self._post(Fault("voice", reason))
