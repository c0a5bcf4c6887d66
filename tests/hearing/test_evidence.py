"""What is noticed of the person becomes silence, a question or an end: in blocks of 20 ms."""

from __future__ import annotations

from dataclasses import replace

import pytest

from voice_coach.hearing.evidence import (
    AGREED,
    BREATH,
    CALM,
    CERTAIN,
    CRY_WAIT,
    FAINT_TALK,
    FAINTER_BY,
    HEARD,
    HEARD_ALONE,
    HOLD,
    HUSHING,
    LOOKS,
    LOUD_IN_TALK,
    ORDINARY_IN_TALK,
    RECENT,
    SUSPECTED,
    TALK,
    TALKING,
    VOICELESS,
    Clues,
    Evidence,
    Verdict,
)
from voice_coach.hearing.evidence import VOICE as VOICED

BLOCK = 0.02
QUIET = Clues(0.0, 0.0, -60.0)
QUIET_COACH = replace(QUIET, coach=True)
BREATHING = Clues(9.0, 0.0, -40.0)
VOICE = Clues(12.0, 12.0, -30.0)
HOARSE = Clues(12.0, (VOICED + HUSHING) / 2, -30.0)
"""Perhaps a voice."""
NOTHING = Verdict()


class Room:
    """A person beside the coach; what a sound holds when it is heard anew is told beforehand."""

    def __init__(self, *verdicts):
        self.now = 0.0
        self.signs = []
        self.heard_anew = []
        self.verdicts = list(verdicts or (NOTHING,))
        self._evidence = Evidence(self._inquire)
        self.last(1.0, QUIET)

    def _inquire(self, seconds, orders):
        self.heard_anew.append((round(self.now, 2), seconds))
        return self.verdicts.pop(0) if len(self.verdicts) > 1 else self.verdicts[0]

    def last(self, seconds, clues):
        for _ in range(round(seconds / BLOCK)):
            self.now += BLOCK
            self.signs += [(self.now, sign) for sign in self._evidence.weigh(self.now, clues)]

    def phrase(self, phrase="it hurts", clues=VOICE):
        """Let the recogniser that is easily fooled hear this in one block."""
        self.last(BLOCK, Clues(clues.sound, clues.voice, clues.level, phrase))

    def kinds(self):
        return [sign.kind for _, sign in self.signs]

    def commands(self):
        return [(sign.phrase, sign.tier) for _, sign in self.signs if sign.kind == "command"]

    def time_of(self, kind):
        return next(time for time, sign in self.signs if sign.kind == kind)


def pain(margin):
    return Verdict("it hurts", margin)


def order(phrase, margin):
    return Verdict(order=phrase, order_margin=margin)


def test_a_sound_ducks_the_coach_with_the_very_block_that_shows_it():
    room = Room()
    room.last(BLOCK, BREATHING)
    assert room.kinds() == ["duck"]


def test_a_voice_hushes_the_coach_and_nothing_more_lets_it_go_on_two_seconds_later():
    room = Room()
    room.last(0.4, VOICE)
    silent = room.now
    room.last(5, QUIET)
    assert room.kinds() == ["hush", "resume"]
    assert room.time_of("resume") == pytest.approx(silent + HOLD, abs=2 * BLOCK)


def test_a_long_breath_ducks_the_coach_once_and_shortly():
    """It comes back to full loudness within the breath: its next cue must be heard."""
    room = Room()
    room.last(3.0, BREATHING)
    room.last(1.0, QUIET)
    assert room.kinds() == ["duck", "resume"]
    assert room.time_of("resume") - room.time_of("duck") == pytest.approx(BREATH, abs=2 * BLOCK)


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


def test_a_phrase_of_pain_hushes_the_coach_with_the_very_block_it_was_heard_in():
    room = Room()
    room.last(0.1, HOARSE)
    assert room.kinds() == ["duck"]
    room.phrase(clues=HOARSE)
    assert room.kinds() == ["duck", "hush"]


