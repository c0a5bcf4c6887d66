"""What is said becomes an end, a question, an order or nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hearing.listening_room import (
    BLOCK,
    BREATHING,
    NOTHING,
    QUIET,
    QUIET_COACH,
    VOICE,
    Room,
    order,
    pain,
)

from voice_coach.core.events import Heard, Noticed
from voice_coach.hearing.second_pass import SecondPassResult

END, QUESTION = [("it hurts", "confirmed")], [("it hurts", "possible")]
QUESTION_OF_A_CRY = [("", "possible")]


def test_pain_that_both_passes_agree_on_is_confirmed_within_a_second_of_the_phrase():
    room = Room(pain(4.0))
    room.last(0.5, VOICE)
    room.phrase()
    said = room.now
    room.last(1.5, QUIET)
    assert room.commands() == END
    assert room.time_of("command") - said < 0.6


def test_pain_that_something_else_explains_as_well_is_a_question():
    room = Room(pain(-5.0))
    room.last(0.5, VOICE)
    room.phrase("ouch")
    room.last(1.5, QUIET)
    assert room.commands() == QUESTION


def test_a_phrase_that_was_also_detected_as_it_was_spoken_needs_less():
    for detected, expected in (("it hurts", END), ("ouch", QUESTION)):
        room = Room(pain(-4.5))
        room.last(0.5, VOICE)
        room.phrase(detected)
        room.last(1.5, QUIET)
        assert room.commands() == expected


def test_a_phrase_that_the_second_pass_does_not_find_costs_two_seconds_of_silence_and_no_more():
    room = Room(NOTHING)
    room.last(0.1, VOICE)
    room.phrase()
    room.last(4, QUIET)
    assert room.kinds() == ["hush", "resume"]
    assert not room.commands()


def test_a_sentence_that_begins_like_pain_is_not_taken_for_it():
    """One pass agrees and the next, when more has been said, does not."""
    room = Room(pain(3.0), NOTHING, NOTHING, NOTHING)
    room.last(0.5, VOICE)
    room.phrase("that hurts")
    room.last(2.0, VOICE)
    assert not room.commands()


def test_a_word_in_the_midst_of_a_talk_ends_nothing():
    for llr in (-2.0, 2.0):
        room = Room(pain(llr))
        room.last(3.0, VOICE)
        room.phrase()
        room.last(4.0, VOICE)
        assert ("it hurts", "confirmed") not in room.commands()


def test_after_a_talk_a_word_needs_more_to_be_believed_for_a_while():
    for pause, expected in ((1.0, QUESTION), (20.0, END)):
        room = Room(NOTHING)
        room.last(4.0, VOICE)
        room.last(pause, QUIET)
        room.results = [pain(-1.0)]
        room.last(0.5, VOICE)
        room.phrase()
        room.last(1.0, QUIET)
        assert room.commands() == expected


def test_while_the_echo_path_reconverges_pain_is_asked_about():
    """What is left of the coach's own voice may sound like it, and both passes agree on that."""
    for reconverging, expected in ((True, QUESTION), (False, END)):
        room = Room(pain(-1.0))
        heard = replace(VOICE, reconverging=reconverging)
        room.last(0.2, heard)
        room.phrase(features=heard)
        room.last(0.5, heard)
        room.last(1.0, QUIET)
        assert room.commands() == expected


def test_while_the_echo_path_reconverges_an_order_must_be_clear():
    for llr, expected in ((-3.0, []), (3.0, ["next"])):
        room = Room(order("next", llr))
        room.last(0.4, replace(VOICE, reconverging=True))
        room.last(1.0, QUIET)
        assert [phrase for phrase, _ in room.commands()] == expected


def test_what_is_decoded_late_and_holds_the_coachs_own_voice_is_not_believed():
    """It fell silent after "just breathe with me", and took that for "pain" two seconds later."""
    for pause, expected in ((0.9, []), (3.0, END)):
        room = Room(pain(5.0))
        room.last(1.0, replace(QUIET_COACH, reconverging=True))
        silent = replace(QUIET, reconverging=True)
        room.last(pause, silent)
        room.phrase(features=silent)
        room.last(2.0, silent)
        assert room.commands() == expected


