"""Ways to make up a past."""

from __future__ import annotations

from voice_coach.core.past import Past, PastSession
from voice_coach.core.view import Outcome

HOUR = 3600
DAY = 24 * HOUR


def session(ended, *, twist=True, reached=3, outcome=Outcome.COMPLETED, offset=0):
    """Make up a session that ended at this time, in seconds of UTC."""
    return PastSession(
        number=0,
        began=ended - 600,
        ended=ended,
        offset=offset,
        routine="chair-lean" if twist else "rocking",
        twist=twist,
        steps=7,
        reached=reached,
        step=reached,
        title="Lean",
        outcome=outcome,
        felt=None,
    )


def past(*sessions, lost_at=None):
    """Make up a past of these, in the order in which they were recorded."""
    return Past(sessions, lost_at)
