"""The trial of many rooms: each room is heard, and all pain comes to the page."""

import pytest
from trials.many_rooms import measure

pytestmark = pytest.mark.real_parts


def test_three_rooms_at_a_real_broker_are_measured():
    load = measure(3, 4)
    assert load.pains == len(load.delays) == 2
    assert load.messages >= 3
    assert 10 < load.board_memory < 500
    assert 0 < load.board < 1
    assert 0 <= load.broker < load.board, "the system counts a process's time in hundredths"