def test_cries_that_are_repeated_are_no_talk():
    room = Room(NOTHING)
    for _ in range(2):
        room.last(0.7, VOICE)
        room.last(1.0, QUIET)
    room.results = [pain(4.0)]
    room.last(0.7, VOICE)
    room.last(1.0, QUIET)
    assert room.commands() == END


def test_a_word_of_who_reads_aloud_slowly_ends_nothing_by_itself():
    for pause, expected in ((0.5, QUESTION), (20.0, END)):
        room = Room(NOTHING)
        for _ in range(2):
            room.last(1.0, VOICE)
            room.last(0.5, QUIET)
        room.last(pause, QUIET)
        room.results = [pain(-4.0)]
        room.last(0.3, VOICE)
        room.phrase("it hurts")
        room.last(0.2, VOICE)
        room.last(1.0, QUIET)
        assert room.commands() == expected


def test_an_utterance_is_decoded_again_even_if_no_phrase_was_detected_in_it():
    room = Room(pain(4.0))
    room.last(0.6, VOICE)
    room.last(0.5, QUIET)
    assert room.commands() == END


def test_orders_wait_until_the_voice_has_fallen_silent():
    room = Room(order("next", 3.0))
    room.last(0.4, VOICE)
    assert not room.commands()
    room.last(0.3 + 2 * BLOCK, QUIET)
    assert room.commands() == [("next", "confirmed")]
    assert room.kinds()[-1] == "resume"


def test_an_order_that_only_contains_a_cry_is_obeyed():
    """A "stop" is part of "speak up"."""
    room = Room(order("speak up", 4.0, pain(-4.0, "stop")))
    room.phrase("stop")
    room.last(0.15, VOICE)
    room.last(1.0, QUIET)
    assert room.commands() == [("speak up", "confirmed")]


@pytest.mark.parametrize(
    ("how", "expected"), [(1.5, [("how", "confirmed")]), (0.5, [("ow", "possible")])]
)
def test_a_clear_ow_ends_the_routine_and_one_like_oh_is_asked_about(how, expected):
    """The recogniser writes "how" for a clear one. For it, "ow" sounds the same as "oh"."""
    room = Room(order("how", how, pain(0.0, "ow")))
    room.last(0.4, VOICE)
    room.last(1.0, QUIET)
    assert room.commands() == expected


def test_an_order_inside_a_long_sentence_is_none():
    room = Room(order("next", 3.0))
    room.last(3.5, VOICE)
    room.last(1.0, QUIET)
    assert not room.commands()


def test_a_long_order_is_decoded_whole_and_no_cry_is_looked_for_in_it():
    room = Room(order("what else is there", 4.0))
    room.last(3.0, VOICE)
    room.last(1.0, QUIET)
    assert room.commands() == [("what else is there", "confirmed")]
    (candidate,) = room.requests
    assert candidate.seconds > 3.0
    assert not candidate.may_be_urgent


def test_an_order_is_not_taken_from_a_talk_in_short_pieces():
    """Across a room a talk is heard in pieces that are as short as an order."""
    room = Room()
    for _ in range(4):
        room.last(0.9, replace(VOICE, level=-36.0))
        room.last(0.5, QUIET)
    room.results = [order("next", -1.0)]
    room.last(0.6, replace(VOICE, level=-36.0))
    room.last(1.0, QUIET)
    assert room.commands() == []


def talking(room, seconds):
    """Let somebody talk, with a loud syllable and longer softer ones after it."""
    for _ in range(round(seconds / 0.4)):
        room.last(0.1, VOICE)
        room.last(0.3, replace(VOICE, level=VOICE.level - 20))


