"""Plans as a board assigns them, and messages that no board sends."""

import json
from datetime import datetime, timedelta, timezone

from rooms.told import number

from voice_coach.catalogue import read_language
from voice_coach.rooms.messages import checksum

PLAN = """
id = "anna"
area = "your neck and upper back"
names = ["plan of anna"]
warm_up = [{ routine = "shoulder-circles" }]
main = [{ routine = "gentle-bends", steps = [3, 8] }]
cool_down = [{ routine = "bent-knees-rest" }]
"""
LANGUAGE = read_language()


def assignment(plan=PLAN, n=1, *, days=0.0, **other):
    """Give the message with a plan that was assigned so many days ago."""
    made = datetime.now(timezone.utc) - timedelta(days=days)
    told = {
        "id": number(n),
        "plan": plan,
        "sha256": checksum(plan),
        "minutes": 10,
        "made": made.isoformat(),
        **other,
    }
    return json.dumps(told).encode()
