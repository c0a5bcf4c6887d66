"""What the hearing chain does with these fillers: commands obeyed, and talk taken for one.

Each utterance is heard by itself, in a quiet room with a silent coach, by the coach's own listener.
A command is said at the moment at which it means something; everything else, the sentences of the
benchmark and the commonest words, in the middle of a step.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from benchmark.conversation import SENTENCES

from voice_coach.core.commands import URGENT
from voice_coach.core.events import Heard
from voice_coach.core.ports import BLOCK
from voice_coach.core.transitions import State, accepted
from voice_coach.hearing.listener import Listener, open_listener

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from training.confusions import Speakers
    from voice_coach.core.commands import Command
    from voice_coach.core.language import Language
    from voice_coach.hearing.recognisers import Recognisers

    Samples = NDArray[np.float32]

MOMENTS = (State.TELLING, *State)
"""Where a command is said: in the first of these that accepts it."""
TIMES_PHRASE, TIMES_SENTENCE = 2, 2
"""How often each phrase and each sentence is said."""


@dataclass
class Evaluation:
    """Counts of what was said and what came of it."""

    urgent: int = 0
    """Phrases of pain and stop."""
    confirmed: int = 0
    """Of these, how many were confirmed at once."""
    noticed: int = 0
    """Of these, how many were at least possible."""
    orders: int = 0
    """Other phrases."""
    obeyed: int = 0
    misread: int = 0
    """Phrases of any kind that were taken for another command."""
    talk: int = 0
    """Sentences."""
    false_urgent: int = 0
    """Sentences taken for pain or stop, confirmed or possible."""
    false_orders: int = 0

    def __str__(self) -> str:
        """Give the shares in one line."""
        return (
            f"pain and stop: {self.confirmed / self.urgent:.1%} confirmed, "
            f"{self.noticed / self.urgent:.1%} at least possible, of {self.urgent}; "
            f"orders: {self.obeyed / self.orders:.1%} of {self.orders}; "
            f"taken for another: {self.misread}; of {self.talk} sentences taken for "
            f"pain or stop: {self.false_urgent}, for an order: {self.false_orders}"
        )


def evaluate(language: Language, ears: Recognisers, speakers: Speakers) -> Evaluation:
    """Let the listener hear everything that may be said, and count."""
    count = Evaluation()
    for phrase, meaning in sorted(language.phrases().items()):
        moment = next(accepted(m) for m in MOMENTS if meaning.command in accepted(m))
        for samples in speakers.say(phrase, TIMES_PHRASE, before=1.0, after=1.5):
            heard = _heard(samples, open_listener(language, ears), moment)
            right = [each for each in heard if each.command is meaning.command]
            confirmed = any(each.tier == "confirmed" for each in right)
            if meaning.command in URGENT:
                count.urgent += 1
                count.noticed += bool(right)
                count.confirmed += confirmed
            else:
                count.orders += 1
                count.obeyed += confirmed
            count.misread += len(heard) > len(right)
    for sentence in SENTENCES:
        for samples in speakers.say(sentence, TIMES_SENTENCE, before=1.0, after=1.5):
            heard = _heard(samples, open_listener(language, ears), accepted(State.TELLING))
            count.talk += 1
            count.false_urgent += any(each.command in URGENT for each in heard)
            count.false_orders += any(each.command not in URGENT for each in heard)
    return count


def _heard(samples: Samples, listener: Listener, moment: frozenset[Command]) -> list[Heard]:
    """Give the commands that the listener reports, in the middle of a silent coach."""
    listener.listen(moment)
    silence = np.zeros(BLOCK, np.float32)
    blocks = samples[: len(samples) // BLOCK * BLOCK].reshape(-1, BLOCK)
    events = [event for block in blocks for event in listener.hear(block, silence)]
    return [event for event in events if isinstance(event, Heard)]
