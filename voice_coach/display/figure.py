"""A stand-in for the figures."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from voice_coach.core.routine import Pose


def draw(pose: Pose, *, mirrored: bool, title: str) -> str:
    """Draw."""
    turn = -(pose.torso - 90) * (-1 if mirrored else 1)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 200" role="img">'
        f"<title>{escape(title)}</title>"
        f'<g fill="none" stroke="currentColor" stroke-width="8" stroke-linecap="round" transform="rotate({turn} 100 110)">'
        '<circle cx="100" cy="40" r="16"/><path d="M100 60V120L80 180M100 120L120 180M70 100L100 70L130 100"/></g></svg>'
    )