def test_a_whispered_phrase_of_pain_hushes_the_coach_once_it_was_heard_anew():
    room = Room(pain(SUSPECTED + 0.1), NOTHING)
    room.last(0.2, BREATHING)
    room.phrase(clues=BREATHING)
    suspected = room.now
    assert "hush" not in room.kinds()
    room.last(0.5, BREATHING)
    assert room.time_of("hush") == pytest.approx(suspected + LOOKS[0], abs=2 * BLOCK)


def test_a_laugh_that_begins_like_a_cry_silences_nobody():
    room = Room(pain(SUSPECTED - 0.1))
    room.last(0.2, BREATHING)
    room.phrase("ouch", clues=BREATHING)
    room.last(2.0, BREATHING)
    assert "hush" not in room.kinds()


def test_what_may_be_a_cough_does_not_silence_the_coach():
    room = Room()
    room.last(0.3, HOARSE)
    room.last(1.0, QUIET)
    assert room.kinds() == ["duck", "resume"]


def test_an_order_is_not_taken_from_a_talk_in_short_pieces():
    """Across a room a talk is heard in pieces that are as short as an order."""
    room = Room()
    for _ in range(4):
        room.last(0.9, Clues(12.0, 12.0, -36.0))
        room.last(0.5, QUIET)
    room.verdicts = [order("next", -1.0)]
    room.last(0.6, Clues(12.0, 12.0, -36.0))
    room.last(1.0, QUIET)
    assert room.commands() == []


def test_an_order_that_was_said_clearly_is_obeyed_after_a_talk():
    room = Room()
    for _ in range(4):
        room.last(0.9, VOICE)
        room.last(0.5, QUIET)
    room.verdicts = [order("next", 1.0)]
    room.last(0.6, VOICE)
    room.last(1.0, QUIET)
    assert room.commands() == [("next", "confirmed")]


def test_an_order_that_only_begins_like_a_cry_is_obeyed():
    """A "stop" is part of "speak up"."""
    room = Room(Verdict("stop", CERTAIN, "speak up", 4.0))
    room.phrase("stop")
    room.last(0.15, VOICE)
    room.last(1.0, QUIET)
    assert room.commands() == [("speak up", "confirmed")]


def test_a_phrase_of_pain_without_any_sound_of_the_persons_does_not_silence_the_coach():
    """It is the coach's own voice, most likely, and is only heard anew."""
    room = Room()
    room.phrase(clues=QUIET)
    room.last(2.0, QUIET)
    assert not room.kinds()
    assert len(room.heard_anew) == len(LOOKS)


def test_pain_that_both_hearings_agree_on_is_certain():
    room = Room(pain(CERTAIN + 1))
    room.last(0.5, VOICE)
    room.phrase()
    room.last(1.5, QUIET)
    assert room.commands() == [("it hurts", "confirmed")]


def test_certainty_comes_within_a_second_of_the_phrase():
    room = Room(pain(CERTAIN + 1))
    room.last(0.5, VOICE)
    room.phrase()
    said = room.now
    room.last(2, QUIET)
    assert room.time_of("command") - said < 0.6


def test_pain_that_only_one_hearing_found_is_a_question():
    room = Room(pain((CERTAIN + SUSPECTED) / 2))
    room.last(0.5, VOICE)
    room.phrase("ouch")
    room.last(1.5, QUIET)
    assert room.commands() == [("it hurts", "possible")]


def test_a_phrase_that_was_heard_twice_needs_less_to_be_certain():
    room = Room(pain(CERTAIN - AGREED + 0.1))
    room.last(0.5, VOICE)
    room.phrase("it hurts")
    room.last(1.5, QUIET)
    assert room.commands() == [("it hurts", "confirmed")]


