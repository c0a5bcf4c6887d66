"""The history as TCX, the XML format in which fitness programs exchange workouts.

Each session that came to its first step is one activity of the sport "Other", with one lap and no
distance. The order of the elements is that of Garmin's schema, TrainingCenterDatabase v2. What hurt
and how it felt are left out: the file is made to be given away.
"""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from voice_coach.core.past import PastSession

NAMESPACE = "http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"


def as_tcx(sessions: Iterable[PastSession], titles: Mapping[str, str]) -> str:
    """Return the sessions as a TCX document; `titles` maps known routines to titles."""
    root = ET.Element("TrainingCenterDatabase", xmlns=NAMESPACE)
    activities = ET.SubElement(root, "Activities")
    for session in sessions:
        if session.reached:
            _add(activities, session, titles.get(session.routine, session.routine))
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _add(activities: ET.Element, session: PastSession, title: str) -> None:
    began, ended = _time(session.began), _time(session.ended)
    activity = ET.SubElement(activities, "Activity", Sport="Other")
    ET.SubElement(activity, "Id").text = began
    lap = ET.SubElement(activity, "Lap", StartTime=began)
    for name, text in (
        ("TotalTimeSeconds", f"{max(0.0, session.ended - session.began):.0f}"),
        ("DistanceMeters", "0"),
        ("Calories", "0"),
        ("Intensity", "Active"),
        ("TriggerMethod", "Manual"),
    ):
        ET.SubElement(lap, name).text = text
    # Some programs take no activity without points in time.
    track = ET.SubElement(lap, "Track")
    for moment in (began, ended):
        ET.SubElement(ET.SubElement(track, "Trackpoint"), "Time").text = moment
    ET.SubElement(activity, "Notes").text = title


def _time(utc: float) -> str:
    return datetime.fromtimestamp(utc, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
