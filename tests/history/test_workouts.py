"""The history in the format that fitness programs import."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from past_sessions import EVENING, one

from voice_coach.core.view import Feeling, Outcome
from voice_coach.history.workouts import NAMESPACE, as_tcx

LAP = ["TotalTimeSeconds", "DistanceMeters", "Calories", "Intensity", "TriggerMethod", "Track"]
"""The order that the schema of TCX asks for."""


def parsed(sessions):
    text = as_tcx(sessions, {"gentle-bends": "Gentle <bends>"})
    assert text.startswith('<?xml version="1.0" encoding="UTF-8"?>')
    return text, ET.fromstring(text)  # noqa: S314 - we have just written it


def test_each_session_is_a_workout_of_its_time_and_length():
    """Times are those of UTC, as the format wants them."""
    _, root = parsed([one(ended=EVENING + 420), one(number=2, began=EVENING + 900, routine="own")])
    assert root.tag == f"{{{NAMESPACE}}}TrainingCenterDatabase"
    first, second = root.iter(f"{{{NAMESPACE}}}Activity")
    assert [child.tag.partition("}")[2] for child in first] == ["Id", "Lap", "Notes"]
    lap = first[1]
    assert [child.tag.partition("}")[2] for child in lap] == LAP
    assert first[0].text == lap.get("StartTime") == "2027-01-15T08:00:00Z"
    assert lap[0].text == "420"
    assert [point[0].text for point in lap[5]] == ["2027-01-15T08:00:00Z", "2027-01-15T08:07:00Z"]
    assert first[2].text == "Gentle <bends>"
    assert second[2].text == "own"


def test_what_hurt_and_how_it_felt_is_not_given_away():
    """And a session without a step is no workout."""
    text, root = parsed(
        [one(outcome=Outcome.PAIN, felt=Feeling.WORSE), one(number=2, reached=0, step=0)]
    )
    assert len(list(root.iter(f"{{{NAMESPACE}}}Activity"))) == 1
    assert "pain" not in text.lower()
    assert "worse" not in text.lower()


def test_an_empty_history_is_an_empty_document():
    """A program that imports it finds nothing, and no mistake."""
    _, root = parsed([])
    assert list(root[0]) == []
