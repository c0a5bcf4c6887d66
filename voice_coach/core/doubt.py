"""The question that stands between a suspicion and an ending, and how long it waits.

It fails safe: who was hurt may be past answering, so no answer in time is a yes. A sound of the
person's may be the beginning of an answer and is given time, but not without end. The words that
raised the suspicion may be reported more than once, and are no answer to the question.
"""

from __future__ import annotations

ANSWER = 3.0
"""Seconds of silence after the question that count as pain, four from its beginning: people answer
within one, and any sound of theirs begins this anew."""
LONGEST = 8.0
"""Seconds after the question at which it is over, whatever is noticed."""
SAME_WORDS = 0.5
"""Seconds in which a suspicion is still the one that led to the question."""


class Doubt:
    """One question, from the suspicion that raised it. Times are audio times in seconds."""

    def __init__(self, since: float, backstop: float) -> None:
        self.over_at = backstop
        """When no answer becomes one; before the question is spoken, when it is overdue."""
        self._since = since
        self._asked: float | None = None

    def asked(self, now: float) -> None:
        """Wait for the answer from now on."""
        self._asked = now
        self.over_at = now + ANSWER

    def noticed(self, now: float) -> None:
        """Give a sound of the person's the time to become an answer."""
        if self._asked is not None:
            self.over_at = max(self.over_at, min(now + ANSWER, self._asked + LONGEST))

    def raised_by(self, now: float) -> bool:
        """Whether words suspected now may be those that raised the question."""
        return now < self._since + SAME_WORDS
