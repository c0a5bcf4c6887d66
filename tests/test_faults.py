"""What breaks under the real process, on a virtual sound card: it ends safe, and says so.

`scripts/fault_trial` breaks fifty sessions at random moments; here a handful must do.
"""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

import pytest
from fuzzing import nightly
from trials import fault_injection, faults
from trials.coach import START, begin
from trials.virtual_sound_card import VirtualSoundCard

pytestmark = pytest.mark.sound_card


@pytest.mark.parametrize(
    "kind",
    [
        *("freeze", "remove_microphone", "listener", "runner", "close_window"),
        *nightly("mute_microphone", "repeat", "hum", "freeze_window"),
    ],
)
def test_whatever_breaks_is_announced_and_the_program_ends_by_itself(language, tmp_path, kind):
    """Within two seconds on the screen, then with the exit code of a fault, and remembered."""
    # The system puts silence in a microphone's place, which means nothing in its first ten seconds.
    moment = 15.0 if "microphone" in kind or kind == "freeze_window" else 4.0
    broken = faults.Break(kind, "assisted-press", 2, moment)
    outcome = faults.outcome(language, broken, tmp_path)
    assert outcome.safe, f"{outcome}\n{outcome.shown}"


@pytest.fixture
def card():
    with VirtualSoundCard() as card:
        yield card


def kill_children(pid):
    """Kill the children of a process that there are; they, and its threads, may end meanwhile."""
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(FileNotFoundError, ProcessLookupError):
            for child in (task / "children").read_text().split():
                os.kill(int(child), signal.SIGKILL)


def led(coach):
    """Wait until a session speaks."""
    assert coach.wait_for(lambda _: True, time.monotonic() + START), coach.shown


def loud(recording, since):
    """Tell the seconds, from then on, at which the loudspeaker sounded."""
    times, samples = recording.times, recording.samples
    return times[(abs(samples) > 0.01) & (times > since)] - since


def test_a_loop_that_hangs_leaves_a_loudspeaker_that_is_silent_but_for_its_last_words(
    language, card, tmp_path
):
    with begin(card, "rocking", tmp_path, fault_injection) as coach:
        led(coach)
        with card.record_loudspeaker() as recording:
            time.sleep(0.5)
            os.kill(coach.pid, signal.SIGUSR2)
            hung = time.monotonic()
            assert coach.ended(6) == 4
        assert len(loud(recording, hung + 2.3)) == 0 or loud(recording, hung).max() < 5
    assert "The coach broke down" in coach.shown


def test_a_synthesiser_that_is_killed_again_and_again_costs_no_session(card, tmp_path):
    """Another one is asked the same."""
    with begin(card, "gentle-bends", tmp_path) as coach:
        led(coach)
        for _ in range(3):
            kill_children(coach.pid)
            coach.go_on()
            line = coach.wait_for(lambda _: True, time.monotonic() + 20)
            assert line, coach.shown
        assert "speech engine" not in coach.shown