def test_a_phrase_that_nothing_else_confirms_costs_two_seconds_of_silence_and_no_more():
    room = Room(NOTHING)
    room.last(0.1, VOICE)
    room.phrase()
    room.last(4, QUIET)
    assert room.kinds() == ["hush", "resume"]


def test_a_sentence_that_begins_like_pain_is_not_taken_for_it():
    """One look agrees and the next, when more has been said, does not."""
    room = Room(pain(CERTAIN + 1), NOTHING, NOTHING, NOTHING)
    room.last(0.5, VOICE)
    room.phrase("that hurts")
    room.last(2.0, VOICE)
    assert not room.commands()


def test_a_word_in_the_midst_of_a_talk_is_asked_about_and_only_if_it_is_clear():
    clear = [("it hurts", "possible")]
    for margin, believed in ((CERTAIN + TALKING / 2, []), (CERTAIN + TALKING + 1, clear)):
        room = Room(pain(margin))
        room.last(2.0, VOICE)
        room.phrase()
        room.last(LOOKS[-1] + 0.1, BREATHING)
        assert room.commands() == believed


def test_a_word_that_others_talk_on_after_is_a_part_of_what_they_say():
    room = Room(pain(CERTAIN + TALKING + 1))
    room.last(4.0, VOICE)
    room.phrase()
    room.last(4.0, VOICE)
    assert not room.commands()


def test_after_a_talk_a_word_needs_more_to_be_believed_for_a_while():
    for pause, believed in ((1.0, []), (20.0, [("it hurts", "confirmed")])):
        room = Room(NOTHING)
        room.last(4.0, VOICE)
        room.last(pause, QUIET)
        room.verdicts = [pain(CERTAIN + 1)]
        room.last(0.5, VOICE)
        room.last(1.0, QUIET)
        assert room.commands() == believed


def test_while_the_echo_is_learnt_again_pain_is_asked_about_and_never_ends_by_itself():
    """What is left of the coach's own voice may sound like it: both hearings agree on that, too."""
    for relearning, margin, believed in (
        (True, CERTAIN + 1, [("it hurts", "possible")]),
        (True, CERTAIN - 0.1, []),
        (False, CERTAIN - 0.1, [("it hurts", "confirmed")]),
    ):
        room = Room(pain(margin))
        heard = replace(VOICE, relearning=relearning)
        room.last(0.2, heard)
        room.phrase(clues=heard)
        room.last(0.5, heard)
        room.last(1.0, QUIET)
        assert room.commands() == believed


def test_while_the_echo_is_learnt_again_an_order_must_be_clear():
    for margin, believed in ((ORDINARY_IN_TALK - 0.1, []), (ORDINARY_IN_TALK, ["next"])):
        room = Room(order("next", margin))
        room.last(0.4, replace(VOICE, relearning=True))
        room.last(1.0, QUIET)
        assert [phrase for phrase, _ in room.commands()] == believed


def test_cries_that_are_repeated_are_no_talk():
    """But after many that nobody could understand it is asked whether that was one."""
    for before, believed in ((2, "confirmed"), (4, "possible")):
        room = Room(NOTHING)
        for _ in range(before):
            room.last(0.7, VOICE)
            room.last(1.0, QUIET)
        room.verdicts = [pain(CERTAIN + 1)]
        room.last(0.7, VOICE)
        room.last(1.0, QUIET)
        assert room.commands() == [("it hurts", believed)]


def test_a_word_of_who_reads_aloud_slowly_ends_nothing_by_itself():
    for pause, believed in ((0.5, "possible"), (20.0, "confirmed")):
        room = Room(NOTHING)
        for _ in range(2):
            room.last(1.0, VOICE)
            room.last(0.5, QUIET)
        room.last(pause, QUIET)
        room.verdicts = [pain(CERTAIN + 3)]
        room.last(0.3, VOICE)
        room.phrase("it hurts")
        room.last(0.2, VOICE)
        room.last(1.0, QUIET)
        assert room.commands() == [("it hurts", believed)]


