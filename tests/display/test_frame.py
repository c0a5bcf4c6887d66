"""What the screen shows.

The golden frames are drawn anew, to be looked at and committed, by running this file.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_views import (
    BREATHING_IN,
    BREATHING_OUT,
    CAPTIONS,
    CHOOSING,
    ENDED,
    FAULTED,
    HOLDING,
    HURT,
    HURT_ALONE,
    LANGUAGE,
    PAINTER,
    PAUSED,
    QUESTION,
    TELLING,
    VIEWS,
    WAITING,
)

from voice_coach.core.breathing import Beat, Phase
from voice_coach.core.choosing import AT_A_TIME
from voice_coach.display.captions import Captions
from voice_coach.display.terminal.frame import FramePainter
from voice_coach.display.terminal.layout import BARS

if TYPE_CHECKING:
    from voice_coach.core.view import View

GOLDEN = Path(__file__).parent / "golden"
SMALL = [(name, 80, 24) for name in VIEWS]
LARGE = [(name, 200, 60) for name in ("choosing", "telling", "breathing-out", "hurt")]


def drawn(view: View, width: int = 80, height: int = 24) -> str:
    """Draw a frame as plain text."""
    rows = PAINTER.frame(view, width, height)
    return "\n".join(row.plain.rstrip() for row in rows) + "\n"


def golden_file(name: str, width: int, height: int) -> Path:
    """Say where an approved frame is kept."""
    return GOLDEN / f"{name}-{width}x{height}.txt"


@pytest.mark.parametrize(("name", "width", "height"), [*SMALL, *LARGE])
def test_the_screen_looks_as_it_was_approved(name, width, height):
    """The screen looks as it was approved."""
    assert drawn(VIEWS[name], width, height) == golden_file(name, width, height).read_text("utf-8")


@given(st.sampled_from([*VIEWS.values()]), st.integers(1, 220), st.integers(1, 70))
def test_a_screen_of_any_size_is_filled_and_never_overflows(view, width, height):
    """A screen of any size is filled to its last row and never overflows."""
    rows = PAINTER.frame(view, width, height)
    assert len(rows) == height
    assert all(row.cell_len <= width for row in rows)


def test_nothing_moves_when_a_sentence_ends():
    """When a sentence ends nothing else on the screen moves."""
    for view in (TELLING, BREATHING_OUT, HOLDING):
        speaking = drawn(replace(view, saying="Breathe.")).splitlines()
        silent = drawn(replace(view, saying="")).splitlines()
        changed = [n for n in range(24) if speaking[n] != silent[n]]
        assert len(changed) == 1


def test_the_bar_swells_with_the_breath_in_and_sinks_with_the_breath_out():
    """The bar swells with the breath in and sinks with the breath out."""

    def size(phase: Phase, fraction: float) -> int:
        frame = drawn(replace(BREATHING_IN, beat=Beat(0, phase, fraction)))
        rows = [row[22:60] for row in frame.splitlines()[17:20]]
        return sum(row.count("█") * 2 + row.count("▀") + row.count("▄") for row in rows)

    fractions = [n / 20 for n in range(21)]
    swelling = [size(Phase.IN, fraction) for fraction in fractions]
    assert swelling == sorted(swelling)
    assert swelling[0] < swelling[10] < swelling[20]
    assert swelling == [size(Phase.OUT, 1 - fraction) for fraction in fractions]


def test_the_person_addressed_is_named_only_where_there_are_two():
    """Whom the coach speaks to is said where there are two, and the side where there is one."""
    assert CAPTIONS.addressee(TELLING) == "you"
    assert CAPTIONS.addressee(BREATHING_IN) == "your partner"
    assert CAPTIONS.addressee(HOLDING) == "right side"


def test_a_pause_says_which_step_it_interrupts():
    """A pause says which step it interrupts."""
    assert "Partner: press with the breath out" in drawn(PAUSED)


def test_the_question_asks_in_the_largest_letters_and_shows_the_answers():
    """Somebody who did not hear the question can read it, and the answers."""
    assert CAPTIONS.headline(QUESTION) == "Did that hurt?"
    assert "yes · no" in drawn(QUESTION)


def test_a_coach_that_gives_way_shows_that_it_listens():
    """Silence is no fault: while the coach holds back it says why, where it shows what it heard."""
    for view in (TELLING, WAITING, BREATHING_OUT):
        assert "listening ..." not in drawn(view)
        assert "listening ..." in drawn(replace(view, listening=True))


@pytest.mark.parametrize(
    ("seconds", "shown"), [(60.1, "1:01 left"), (59.9, "1:00 left"), (0.2, "1 s left")]
)
def test_time_is_rounded_up_so_that_it_is_never_over_early(seconds, shown):
    """The time left is rounded up, so that it never reads zero early."""
    assert shown in drawn(replace(BREATHING_IN, seconds_left=seconds))


@pytest.mark.parametrize(
    ("level", "bars"), [(-100.0, ""), (-59.0, "▁"), (-40.0, "▁▂▃▄"), (-12.0, BARS), (0.0, BARS)]
)
def test_the_meter_shows_how_loud_the_person_is(level, bars):
    """Somebody who wonders whether they are heard can see it: the louder, the more bars."""
    header = drawn(replace(TELLING, level=level)).splitlines()[0]
    assert header.endswith(f"step 1 of 5   mic {bars}".rstrip())


def test_where_nobody_knows_how_loud_the_person_is_there_is_no_meter():
    """A meter that stood still would look like a microphone that hears nothing."""
    assert drawn(replace(TELLING, level=None)).splitlines()[0].endswith("step 1 of 5")


@pytest.mark.parametrize("view", [CHOOSING, TELLING, PAUSED])
def test_a_session_whose_sound_is_kept_says_so_throughout(view):
    assert "● recording" not in drawn(view)
    assert "● recording" in drawn(replace(view, audio_kept=True))


def test_after_pain_nothing_is_shown_but_what_to_do():
    """After pain nothing is shown but what to do: no step, no command, no key."""
    for view in (HURT, HURT_ALONE):
        frame = drawn(view)
        assert all(sentence in frame for sentence in CAPTIONS.note(view))
        assert not any(word in frame for word in ("step", "say ", "keys", "heard", "left"))


def test_a_partner_is_told_first_to_take_the_hands_off():
    """After pain with a partner the largest words are: hands off."""
    assert CAPTIONS.headline(HURT) == "Hands off"
    assert CAPTIONS.headline(HURT_ALONE) == "Let go"
    assert CAPTIONS.headline(FAULTED) == "Hands off"


def test_a_fault_before_the_first_step_alarms_no_partner():
    """A fault before the first step, when no hands can be on the back, does not speak of them."""
    view = replace(FAULTED, step=0)
    assert CAPTIONS.headline(view) == "Stopped"
    assert CAPTIONS.note(view) == [view.fault]


def test_a_fault_after_pain_takes_nothing_from_the_safety_note():
    """What fails after pain is shown below the whole safety note."""
    view = replace(HURT, fault="The loudspeaker is gone.")
    assert CAPTIONS.note(view) == [*CAPTIONS.note(HURT), "The loudspeaker is gone."]


def test_the_sentence_being_said_after_pain_stands_out():
    """The sentence being said after pain stands out among the others."""
    rows = PAINTER.frame(HURT, 80, 24)
    marked = [row.plain.strip() for row in rows if "underline" in str(row.style)]
    assert marked == [HURT.saying]


def test_what_matters_is_left_to_read_when_the_screen_is_gone():
    """What matters is left to read when the session's screen is gone."""
    assert CAPTIONS.last_words(HURT) == ["Hands off. The routine is over.", *CAPTIONS.note(HURT)]
    assert CAPTIONS.last_words(ENDED) == ["All done"]
    assert CAPTIONS.last_words(TELLING) == []


