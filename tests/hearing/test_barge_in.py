"""What the person does ducks the coach, silences it, or lets it go on."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hearing.listening_room import (
    BLOCK,
    BREATHING,
    DOUBTFUL,
    QUIET,
    QUIET_COACH,
    VOICE,
    Room,
    pain,
)

from voice_coach.hearing.second_pass import SecondPassResult

LOST_ECHO = replace(VOICE, reconverging=True, trusted=False)
"""The coach's own voice, just after its echo has jumped."""


def test_a_sound_ducks_the_coach_with_the_very_block_that_shows_it():
    room = Room()
    room.last(BLOCK, BREATHING)
    assert room.kinds() == ["duck"]


def test_a_voice_hushes_the_coach_and_nothing_more_lets_it_go_on_two_seconds_later():
    room = Room()
    room.last(0.4, VOICE)
    silent = room.now
    room.last(5, QUIET)
    assert room.kinds() == ["hush", "unclear"]
    assert room.time_of("unclear") == pytest.approx(silent + 2.0, abs=2 * BLOCK)


def test_a_long_breath_ducks_the_coach_once_and_shortly():
    """It comes back to full loudness within the breath: its next cue must be heard."""
    room = Room()
    room.last(3.0, BREATHING)
    room.last(1.0, QUIET)
    assert room.kinds() == ["duck", "resume"]
    assert room.time_of("resume") - room.time_of("duck") == pytest.approx(0.35, abs=2 * BLOCK)


def test_breath_after_breath_never_silences_the_coach():
    room = Room()
    for _ in range(10):
        room.last(1.5, BREATHING)
        room.last(1.5, QUIET)
    assert "hush" not in room.kinds()
    assert not room.commands()


def test_a_voice_in_a_breath_still_hushes_the_coach():
    room = Room()
    room.last(1.0, BREATHING)
    room.last(BLOCK, VOICE)
    assert room.kinds() == ["duck", "resume", "hush"]


SOFT_VOICE = replace(VOICE, level=-45.0)
"""A breath that sounds like speech: far softer than the words of VOICE."""


def in_a_press(*results):
    """Give a room in which the person is known, and what is heard may be a breath."""
    room = Room()
    room.said_ready()
    room.results = list(results) or room.results
    room.breathing = True
    return room


def test_where_breaths_are_listened_for_one_that_sounds_like_speech_silences_nothing():
    room = in_a_press()
    for _ in range(3):
        room.last(1.5, SOFT_VOICE)
        room.last(1.5, QUIET)
    room.breathing = False
    room.last(0.2, BREATHING)
    room.last(1.5, QUIET)
    assert {*room.kinds()} == {"duck", "resume"}  # no "unclear" either
    room.last(BLOCK, VOICE)
    assert room.kinds()[-1] == "hush"


def test_a_voice_as_loud_as_the_persons_silences_the_coach_though_a_breath_goes_on_under_it():
    room = in_a_press()
    room.last(1.0, SOFT_VOICE)
    assert "hush" not in room.kinds()
    room.last(BLOCK, VOICE)
    assert room.kinds()[-1] == "hush"


def test_a_soft_sound_where_breaths_are_listened_for_has_a_moment_to_show_that_it_is_one():
    """Real breaths are known as such a third of a second after they began; a loud voice at once."""
    room = in_a_press()
    room.breathing, room.awaits_breath = False, True
    room.last(0.3, SOFT_VOICE)
    assert "hush" not in room.kinds()
    room.last(0.2, SOFT_VOICE)
    assert room.kinds()[-1] == "hush"
    loud = in_a_press()
    loud.breathing, loud.awaits_breath = False, True
    loud.last(BLOCK, VOICE)
    assert loud.kinds() == ["hush"]


def test_while_nobody_knows_how_loud_the_person_is_no_voice_is_taken_for_a_breath():
    room = Room()
    room.breathing = True
    room.last(BLOCK, SOFT_VOICE)
    assert room.kinds() == ["hush"]


def test_who_has_silenced_the_coach_and_sobs_on_keeps_it_silent():
    room = in_a_press()
    room.last(0.4, VOICE)
    room.last(4.0, SOFT_VOICE)
    assert room.kinds() == ["hush"]
    room.last(0.5, QUIET)
    room.last(0.2, SOFT_VOICE)
    assert room.kinds() == ["hush", "hush"]  # a key may have made the coach speak meanwhile


def test_pain_said_into_such_a_breath_silences_the_coach_at_once():
    room = in_a_press(pain(4.0))
    room.last(1.0, SOFT_VOICE)
    room.phrase(features=SOFT_VOICE)
    assert room.kinds()[-1] == "hush"
    assert room.events[-1][0] == room.now


def test_a_phrase_of_pain_in_a_doubtful_voice_hushes_the_coach_with_the_very_block():
    room = Room()
    room.last(0.1, DOUBTFUL)
    assert room.kinds() == ["duck"]
    room.phrase(features=DOUBTFUL)
    assert room.kinds() == ["duck", "hush"]