def test_an_utterance_is_heard_out_even_if_no_phrase_showed_while_it_lasted():
    room = Room(pain(CERTAIN + 1))
    room.last(0.6, VOICE)
    room.last(0.5, QUIET)
    assert room.commands() == [("it hurts", "confirmed")]


def test_other_commands_wait_until_the_voice_has_fallen_silent():
    room = Room(Verdict(order="next", order_margin=3.0))
    room.last(0.4, VOICE)
    assert not room.commands()
    room.last(CALM + 2 * BLOCK, QUIET)
    assert room.commands() == [("next", "confirmed")]
    assert room.kinds()[-1] == "resume"


def test_a_command_inside_a_long_sentence_is_none():
    room = Room(Verdict(order="next", order_margin=3.0))
    room.last(3.5, VOICE)
    room.last(1.0, QUIET)
    assert not room.commands()


def test_a_long_order_is_heard_whole_and_no_cry_is_sought_in_it():
    room = Room(Verdict("it hurts", 0.0, order="tell me about it", order_margin=3.0))
    room.last(3.0, VOICE)
    room.last(1.0, QUIET)
    assert room.commands() == [("tell me about it", "confirmed")]
    (_, seconds), *others = room.heard_anew
    assert seconds > 3.0
    assert not others


def test_people_who_go_on_talking_do_not_keep_the_coach_silent():
    room = Room()
    room.last(TALK + 6, VOICE)
    assert room.kinds() == ["hush", "resume"]
    room.last(1.0, QUIET)
    room.last(0.2, VOICE)
    assert room.kinds() == ["hush", "resume", "hush"]


def test_pain_that_is_louder_is_heard_in_the_midst_of_a_talk_that_the_coach_has_got_used_to():
    room = Room(pain(CERTAIN + TALKING + 1))
    room.last(TALK + 2, VOICE)
    room.phrase(clues=Clues(12.0, 12.0, VOICE.level + LOUD_IN_TALK + 1))
    room.last(1.0, VOICE)
    assert room.commands() == [("it hurts", "confirmed")]


def talking(room, seconds):
    """Let somebody talk, with a loud syllable and longer softer ones after it."""
    for _ in range(round(seconds / 0.4)):
        room.last(0.1, VOICE)
        room.last(0.3, replace(VOICE, level=VOICE.level - 20))


def test_a_word_as_loud_as_the_louder_ones_of_a_talk_does_not_stand_out():
    for louder, believed in ((6.0, []), (LOUD_IN_TALK + 2, [("it hurts", "confirmed")])):
        room = Room(pain(CERTAIN + 1))
        talking(room, 6.0)
        room.phrase(clues=replace(VOICE, level=VOICE.level + louder))
        room.last(0.4, VOICE)
        room.last(1.0, QUIET)
        assert room.commands() == believed


def test_a_voice_much_fainter_than_the_persons_neither_orders_nor_ends():
    room = Room(Verdict(order="ready", order_margin=3.0))
    room.last(0.4, VOICE)
    room.last(2.0, QUIET)
    assert room.commands() == [("ready", "confirmed")]
    room.signs.clear()
    for verdict in (Verdict(order="next", order_margin=3.0), pain(CERTAIN + 3)):
        room.verdicts = [verdict]
        room.last(0.4, Clues(12.0, 12.0, -55.0))
        room.last(3.0, QUIET)
    assert not room.commands()


def test_pain_is_believed_of_a_voice_that_is_weaker_than_it_was():
    """It may be spoken into a mat: 15 dB below the word that began the session."""
    room = Room(Verdict(order="ready", order_margin=3.0))
    room.last(0.4, VOICE)
    room.last(2.0, QUIET)
    room.verdicts = [pain(CERTAIN + FAINTER_BY)]
    room.last(0.4, Clues(12.0, 12.0, -45.0))
    room.last(1.0, QUIET)
    assert room.commands()[-1] == ("it hurts", "confirmed")