def test_the_help_line_shows_the_keys_that_do_something_now():
    """The help line shows the keys that do something now, each command once."""
    footer = " ".join(" ".join(drawn(CHOOSING).splitlines()[-2:]).split())
    assert footer.endswith(
        "keys 1-2 choose · y yes · n no · r repeat · a ask me again · w what else · q stop"
        " · h it hurts"
    )
    footer = drawn(PAUSED).splitlines()[-1]
    assert footer == "  keys  space continue · r repeat · b go back · q stop · h it hurts"
    footer = drawn(QUESTION).splitlines()[-1]
    assert footer == "  keys  y yes · n no · q stop · h it hurts"


@pytest.mark.parametrize("many", [11, 12, 30])
@pytest.mark.parametrize("offered", [0, 8, 27])
def test_every_routine_that_is_read_out_is_on_the_screen(many, offered):
    """However many there are, a screen of 80 by 24 shows those that are spoken of, numbered."""
    routines = tuple(
        LANGUAGE.routines[0].model_copy(update={"id": f"routine-{n}", "title": f"Cat bow {n}"})
        for n in range(1, many + 1)
    )
    longer = LANGUAGE.model_copy(update={"routines": routines})
    painter = FramePainter(Captions(longer, CAPTIONS.words))
    rows = painter.frame(replace(CHOOSING, offered=offered), 80, 24)
    frame = "\n".join(row.plain for row in rows)
    shown = [n for n in range(1, many + 1) if re.search(rf"\b{n} Cat bow {n}\b", frame)]
    assert set(range(offered + 1, min(offered + AT_A_TIME, many) + 1)) <= set(shown)
    assert (f"and {many - len(shown)} others; say: what else" in frame) == (len(shown) < many)
    assert f"1-{many} choose" in frame


@pytest.mark.parametrize("width", [40, 60, 80, 200])
def test_what_ends_it_all_comes_first_and_no_list_is_broken_off(width):
    """However narrow the screen, "it hurts" and "stop" stand first, and the keys are there."""
    view = replace(TELLING, can_say=(*TELLING.can_say, "safety", "longer breaths"))
    footer = drawn(view, width, 24).splitlines()[-4:]
    say = next(row for row in footer if row.startswith("  say"))
    assert say.startswith("  say  it hurts · stop · next")
    assert any(row.startswith("  keys") for row in footer)
    last = footer[footer.index(next(row for row in footer if row.startswith("  keys"))) - 1]
    assert not last.endswith("·")


@pytest.mark.parametrize(("step", "heavy"), [(0, 0), (1, 1), (3, 3), (5, 5)])
def test_the_rule_has_a_piece_for_each_step_and_those_done_are_heavy(step, heavy):
    """One sees how many steps there are, and how many of them are behind, without a number."""
    pieces = drawn(replace(TELLING, step=step)).splitlines()[1].split()
    assert [set(piece) for piece in pieces] == [{"━"}] * heavy + [{"─"}] * (5 - heavy)
    assert max(map(len, pieces)) - min(map(len, pieces)) <= 1


def test_silence_shows_the_answer_the_coach_waits_for():
    """Where the coach waits for a word, the screen shows that word in large letters."""
    assert "█▀▀ ▄▀▄ █ █ ▄    █▄ █ █▀▀ █ █ ▀█▀" in drawn(WAITING)


if __name__ == "__main__":
    for sample in [*SMALL, *LARGE]:
        golden_file(*sample).write_text(drawn(VIEWS[sample[0]], *sample[1:]), "utf-8")
