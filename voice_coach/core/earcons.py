"""Earcons: short sounds, each in place of a sentence that would be too long.

An earcon is said like a sentence: it has an id, a place in a passage and an end, and a hush, a cut
and the echo canceller treat it as the coach's voice. In a script it is written as notes, which are
the same in every language. How it sounds is made in ``voice_coach.speech.chimes``.
"""

from __future__ import annotations

OPENING = "♬"
"""The session begins. It sounds like a soft breath out, and holds all pitches at once: from it the
echo canceller learns the way from loudspeaker to microphone before the coach's first word, over
which somebody may already cry out."""
HEARD = "♪"
"""What you said was understood."""
NOT_UNDERSTOOD = "♩"
"""You said something that was not understood."""
HOLD_OVER = "♫"
"""A hold is over."""
ENDED = "♫♪"
"""The session is over; the coach no longer listens."""

SECONDS = {OPENING: 0.8, HEARD: 0.14, NOT_UNDERSTOOD: 0.2, HOLD_OVER: 0.4, ENDED: 1.4}
"""How long each takes to play. The answer to a command is shorter than a syllable, so that it does
not disturb."""
GAP = 0.12
"""Seconds between an earcon and the sentence it belongs to."""