def test_only_a_word_much_louder_than_the_louder_ones_of_a_talk_stands_out():
    for louder, expected in ((6.0, []), (16.0, END)):
        room = Room(pain(1.0))
        talking(room, 6.0)
        room.phrase(features=replace(VOICE, level=VOICE.level + louder))
        room.last(0.4, VOICE)
        room.last(1.0, QUIET)
        assert [each for each in room.commands() if each in END] == expected


def test_a_voice_much_fainter_than_the_persons_gives_no_order():
    for fainter, expected in ((2.0, [("next", "confirmed")]), (25.0, [])):
        room = Room()
        room.said_ready()
        room.results = [order("next", 0.0)]
        room.last(0.4, replace(VOICE, level=VOICE.level - fainter))
        room.last(3.0, QUIET)
        assert room.commands() == expected


def test_a_word_that_the_vad_takes_for_no_voice_is_an_order_if_the_recogniser_is_sure():
    """While the coach is silent. A breath in which it finds a word is none."""
    for before, llr, expected in (
        (QUIET, 3.0, [("next", "confirmed")]),
        (QUIET, -3.0, []),
        (QUIET_COACH, 3.0, []),
    ):
        room = Room(order("next", llr))
        room.last(0.5, before)
        room.last(0.4, replace(BREATHING, coach=before.coach))
        room.last(1.0, QUIET)
        assert room.commands() == expected


def test_ow_must_be_clearer_than_other_words_because_many_words_begin_with_it():
    """As "over the edge" and "hold the feet" do."""
    for phrase, llr, expected in (
        ("ow", 2.0, [("ow", "confirmed")]),
        ("ow", -3.5, []),
        ("it hurts", -3.5, END),
    ):
        room = Room(pain(llr, phrase))
        room.last(0.4, VOICE)
        room.last(1.0, QUIET)
        assert room.commands() == expected


def test_no_pain_is_looked_for_in_a_sound_without_a_voice_that_nobody_detected_it_in():
    room = Room(order("next", -20.0))
    room.last(0.4, BREATHING)
    room.last(1.0, QUIET)
    assert [each.may_be_urgent for each in room.requests] == [False]


def test_pain_is_believed_of_a_voice_that_is_weaker_than_it_was():
    """It may be spoken into a mat: 15 dB below the word that began the session."""
    room = Room()
    room.said_ready()
    room.results = [pain(4.0)]
    room.last(0.4, replace(VOICE, level=-45.0))
    room.last(1.0, QUIET)
    assert room.commands() == END


def test_a_loud_cry_without_words_is_a_question():
    room = Room()
    room.said_ready()
    room.last(0.8, replace(VOICE, level=-15.0))
    room.last(1.0, QUIET)
    assert room.commands() == QUESTION_OF_A_CRY


WORDLESS = SecondPassResult(wordless=True)
LIKE_A_CRY = replace(VOICE, cry=9.0)


@pytest.mark.parametrize(
    ("found", "sound", "expected"),
    [
        (WORDLESS, VOICE, QUESTION_OF_A_CRY),
        (WORDLESS, replace(VOICE, level=VOICE.level - 2.0), QUESTION_OF_A_CRY),
        (WORDLESS, replace(LIKE_A_CRY, level=VOICE.level - 4.0), []),
        (NOTHING, LIKE_A_CRY, []),
    ],
)
def test_a_voice_that_says_no_word_is_a_question_if_it_is_as_loud_as_the_person(
    found, sound, expected
):
    """Or nearly; a sigh is softer."""
    room = Room()
    room.said_ready()
    room.results = [found]
    room.last(0.6, sound)
    room.last(1.0, QUIET)
    assert room.commands() == expected


def test_a_chair_that_is_taken_for_a_short_voice_is_no_cry():
    room = Room()
    room.said_ready()
    room.results = [WORDLESS]
    room.last(0.15, VOICE)
    room.last(1.0, QUIET)
    assert room.commands() == []