def test_a_loud_cry_without_words_is_a_question():
    room = Room(Verdict(order="ready", order_margin=3.0))
    room.last(0.4, VOICE)
    room.last(2.0, QUIET)
    room.verdicts = [NOTHING]
    room.last(0.8, Clues(12.0, 12.0, -15.0))
    room.last(1.0, QUIET)
    assert room.commands()[-1] == ("", "possible")


def test_one_cry_is_one_command():
    room = Room(pain(CERTAIN + 1))
    room.last(0.4, VOICE)
    room.phrase()
    room.last(0.2, VOICE)
    room.phrase()
    room.last(2.0, QUIET)
    assert room.commands() == [("it hurts", "confirmed")]


def test_without_a_sound_of_the_persons_a_phrase_is_the_coachs_own():
    certain = [("it hurts", "confirmed")]
    for coach, sound, believed in (
        (QUIET_COACH, 0.1, []),
        (QUIET_COACH, HEARD + 0.1, certain),
        (QUIET, HEARD_ALONE - 0.04, []),
        (QUIET, HEARD_ALONE, certain),  # noise hides most of a short word; no coach spoke
    ):
        room = Room(pain(CERTAIN + 3))
        room.last(BLOCK, coach)
        room.last(sound, VOICE)
        room.phrase(clues=QUIET)
        room.last(2.0, QUIET)
        assert room.commands() == believed


def test_a_coach_who_fell_silent_may_still_be_what_was_heard():
    for before, believed in ((RECENT - 1.0, []), (RECENT, [("it hurts", "confirmed")])):
        room = Room(pain(CERTAIN + 3))
        room.last(1.0, QUIET_COACH)
        room.last(before, QUIET)
        room.last(HEARD_ALONE, VOICE)
        room.phrase(clues=QUIET)
        room.last(2.0, QUIET)
        assert room.commands() == believed


def test_a_phrase_without_a_voice_is_a_whisper_or_a_cough_and_is_asked_about():
    for margin, believed in ((CERTAIN, []), (CERTAIN + VOICELESS, [("it hurts", "possible")])):
        room = Room(pain(margin))
        room.last(0.5, BREATHING)
        room.phrase(clues=BREATHING)
        room.last(2.0, QUIET)
        assert room.commands() == believed


def test_in_the_midst_of_talk_a_voice_fainter_than_the_persons_is_anothers():
    for level, believed in ((VOICE.level, ["it hurts"]), (VOICE.level - FAINT_TALK - 2, [])):
        room = Room(Verdict(order="ready", order_margin=3.0))
        room.last(0.4, VOICE)
        room.last(2.0, QUIET)
        room.signs.clear()
        room.verdicts = [pain(CERTAIN + TALKING + 1)]
        talk = Clues(12.0, 12.0, level)
        room.last(2.0, talk)
        room.phrase(clues=talk)
        room.last(1.0, QUIET)
        assert [phrase for phrase, _ in room.commands()] == believed


def test_a_scream_that_does_not_end_is_asked_about_all_the_same():
    room = Room(Verdict(order="ready", order_margin=3.0))
    room.last(0.4, VOICE)
    room.last(2.0, QUIET)
    room.verdicts = [NOTHING]
    screamed = room.now
    room.last(4.0, Clues(12.0, 12.0, -15.0))
    asked = [time for time, sign in room.signs if sign.tier == "possible"]
    assert asked[0] - screamed == pytest.approx(CRY_WAIT, abs=0.1)


def test_each_utterance_hushes_the_coach_anew_for_a_key_may_have_made_it_speak():
    room = Room()
    room.last(0.4, VOICE)
    room.last(CALM + 0.1, QUIET)
    room.last(0.4, VOICE)
    assert room.kinds() == ["hush", "hush"]
