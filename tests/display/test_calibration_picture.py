"""The picture of a room."""

from xml.etree import ElementTree as ET

import numpy as np
import pytest

from voice_coach.audio.calibration import Measured
from voice_coach.display.calibration_picture import draw

FOUND = Measured(noise=-60.0, echo=-33.0, delay=0.08, voice=-25.0, peak=0.1)
NOTHING = Measured(noise=-90.0, echo=None, delay=None, voice=None, peak=0.0)


def texts(picture):
    return [each.text for each in ET.fromstring(picture).iter() if each.text]  # noqa: S314 - ours


def test_levels_and_delay_are_marked_and_told():
    path = np.zeros(16_000)
    path[1280] = 1
    told = texts(draw(np.full(525, -60.0), path, FOUND))
    for words in ("room -60 dB", "echo -33 dB", "voice -25 dB", "80 ms", "10 s", "0.2 s"):
        assert words in told


def test_names_of_levels_that_are_the_same_stand_below_one_another():
    found = Measured(noise=-60.0, echo=-25.0, delay=0.08, voice=-25.0, peak=0.1)
    root = ET.fromstring(draw(np.full(525, -60.0), np.zeros(16_000), found))  # noqa: S314 - ours
    places = {
        each.text: float(each.get("y")) for each in root.iter() if each.get("y") and each.text
    }
    assert abs(places["echo -25 dB"] - places["voice -25 dB"]) >= 13


@pytest.mark.parametrize("size", [0, 1, 525])
def test_where_nothing_was_heard_the_picture_is_well_formed(size):
    picture = draw(np.full(size, -90.0), np.zeros(size), NOTHING)
    assert "echo" not in " ".join(texts(picture)).replace("Noise, echo and voice", "").replace(
        "The path of the echo", ""
    )
    assert "nan" not in picture


def test_every_curve_stays_within_its_plot():
    picture = draw(np.array([-200.0, 20.0]), np.ones(16_000), FOUND)
    root = ET.fromstring(picture)  # noqa: S314 - ours
    for curve in root.iter("{http://www.w3.org/2000/svg}polyline"):
        for point in curve.get("points").split():
            x, y = (float(number) for number in point.split(","))
            assert 0 <= x <= float(root.get("width"))
            assert 0 <= y <= float(root.get("height"))
