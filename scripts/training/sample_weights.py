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

    from training.recordings import PlayedScene

RATE = 50
"""Blocks a second."""
EVENT = 100.0
"""The weight of all blocks of an event together, against one block of a silent room."""
NO_VOICE = 2.0
"""The factor for events without a voice, in the loss for voices."""
ALONE, LIVED_IN = 8.0, 2.5
"""The weight of a block of the coach alone, and of a room with background sound."""
NO_CRY = 0.5
"""The factor for words and other sounds, in the loss for cries: there are many more of them."""


def sample_weights(recording: PlayedScene) -> NDArray[np.float32]:
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
