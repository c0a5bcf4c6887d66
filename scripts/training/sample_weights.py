"""What each block counts for when the network is fitted.

Every event counts the same, however long it is, for each is one decision: a thump of a tenth of a
second, and a breath of three. What is no voice counts for more in telling voices than a voice
does, and so does the coach alone, or a lived-in room, for a coach who hushes itself is the worse
companion.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from training.scene import CRY, VOICED
from voice_coach.hearing.endpointer import ENDPOINT_SILENCE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from training.recordings import Recording

RATE = 50
"""Blocks a second."""
EVENT = 100.0
"""What the blocks of an event count for together, against one of a silent room."""
NO_VOICE = 2.0
"""How much more those of an event without a voice do in telling voices."""
ALONE, LIVED_IN = 8.0, 2.5
"""What a block of the coach alone, and of a lived-in room, counts for."""
NO_CRY = 0.5
"""How much less words and other sounds do in telling cries, for they are many more."""


def sample_weights(recording: Recording) -> NDArray[np.float32]:
    """Give it of each block, for sound, voice and cry (blocks, 3); 0 where nothing is certain."""
    sound = recording.truth[:, 0]
    counts = np.ones((len(sound), 3), np.float32)
    if recording.scene.surroundings or recording.scene.background:
        counts[~sound] = LIVED_IN
    counts[recording.coach & ~sound] = ALONE
    for span in recording.spans:
        first, last = round(span.start * RATE), round((span.end + ENDPOINT_SILENCE) * RATE)
        during = np.flatnonzero(sound[max(first, 0) : last]) + max(first, 0)
        counts[during] = EVENT / max(len(during), 1)
        if span.kind not in VOICED:
            counts[during, 1] *= NO_VOICE
        if span.kind != CRY:
            counts[during, 2] *= NO_CRY
    return counts * recording.certain