@pytest.mark.parametrize("found", [pain(5.0, "ow"), order("aah", 5.0)])
def test_a_door_that_sounds_like_a_cry_is_none(found):
    """Without a voice, an exclamation is no pain; "ow" in a voice is."""
    room = Room(found)
    room.phrase("ow", features=BREATHING)
    room.last(0.3, BREATHING)
    room.last(1.5, QUIET)
    assert room.commands() == []


def test_while_the_echo_is_learnt_and_before_anybody_has_spoken_no_wordless_voice_is_a_cry():
    """It is the coach's own, most likely."""
    for known, echo in ((False, False), (True, True)):
        room = Room()
        if known:
            room.said_ready()
        room.results = [WORDLESS]
        for long in (0.6, 4.0):
            room.last(long, replace(LIKE_A_CRY, reconverging=echo))
            room.last(1.0, QUIET)
        assert room.commands() == []


def test_among_talk_a_voice_that_says_no_word_is_no_cry():
    """Somebody talks or sings along."""
    room = Room()
    room.said_ready()
    room.last(2.0, VOICE)
    room.last(0.6, QUIET)
    room.results = [WORDLESS]
    room.last(0.6, LIKE_A_CRY)
    room.last(1.0, QUIET)
    assert room.commands() == []
    assert not room.requests[-1].may_be_wordless, "nobody needs its transcript"


def test_a_long_sound_that_is_like_a_cry_is_asked_about_before_it_ends():
    room = Room()
    room.said_ready()
    cried = room.now
    room.last(4.0, LIKE_A_CRY)
    assert room.commands() == QUESTION_OF_A_CRY
    assert room.time_of("command") - cried == pytest.approx(1.5, abs=0.1)


def test_a_scream_that_does_not_end_is_asked_about_once():
    room = Room()
    room.said_ready()
    screamed = room.now
    room.last(4.0, replace(VOICE, level=-15.0))
    assert room.commands() == [("", "possible")]
    assert room.time_of("command") - screamed == pytest.approx(1.5, abs=0.1)


def test_one_cry_is_one_command():
    room = Room(pain(4.0))
    room.last(0.4, VOICE)
    room.phrase()
    room.last(0.2, VOICE)
    room.phrase()
    room.last(2.0, QUIET)
    assert room.commands() == END


def test_without_a_sound_of_the_persons_a_phrase_is_the_coachs_own():
    for coach, sound, expected in (
        (QUIET_COACH, 0.1, []),
        (QUIET_COACH, 0.4, END),
        (QUIET, 0.4, END),
    ):
        room = Room(pain(-4.0))
        room.last(BLOCK, coach)
        room.last(sound, VOICE)
        room.phrase(features=QUIET)
        room.last(2.0, QUIET)
        assert room.commands() == expected


def test_a_sound_that_breaks_off_in_the_midst_of_a_phrase_counts_with_what_came_before():
    """A busy computer lets the VAD find a cry in two pieces; the last one alone is too short."""
    room = Room(pain(3.0))
    room.last(1.0, QUIET_COACH)
    room.last(0.3, replace(BREATHING, coach=True))
    room.last(0.34, QUIET_COACH)
    room.last(0.06, replace(BREATHING, coach=True))
    room.phrase(features=QUIET_COACH)
    room.last(2.0, QUIET_COACH)
    assert room.commands() == END


def test_a_cry_that_the_vad_misses_silences_the_coach_and_is_asked_about_if_both_passes_are_sure():
    """As "cramp" often is over the coach. A loudspeaker that distorts was never as sure."""
    room = Room(pain(5.0))
    room.phrase(features=QUIET_COACH)
    said = room.now
    room.last(2.0, QUIET_COACH)
    assert room.commands() == QUESTION
    assert room.kinds() == ["hush"]
    assert room.time_of("hush") - said < 0.5


def test_a_whisper_ends_the_routine_if_the_recogniser_is_sure_and_is_else_asked_about():
    for llr, expected in ((2.0, END), (-5.0, QUESTION), (-11.0, [])):
        room = Room(pain(llr))
        room.last(0.5, BREATHING)
        room.phrase(features=BREATHING)
        room.last(2.0, QUIET)
        assert room.commands() == expected