def test_a_whispered_phrase_of_pain_hushes_the_coach_once_it_was_decoded_again():
    room = Room(pain(-4.0), pain(-20.0))
    room.last(0.2, BREATHING)
    room.phrase(features=BREATHING)
    said = room.now
    assert "hush" not in room.kinds()
    room.last(0.5, BREATHING)
    assert room.time_of("hush") == pytest.approx(said + 0.1, abs=2 * BLOCK)


def test_a_laugh_that_begins_like_a_cry_silences_nobody():
    room = Room(pain(-6.0, "ouch"))
    room.last(0.2, BREATHING)
    room.phrase("ouch", BREATHING)
    room.last(2.0, BREATHING)
    assert "hush" not in room.kinds()


def test_what_may_be_a_cough_does_not_silence_the_coach():
    room = Room()
    room.last(0.3, DOUBTFUL)
    room.last(1.0, QUIET)
    assert room.kinds() == ["duck", "resume"]


def test_a_phrase_of_pain_without_any_sound_of_the_persons_does_not_silence_the_coach():
    """It is the coach's own voice, most likely, and is only decoded again."""
    room = Room()
    room.phrase(features=QUIET)
    room.last(2.0, QUIET)
    assert not room.kinds()
    assert len(room.requests) == 4


def test_people_who_go_on_talking_do_not_keep_the_coach_silent():
    room = Room()
    room.last(12.0, VOICE)
    assert room.kinds() == ["hush", "resume"]
    assert room.time_of("resume") - room.time_of("hush") == pytest.approx(6.0, abs=2 * BLOCK)
    room.last(2.2, QUIET)
    room.last(0.2, VOICE)
    assert room.kinds() == ["hush", "resume", "hush"]


def test_talk_with_pauses_does_not_keep_the_coach_silent_either():
    """Television is a second of speech, half a second of none: six seconds of hush, and no more."""
    room = Room()
    for _ in range(40):
        room.last(1.0, VOICE)
        room.last(0.5, QUIET)
    assert room.kinds().count("resume") == 1
    assert room.time_of("resume") - room.time_of("hush") == pytest.approx(6.0, abs=2 * BLOCK)
    assert room.kinds()[-1] == "resume"


def test_a_coach_that_hears_itself_after_a_jump_of_its_echo_speaks_on_until_it_is_learnt():
    """It is learnt only while the coach speaks, so a hush a sentence would go on for ever."""
    room = Room()
    for _ in range(5):
        room.last(0.2, LOST_ECHO)
        room.last(3.0, replace(QUIET, trusted=False))
    assert room.kinds().count("hush") == 1
    room.phrase(features=LOST_ECHO)
    assert room.kinds().count("hush") == 2, "pain silences it all the same"


def test_once_the_echo_is_learnt_again_a_voice_hushes_the_coach_as_before():
    room = Room()
    room.last(0.2, LOST_ECHO)
    room.last(3.0, replace(QUIET, trusted=False))
    room.last(1.0, QUIET_COACH)
    room.last(0.2, VOICE)
    assert room.kinds().count("hush") == 2


def test_a_second_pass_that_never_ends_does_not_keep_the_coach_silent():
    room = Room(delay=60.0)
    room.last(0.4, VOICE)
    room.last(10.0, QUIET)
    assert room.time_of("resume") - room.time_of("hush") == pytest.approx(6.0, abs=2 * BLOCK)


def test_what_was_said_to_the_coach_and_not_understood_is_told():
    """As soon as the coach no longer waits for more."""
    room = Room()
    room.last(0.6, VOICE)
    room.last(3.0, QUIET)
    assert room.kinds() == ["hush", "unclear"]


def test_small_talk_is_understood():
    room = Room(SecondPassResult(harmless=True))
    room.last(0.6, VOICE)
    room.last(3.0, QUIET)
    assert room.kinds() == ["hush", "resume"]


def test_people_who_talk_among_themselves_are_not_told_that_they_were_not_understood():
    """Neither in a long talk nor in a few words after another."""
    room = Room()
    for _ in range(3):
        room.last(1.2, VOICE)
        room.last(0.5, QUIET)
    room.last(3.0, QUIET)
    assert "unclear" not in room.kinds()


def test_each_utterance_hushes_the_coach_anew_for_a_key_may_have_made_it_speak():
    room = Room()
    room.last(0.4, VOICE)
    room.last(0.4, QUIET)
    room.last(0.4, VOICE)
    assert room.kinds() == ["hush", "hush"]


def test_the_coach_does_not_go_on_while_the_second_pass_is_still_under_way():
    room = Room(delay=4.0)
    room.last(0.4, VOICE)
    ended = room.now + 0.3
    room.last(6.0, QUIET)
    assert room.time_of("unclear") == pytest.approx(ended + 4.0, abs=3 * BLOCK)
