"""Earcons: three short sounds that say what a sentence would be too long for.

An earcon is said like a sentence. It has an id, a place in a passage and an end; a hush, a cut and
the echo canceller take it for the coach's voice, which it is. In a script it is written in notes,
which are the same in every language. How it sounds is made in ``voice_coach.speech.chimes``.
"""

from __future__ import annotations

HEARD = "♪"
"""What you said was understood."""
HOLD_OVER = "♫"
"""A hold is over."""
ENDED = "♫♪"
"""The session is over; nobody listens any more."""

SECONDS = {HEARD: 0.14, HOLD_OVER: 0.4, ENDED: 1.4}
"""How long each takes to play. What answers a person is shorter than a syllable, or a chat with the
coach would ring like a shop door."""
GAP = 0.12
"""Seconds between an earcon and the sentence it belongs to."""