def test_every_candidate_is_logged_with_all_its_features():
    room = Room(pain(4.0))
    room.last(0.4, VOICE)
    room.phrase()
    room.last(1.5, QUIET)
    names = {
        *("plain_llr", "preemphasised_llr", "previous_llr", "agrees_with_first_pass", "unvoiced"),
        *("pause_before", "pause_after", "recent_speech", "level_against_person"),
        *("level_against_background", "stands_out", "coach_audible", "reconverging"),
        *("activity_seconds", "utterance_seconds", "voiced_seconds", "rival_lead", "exclamation"),
        *("unvoiced_exclamation", "wordless"),
    }
    assert room.scored()
    for event in room.scored():
        assert names <= dict(event.features).keys()


def test_the_same_sound_gives_the_same_events_a_stated_time_later():
    times = []
    for delay in (0.0, 0.2):
        room = Room(pain(4.0), delay=delay)
        room.last(0.5, VOICE)
        room.phrase()
        room.last(2.0, QUIET)
        assert room.commands() == END
        times.append(room.time_of("command"))
    assert times[1] - times[0] == pytest.approx(0.2, abs=2 * BLOCK)


@pytest.mark.parametrize("delay", [2.5, 5.0])
def test_pain_is_obeyed_however_late_the_second_pass_is(delay):
    """On a busy computer, or while it makes up for the time in which the model was loaded."""
    room = Room(pain(4.0), delay=delay)
    room.last(0.5, VOICE)
    room.phrase()
    room.last(2.0 + delay, QUIET)
    assert room.commands() == END


@pytest.mark.parametrize("phrase", ["how", "that's enough", "too much"])
def test_so_is_what_must_be_all_that_was_said(phrase):
    room = Room(order(phrase, 4.0), delay=2.5)
    room.last(0.5, VOICE)
    room.last(5.0, QUIET)
    assert [said for said, _ in room.commands()] == [phrase]


@pytest.mark.parametrize(("delay", "expected"), [(1.9, [("next", "confirmed")]), (2.1, [])])
def test_an_order_is_obeyed_within_two_seconds_or_not_at_all(delay, expected):
    """Whoever was not obeyed by then says it again, and is not to be led two steps on."""
    room = Room(order("next", 4.0), delay=delay)
    room.last(0.5, VOICE)
    room.last(3.0 + delay, QUIET)
    assert room.commands() == expected
    dropped = [event for event in room.scored() if event.features == (("dropped", 1.0),)]
    assert bool(dropped) != bool(expected)


def test_the_coach_stays_silent_while_a_late_second_pass_is_under_way():
    room = Room(NOTHING, delay=4.0)
    room.last(0.5, VOICE)
    room.last(6.0, QUIET)
    assert room.kinds() == ["hush", "unclear"]
    assert room.time_of("unclear") - room.time_of("hush") > 4.0


@pytest.mark.parametrize("delay", [0.0, 0.2, 0.5, 1.5])
def test_a_cry_right_after_an_order_is_obeyed_and_the_coach_stays_silent(delay):
    """Also where the order is only understood while the person cries already."""
    room = Room(order("next", 4.0), pain(4.0), delay=delay)
    room.last(0.4, VOICE)
    room.last(0.4, QUIET)
    cry = room.now
    room.last(0.4, VOICE)
    room.phrase()
    room.last(3.0 + delay, QUIET)
    assert room.commands() == [("next", "confirmed"), *END]
    order_at = next(time for time, event in room.events if isinstance(event, Heard))
    silent = "resume"
    for time, event in room.events:
        if isinstance(event, Noticed) and time <= max(order_at, cry + 0.2):
            silent = event.kind
    assert silent == "hush"
    assert "resume" not in room.kinds()[1 + (order_at < cry) :]
