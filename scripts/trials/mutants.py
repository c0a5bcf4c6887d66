"""Removes the controls of docs/safety.md, one at a time; a test must fail: scripts/mutate; --help.

Each mutant is a small edit of the program, made in a copy of it. The tests that the table names for
the hazard run there. A test that still passes does not guard that control.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).parents[2]
COPIED = ("voice_coach", "tests", "scripts", "docs", "pyproject.toml", "README.md")
PATIENCE = 90.0
"""Seconds after which a test that hangs counts as red."""


@dataclass(frozen=True)
class Mutant:
    """A control, and how to remove it."""

    control: str
    file: str
    old: str
    """It must be there exactly once."""
    new: str
    test: str
    """The test that must fail."""

    def applies(self, root: Path = ROOT) -> bool:
        """Tell whether the text to replace is there, once."""
        return (root / self.file).read_text("utf-8").count(self.old) == 1

    def apply(self, root: Path) -> None:
        """Remove it in this copy."""
        file = root / self.file
        file.write_text(file.read_text("utf-8").replace(self.old, self.new), "utf-8")


MUTANTS = (
    Mutant(
        "a loud voice is no breath",
        "voice_coach/hearing/listener.py",
        "self._person.above(level) < -SOFTER and self._person.above(frame.features.level) < 0",
        "True",
        "tests/hearing/test_barge_in.py::"
        "test_a_voice_as_loud_as_the_persons_silences_the_coach_though_a_breath_goes_on_under_it",
    ),
    Mutant(
        "a soft voice has only a moment to be a breath",
        "voice_coach/hearing/listener.py",
        "frame.speech.now - frame.speech.utterance.start < SHOWS",
        "frame.speech.now > 0",
        "tests/hearing/test_barge_in.py::"
        "test_a_soft_sound_where_breaths_are_listened_for_has_a_moment_to_show_that_it_is_one",
    ),
    Mutant(
        "pain that is said into a breath silences the coach",
        "voice_coach/hearing/barge_in.py",
        "(detected and speech.since_speech < FRESH)",
        "(detected and not breathing and speech.since_speech < FRESH)",
        "tests/hearing/test_barge_in.py::"
        "test_pain_said_into_such_a_breath_silences_the_coach_at_once",
    ),
    Mutant(
        "a pause begins with the release",
        "voice_coach/core/interruptions.py",
        "(*press.release(turn), *way_out, *sentences), now)",
        "(*way_out, *sentences), now)",
        "tests/core/test_press.py::test_every_interruption_of_a_press_begins_with_the_release",
    ),
    Mutant(
        "another step begins with the release",
        "voice_coach/core/flow.py",
        "    lead_in = (*press.release(turn), *lead_in)\n",
        "",
        "tests/core/test_press.py::test_every_interruption_of_a_press_begins_with_the_release",
    ),
    Mutant(
        "a hush that lasts releases the partner",
        "voice_coach/core/press.py",
        "    return hushed_at + LONGEST_HUSH",
        "    return hushed_at + 60.0",
        "tests/core/test_press.py::test_a_hush_of_more_than_a_second_tells_the_partner_to_let_go",
    ),
    Mutant(
        "a release is said whole",
        "voice_coach/core/heard.py",
        "        if press.is_releasing(turn, turn.setup):\n            return\n",
        "",
        "tests/core/test_press.py::test_nothing_breaks_off_the_release_for_good",
    ),
    Mutant(
        "presses are counted over the session",
        "voice_coach/core/flow.py",
        "            press.count(turn, cue)\n",
        "",
        "tests/core/test_press.py::test_eight_presses_are_all_there_are",
    ),
    Mutant(
        "a push waits for the breath",
        "voice_coach/core/breath_led.py",
        "in_time = self.turn <= at and now <= self._heard_by",
        "in_time = True",
        "tests/core/test_breath_led.py::"
        "test_a_breath_before_its_cue_or_long_after_it_is_no_reason_to_push",
    ),
    Mutant(
        "no breath, no push",
        "voice_coach/core/breath_led.py",
        "return _miss(rounds, now) if",
        "return _push(rounds, now) if",
        "tests/core/test_breath_led.py::test_three_rounds_without_a_breath_end_the_press",
    ),
    Mutant(
        "silence never goes on pressing",
        "voice_coach/core/press_questions.py",
        "        press.finish(turn)\n        _go_on(turn, Command.NEXT, now, lines.unanswered)\n",
        "        _go_on(turn, Command.NEXT, now, lines.unanswered)\n",
        "tests/core/test_press_questions.py::test_silence_never_goes_on_pressing",
    ),
    Mutant(
        "nothing but a yes presses by the clock",
        "voice_coach/core/press.py",
        "led = turn.setup.config.press_by_breath and not progress.by_clock",
        "led = turn.setup.config.press_by_breath and not progress.asked_louder",
        "tests/core/test_press_questions.py::test_nothing_but_a_yes_presses_by_the_clock",
    ),
    Mutant(
        "a yes to the clock comes after the whole question",
        "voice_coach/core/press_questions.py",
        '"clock": frozenset({Command.NO}),',
        '"clock": frozenset({Command.YES, Command.NO}),',
        "tests/core/test_press_questions.py::"
        "test_a_yes_to_the_press_by_the_clock_counts_only_after_the_whole_question",
    ),
    Mutant(
        "what is said before a question is no answer to it",
        "voice_coach/core/press_questions.py",
        "EARLY[question] if sounding.text == here.say[-1] else frozenset()",
        "EARLY[question]",
        "tests/core/test_press_questions.py::"
        "test_what_is_said_before_the_question_began_is_no_answer",
    ),
    Mutant(
        "the hands stay between the shoulder blades",
        "voice_coach/core/press_questions.py",
        "if abs(moved) > FARTHEST:",
        "if abs(moved) > 9:",
        "tests/core/test_press_questions.py::"
        "test_another_place_moves_the_hands_at_rest_and_not_far",
    ),
    Mutant(
        "both voices try the stop before a press",
        "voice_coach/core/routine.py",
        "return 2 if self.partner else 1",
        "return 1",
        "tests/core/test_stop_test.py::test_a_partner_who_is_not_heard_may_not_press",
    ),
    Mutant(
        "a free breath must be heard clearly",
        "voice_coach/core/press.py",
        " and event.confidence >= CLEARLY",
        "",
        "tests/core/test_breath_led.py::test_a_free_breath_that_is_heard_vaguely_is_none",
    ),
    Mutant(
        "a press is never recorded",
        "voice_coach/core/rendering.py",
        "if routine.needs_hearing:",
        "if not routine.steps:",
        "tests/core/test_rendering.py::test_a_press_is_never_recorded",
    ),
    Mutant(
        "a cue that is late is dropped",
        "voice_coach/audio/mixer.py",
        "elif cue.latest is not None and now > cue.latest:",
        "elif cue.latest is not None and now < 0:",
        "tests/audio/test_mixer.py::test_a_clip_that_would_come_too_late_is_dropped",
    ),
    Mutant(
        "a cut empties the queue",
        "voice_coach/audio/mixer.py",
        "        self._queue.clear()\n        self._duck_gain",
        "        self._duck_gain",
        "tests/audio/test_mixer.py::test_a_cut_forgets_what_waits",
    ),
    Mutant(
        "the mixer's dead man's switch",
        "voice_coach/audio/mixer.py",
        "if self.position - self._held_at > self._left_for:",
        "if self.position < 0:",
        "tests/audio/test_mixer.py::"
        "test_a_coach_that_no_longer_moves_falls_silent_and_says_its_last_words",
    ),
    Mutant(
        "the watchman",
        "voice_coach/watchman.py",
        "if missed == HUNG:",
        "if missed < 0:",
        "tests/test_watchman.py::test_a_loop_that_hangs_is_parted_from_and_left_once",
    ),
    Mutant(
        "a program that stood still does not go on",
        "voice_coach/audio/live_stage.py",
        "if still > STOOD_STILL or",
        "if still < 0 or",
        "tests/audio/test_device.py::test_a_computer_that_slept_does_not_go_on_by_itself",
    ),
    Mutant(
        "a loudspeaker that gave the coach up is a fault",
        "voice_coach/audio/live_stage.py",
        "or self._clock.dead:",
        "or False:",
        "tests/audio/test_device.py::test_a_loudspeaker_that_gave_the_coach_up_is_a_fault",
    ),
    Mutant(
        "the watch on both streams",
        "voice_coach/audio/stream_health.py",
        "return self._ended or now - self._moved > STALL",
        "return self._ended",
        "tests/audio/test_device.py::test_a_loudspeaker_that_falls_silent_is_a_fault",
    ),
    Mutant(
        "the watch on the recogniser",
        "voice_coach/audio/hearing_thread.py",
        "self.captured - self._heard > BACKLOG * SAMPLE_RATE",
        "self.captured < 0",
        "tests/audio/test_hearing_thread.py::test_an_ear_too_far_behind_is_a_trouble",
    ),
    Mutant(
        "a muted microphone is noticed",
        "voice_coach/audio/health.py",
        "return not self._pauses",
        "return False",
        "tests/audio/test_health.py::test_a_microphone_that_suddenly_gives_one_value_was_muted",
    ),
    Mutant(
        "a driver that hangs is noticed",
        "voice_coach/audio/health.py",
        "return self._repeats > LASTS * BLOCKS_A_SECOND",
        "return False",
        "tests/audio/test_health.py::test_a_driver_that_repeats_its_buffer_for_ever_is_stuck",
    ),
    Mutant(
        "a microphone driven too hard is noticed",
        "voice_coach/audio/health.py",
        "np.mean(self._clipped) > CLIPPED_SHARE",
        "np.mean(self._clipped) > 1",
        "tests/audio/test_health.py::test_noise_or_a_hum_at_full_scale_that_clips_is_told",
    ),
    Mutant(
        "a gain that drops is noticed",
        "voice_coach/audio/health.py",
        "return self._fallen > STAYS",
        "return False",
        "tests/audio/test_health.py::test_a_microphone_whose_gain_drops_is_told_within_two_seconds",
    ),
    Mutant(
        "noise as loud as the person is a fault",
        "voice_coach/hearing/masking.py",
        "if max(noise, lasting) > loudest:",
        "if loudest > 0:",
        "tests/hearing/test_masking.py::test_noise_as_loud_as_the_person_is_deafness_after_a_second_and_a_half",
    ),
    Mutant(
        "nobody is pressed in noise",
        "voice_coach/core/session.py",
        "                interruptions.pause_in_noise(turn, now)",
        "                pass",
        "tests/core/test_safety.py::test_nobody_is_pressed_in_a_noise_in_which_a_cry_could_go_unheard",
    ),
    Mutant(
        "no storm of signals cuts the last words",
        "voice_coach/core/heard.py",
        "state in ending.LAST_WORDS:",
        "state is None:",
        "tests/core/test_safety.py::test_no_storm_of_signals_cuts_the_last_words",
    ),
    Mutant(
        "only a second Ctrl-C leaves at once",
        "voice_coach/watchman.py",
        "if interrupted and number == signal.SIGINT:",
        "if interrupted:",
        "tests/test_watchman.py::test_only_a_second_control_c_leaves_at_once",
    ),
    Mutant(
        "one session at a time",
        "voice_coach/only_session.py",
        "fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)",
        "fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)",
        "tests/test_only_session.py::test_a_second_session_is_refused_in_clear_words_until_the_first_is_over_or_killed",
    ),
    Mutant(
        "the drift of two clocks is followed",
        "voice_coach/aec/drift.py",
        "return coarse + fine",
        "return fine",
        "tests/aec/test_parts.py::test_a_path_that_turned_by_several_samples_is_not_taken_for_less",
    ),
    Mutant(
        "what two clocks drift apart is no jump of the echo",
        "voice_coach/aec/canceller.py",
        "            if abs(jump.samples) > _DRIFTED:\n",
        "            if jump:\n",
        "tests/aec/test_canceller.py::"
        "test_clocks_that_drift_apart_from_the_first_word_on_are_no_jump_of_the_echo",
    ),
    Mutant(
        "the canceller is told where the far end was moved",
        "voice_coach/aec/canceller.py",
        "        self._filter.shift(-samples)\n",
        "",
        "tests/aec/test_canceller.py::"
        "test_a_far_end_that_is_moved_in_a_pause_is_cancelled_from_its_next_word_on",
    ),
    Mutant(
        "the second pass lets the sound go first",
        "voice_coach/hearing/worker.py",
        "        let_others_go_first()\n",
        "",
        "tests/hearing/test_worker.py::"
        "test_on_a_slow_computer_the_second_pass_lets_the_sound_go_first",
    ),
    Mutant(
        "all sessions of a page share one heap",
        "voice_coach/home_page.py",
        "    _take_memory_from_one_heap()\n    while",
        "    while",
        "tests/test_home_page.py::test_all_threads_of_all_sessions_take_memory_from_one_heap",
    ),
    Mutant(
        "an offset of the sound card is not heard",
        "voice_coach/aec/canceller.py",
        "self._high_pass.filter(_finite(microphone))",
        "_finite(microphone)",
        "tests/aec/test_canceller.py::test_a_microphone_with_an_offset_hears_the_same",
    ),
    Mutant(
        "an echo that jumps is found again",
        "voice_coach/aec/canceller.py",
        "            self._filter.shift(jump.samples)\n",
        "",
        "tests/aec/test_canceller.py::"
        "test_an_echo_that_jumps_is_found_again_within_a_third_of_a_second",
    ),
    Mutant(
        "gaps that the sound system reports are used",
        "voice_coach/audio/aligner.py",
        "        self._reported = True\n",
        "",
        "tests/audio/test_aligner.py::"
        "test_samples_that_the_microphone_lost_shift_the_echo_until_their_gap_is_reported",
    ),
    Mutant(
        "the strongest channel is heard",
        "voice_coach/audio/channels.py",
        "            self._chosen = strongest\n",
        "            pass\n",
        "tests/audio/test_channels.py::test_of_six_microphones_the_one_that_hears_most_is_taken",
    ),
    Mutant(
        "ALSA writes nothing to the terminal",
        "voice_coach/audio/sound_system.py",
        "        alsa.snd_lib_error_set_handler(nothing)\n",
        "",
        "tests/audio/test_sound_system.py::"
        "test_alsa_writes_nothing_to_the_terminal_from_any_thread",
    ),
    Mutant(
        "a computer that may be too slow is told before",
        "voice_coach/hearing/session_hearing.py",
        "if real_time_factor(listener, speech) > BUSY:",
        "if real_time_factor(listener, speech) < 0:",
        "tests/hearing/test_session_hearing.py::test_that_a_computer_may_be_too_slow_is_told_before_the_routine",
    ),
    Mutant(
        "a coach that is as loud as the person speaks softer",
        "voice_coach/core/side_commands.py",
        "ceil((WELL_UNDER - over_echo) / VOLUME_STEP)",
        "ceil((over_echo - over_echo) / VOLUME_STEP)",
        "tests/core/test_session.py::"
        "test_a_coach_whose_echo_comes_near_to_the_person_speaks_softer",
    ),
    Mutant(
        "one model serves all sessions of the page",
        "voice_coach/hearing/vosk_recogniser.py",
        "@lru_cache(maxsize=1)\n",
        "",
        "tests/hearing/test_vosk_recogniser.py::"
        "test_sessions_one_after_another_need_the_memory_of_one_model",
    ),
    Mutant(
        "only so many files of a folder are read",
        "voice_coach/catalogue.py",
        "    return paths[:MOST_FILES]",
        "    return paths",
        "tests/test_plain_files.py::test_ten_thousand_routines_are_not_all_read",
    ),
    Mutant(
        "the watch on the voice",
        "voice_coach/runner.py",
        "now > self._mute_after:",
        "now < 0:",
        "tests/test_runner.py::test_a_voice_that_does_not_come_in_time_is_one_fault",
    ),
    Mutant(
        "a voice that breaks down is a fault",
        "voice_coach/speech/narrator.py",
        "        if not self._closed:\n            self._post",
        "        if self._closed:\n            self._post",
        "tests/speech/test_narrator.py::test_fault",
    ),
    Mutant(
        "no twist before the stop test is passed",
        "voice_coach/core/stop_test.py",
        "if routine is None or turn.stop_test.voices >= routine.people:",
        "if True:",
        "tests/core/test_stop_test.py::test_no_twist_and_no_press_begins_before_the_stop_is_tested",
    ),
    Mutant(
        "no answer to the question is a yes under a partner's hands",
        "voice_coach/core/interruptions.py",
        "if asked.asked is None or _is_under_hands(turn):\n        ending.pain(turn, now)",
        "if asked.asked is None or _is_under_hands(turn):\n        go_back(turn, Command.NO, now)",
        "tests/core/test_pain_confirmation.py::test_no_answer_under_a_partners_hands_is_a_yes",
    ),
    Mutant(
        "no answer to the second asking is a yes",
        "voice_coach/core/interruptions.py",
        "    else:\n        ending.pain(turn, now)\n\n\ndef _is_under_hands",
        "    else:\n        go_back(turn, Command.NO, now)\n\n\ndef _is_under_hands",
        "tests/core/test_pain_confirmation.py::"
        "test_where_no_hands_press_it_is_asked_twice_before_silence_is_a_yes",
    ),
    Mutant(
        "the partner is spoken to first",
        "voice_coach/core/safety.py",
        "return (*to_partner, *notes.person,",
        "return (*notes.person, *to_partner,",
        "tests/core/test_safety.py::test_the_partner_is_told_first_to_take_the_hands_off",
    ),
    Mutant(
        "the latch",
        "voice_coach/core/ending.py",
        "    turn.state = State.HURT\n",
        "    turn.state = State.WAITING\n",
        "tests/core/test_safety.py::test_nothing_leads_back_from_pain",
    ),
    Mutant(
        "last words that stood still are said again",
        "voice_coach/core/ending.py",
        'if fault.part == "computer":',
        "if not fault.part:",
        "tests/core/test_safety.py::test_last_words_that_stood_still_are_said_again",
    ),
    Mutant(
        "the coach's own words are not the person's",
        "voice_coach/hearing/first_pass.py",
        "if now - at < SELF_ECHO",
        "if False",
        "tests/hearing/test_listener.py::test_pain_in_the_coachs_own_words_is_not_the_persons",
    ),
    Mutant(
        "no archive writes outside its folder",
        "voice_coach/hearing/unpacking.py",
        'if ".." in path.parts or any',
        "if any",
        "tests/hearing/test_unpacking.py::test_a_name_that_leads_elsewhere_is_refused",
    ),
    Mutant(
        "no archive fills the disk",
        "voice_coach/hearing/unpacking.py",
        "if size > limit:",
        "if size < 0:",
        "tests/hearing/test_unpacking.py::test_a_bomb_is_refused_before_it_fills_the_disk",
    ),
    Mutant(
        "a damaged clip is not played",
        "voice_coach/speech/clips.py",
        "if seal != _seal(key, wav):",
        "if not seal:",
        "tests/speech/test_clips.py::test_damaged_file",
    ),
    Mutant(
        "files are for the user alone",
        "voice_coach/private.py",
        "os.O_WRONLY, 0o600)",
        "os.O_WRONLY, 0o644)",
        "tests/history/test_log_writer.py::"
        "test_a_log_and_its_folder_are_for_the_user_alone_whatever_the_umask",
    ),
    Mutant(
        "no file is written through a link",
        "voice_coach/private.py",
        "    if not stat.S_ISREG(mode):\n",
        "    if stat.S_ISDIR(mode):\n",
        "tests/test_plain_files.py::"
        "test_a_link_in_the_place_of_a_private_file_is_neither_followed_nor_opened",
    ),
    Mutant(
        "only plain files are read",
        "voice_coach/plain_files.py",
        "    if not stat.S_ISREG(found.st_mode):\n",
        "    if stat.S_ISDIR(found.st_mode):\n",
        "tests/test_plain_files.py::test_what_is_no_plain_file_of_sensible_size_is_refused_at_once",
    ),
    Mutant(
        "broken settings do not stop the safety note",
        "voice_coach/cli/shell.py",
        "        if verb not in ALWAYS:\n",
        "        if verb:\n",
        "tests/test_plain_files.py::"
        "test_broken_settings_stop_neither_the_safety_note_nor_the_doctor",
    ),
    Mutant(
        "a stamp names an archive of the manifest",
        "voice_coach/hearing/model_store.py",
        "sha256 in {archive.sha256 for archive in model.archives}",
        "sha256",
        "tests/hearing/test_model_store.py::"
        "test_a_stamp_of_an_archive_that_the_manifest_does_not_name_counts_for_nothing",
    ),
    Mutant(
        "a disk without locks is used without them",
        "voice_coach/history/database.py",
        "error.errno not in NO_LOCKS",
        "True",
        "tests/history/test_store.py::test_a_disk_without_locks_remembers_all_the_same_and_is_told",
    ),
    Mutant(
        "the clip cache has a limit",
        "voice_coach/speech/clips.py",
        "if self._size is None or self._size > LIMIT:",
        "if self._size is None:",
        "tests/speech/test_clips.py::test_a_store_that_goes_on_saving_keeps_to_its_limit",
    ),
    Mutant(
        "what a voice cannot say is found",
        "voice_coach/core/advice.py",
        "        *_unspeakable(_texts(routine), language),\n",
        "",
        "tests/core/test_advice.py::test_what_a_voice_cannot_say_is_found_wherever_it_stands",
    ),
    Mutant(
        "a name that cannot be heard is found",
        "voice_coach/core/advice.py",
        "        *_unheard(routine.names, language, knows),\n",
        "",
        "tests/core/test_advice.py::test_a_name_with_words_that_the_model_does_not_know_is_found",
    ),
    Mutant(
        "a connection without a request is closed",
        "voice_coach/display/web/connection.py",
        "loop.call_later(HEADER_TIMEOUT,",
        "loop.call_later(3600,",
        "tests/display/test_web_load.py::test_a_connection_that_sends_no_request_is_closed",
    ),
    Mutant(
        "connections without the token are few",
        "voice_coach/display/web/connection.py",
        "if len(self._timers) > MOST_STRANGERS:",
        "if len(self._timers) > 10**6:",
        "tests/display/test_web_load.py::test_of_too_many_strangers_the_oldest_is_closed",
    ),
    Mutant(
        "the server rests after work",
        "voice_coach/display/web/connection.py",
        "time.sleep(min(REST * worked, LONGEST_REST))",
        "time.sleep(0)",
        "tests/display/test_web_load.py::"
        "test_after_work_the_server_rests_three_times_as_long_but_not_for_long",
    ),
    Mutant(
        "a pasted text is no keys",
        "voice_coach/display/terminal/keyboard.py",
        "if len(whole) > PASTED:",
        "if len(whole) > 10**6:",
        "tests/display/test_web_load.py::test_a_pasted_text_does_not_flood_the_session",
    ),
    Mutant(
        "what lies in advance on a phone is taken back",
        "voice_coach/audio/ahead_mixer.py",
        "self._take_back(self.played, Mixer.cut)",
        "self._take_back(self.position, Mixer.cut)",
        "tests/audio/test_ahead_mixer.py::test_a_cut_silences_what_lies_in_advance",
    ),
    Mutant(
        "a phone without its coach falls silent",
        "voice_coach/display/web/static/phone_player.js",
        "if (this.unheard++ > PATIENCE) {",
        "if (false) {",
        "tests/test_phone_player.py::"
        "test_half_a_second_without_a_word_from_the_coach_is_silence_and_the_last_words",
    ),
    Mutant(
        "a second phone ends the session",
        "voice_coach/audio/phone_line.py",
        'self._answerer.phone_lost("second")',
        "pass",
        "tests/audio/test_phone.py::test_a_second_phone_is_refused_and_ends_the_session_as_a_fault",
    ),
    Mutant(
        "a room that is silent is not known",
        "voice_coach/rooms/board.py",
        "        and now.clock - room.heard.clock <= SILENCE\n",
        "",
        "tests/rooms/test_board.py::"
        "test_a_room_that_speaks_is_known_and_one_that_is_silent_is_not_known_any_more",
    ),
    Mutant(
        "what a broker has kept is no sign of life",
        "voice_coach/rooms/board.py",
        "alive = room if message.retained else replace(room, heard=now)",
        "alive = replace(room, heard=now)",
        "tests/rooms/test_board.py::test_what_the_broker_had_kept_is_no_sign_of_life",
    ),
    Mutant(
        "what was heard before the broker was lost does not count",
        "voice_coach/rooms/board.py",
        "        and room.heard.clock >= board.since.clock\n",
        "",
        "tests/rooms/test_board.py::"
        "test_without_the_broker_no_room_is_known_until_it_is_heard_again",
    ),
    Mutant(
        "of two events with one id the pain counts",
        "voice_coach/rooms/board.py",
        "elif noted.urgent and same.event.event_type is not Outcome.PAIN:",
        "elif False:",
        "tests/rooms/test_board.py::test_a_forged_event_with_the_id_of_a_pain_does_not_hide_it",
    ),
    Mutant(
        "open pain is the last event to go",
        "voice_coach/rooms/board.py",
        "next((each for each in events if not each.urgent), events[0])",
        "events[0]",
        "tests/rooms/test_board.py::test_a_flood_of_rooms_and_events_is_bounded_and_keeps_the_pain",
    ),
    Mutant(
        "an event is on the disk before it is confirmed",
        "voice_coach/rooms/desk.py",
        "            self._keep()\n            return",
        "            return",
        "tests/rooms/test_board_store.py::"
        "test_a_message_is_kept_before_it_is_confirmed_and_known_after_a_restart",
    ),
    Mutant(
        "only a room that waits is asked to start",
        "voice_coach/rooms/board.py",
        'state.state == "idle" and state.starts',
        "True",
        "tests/rooms/test_board.py::"
        "test_a_routine_is_started_only_in_a_room_that_is_known_idle_and_takes_it",
    ),
    Mutant(
        "a start that is late is not told",
        "voice_coach/rooms/desk.py",
        "        self._waiting_requests()  # what was asked for before is too late\n",
        "",
        "tests/rooms/test_desk.py::test_a_start_that_could_not_be_told_at_once_is_not_told_later",
    ),
    Mutant(
        "a plan that was changed on its way is not offered",
        "voice_coach/rooms/assignment.py",
        "if checksum(told.plan) != told.sha256:",
        "if False:",
        "tests/rooms/test_assignment.py::"
        "test_what_is_forged_damaged_or_old_is_refused_in_one_sentence",
    ),
    Mutant(
        "a plan that was assigned long ago is not offered",
        "voice_coach/rooms/assignment.py",
        "or not -CLOCKS <= now - told.made <= HOLDS:",
        "or False:",
        "tests/rooms/test_assignment.py::"
        "test_what_is_forged_damaged_or_old_is_refused_in_one_sentence",
    ),
    Mutant(
        "a plan from elsewhere puts no words into the coach's mouth",
        "voice_coach/core/assigned_plan.py",
        "if plan.area not in known:",
        "if known.setdefault(plan.area, plan) is None:",
        "tests/rooms/test_assignment.py::"
        "test_what_is_forged_damaged_or_old_is_refused_in_one_sentence",
    ),
    Mutant(
        "a plan never leaves a head hanging",
        "voice_coach/core/plan.py",
        "elif block.steps and any(step.head_low for step in routine.steps):",
        "elif False:",
        "tests/core/test_assigned.py::test_a_plan_never_leaves_a_head_hanging",
    ),
    Mutant(
        "a plan that was withdrawn while the room was away is offered no more",
        "voice_coach/rooms/room.py",
        'self._plan = b""  # the',
        "pass  # the",
        "tests/rooms/test_assignment.py::"
        "test_a_plan_that_was_withdrawn_while_the_room_was_away_is_offered_no_more",
    ),
    Mutant(
        "one twist in a plan, wherever it stands",
        "voice_coach/core/plan.py",
        "for block in whole)\n    places",
        "for block in mains)\n    places",
        "tests/core/test_assigned.py::test_no_plan_twists_twice_wherever_its_twists_stand",
    ),
    Mutant(
        "how it went is told only with the person's consent",
        "voice_coach/rooms/room.py",
        "view.outcome and view.consented",
        "view.outcome",
        "tests/rooms/test_assignment.py::test_without_consent_nothing_goes_back",
    ),
    Mutant(
        "only a yes is consent",
        "voice_coach/core/usage_guard.py",
        "consents = answer is Command.YES",
        "consents = answer is not Command.NO",
        "tests/core/test_assigned.py::test_only_a_yes_lets_it_be_told_how_it_goes",
    ),
    Mutant(
        "who is forgotten is not left in the journal",
        "voice_coach/rooms/database.py",
        '            "journal_mode = TRUNCATE",',
        "           ",
        "tests/rooms/test_people.py::test_who_is_forgotten_leaves_no_row_and_others_stay",
    ),
    Mutant(
        "nobody is announced while a partner may press",
        "voice_coach/core/announcement.py",
        "        and turn.progress.released\n",
        "",
        "tests/core/test_announcement.py::test_it_waits_until_the_partner_has_let_go",
    ),
    Mutant(
        "somebody is announced before a cue only with time to spare",
        "voice_coach/core/announcement.py",
        "if ends <= running.next_cue():",
        "if True:",
        "tests/core/test_announcement.py::test_every_cue_keeps_its_moment_and_its_order",
    ),
    Mutant(
        "nobody is announced where something is asked or tested",
        "voice_coach/core/announcement.py",
        "turn.state not in OPEN or ",
        "",
        "tests/core/test_announcement.py::"
        "test_it_changes_nothing_while_something_is_asked_tested_or_pressed",
    ),
    Mutant(
        "somebody is announced once a minute",
        "voice_coach/core/announcement.py",
        "now >= said_at + AGAIN",
        "True",
        "tests/core/test_announcement.py::test_a_flood_is_said_once_and_again_only_after_a_minute",
    ),
    Mutant(
        "a cry right after an order is no part of it",
        "voice_coach/hearing/endpointer.py",
        " and utterance.start <= self._until\n",
        "\n",
        "tests/hearing/test_spotter.py"
        "::test_a_cry_right_after_an_order_is_obeyed_and_the_coach_stays_silent",
    ),
    Mutant(
        "the coach stays silent for a cry right after an order",
        "voice_coach/hearing/listener.py",
        "        goes_on = speech.utterance.start > report.until\n",
        "        goes_on = False\n",
        "tests/hearing/test_spotter.py"
        "::test_a_cry_right_after_an_order_is_obeyed_and_the_coach_stays_silent",
    ),
    Mutant(
        "the next routine knows that the press is over",
        "voice_coach/core/flow.py",
        "        press_over=progress.press_over,\n",
        "",
        "tests/core/test_press_questions.py"
        "::test_after_a_crack_nobody_presses_in_the_next_routine_either",
    ),
    Mutant(
        "no round follows the last push",
        "voice_coach/core/breath_led.py",
        "        if self.left <= 0 or self.gives_up:\n",
        "        if self.gives_up:\n",
        "tests/core/test_breath_led.py::test_after_the_last_push_an_interruption_brings_no_other",
    ),
    Mutant(
        "the log holds no answer about the body",
        "voice_coach/history/event_log.py",
        "if state is State.SCREENING:",
        "if False:",
        "tests/test_replay.py::test_a_log_keeps_no_answer_to_the_questions_about_the_body",
    ),
    Mutant(
        "who is ready early hears the words for pain",
        "voice_coach/core/intro.py",
        "if text == lines.teach_pain)",
        "if False)",
        "tests/core/test_briefing.py::test_who_is_ready_too_early_still_hears_the_words_for_pain",
    ),
    Mutant(
        "next skips no caution in a plan",
        "voice_coach/core/flow.py",
        "if command is Command.NEXT and holds_caution(turn, turn.speech.coming):",
        "if False:",
        "tests/core/test_session.py::test_however_often_next_is_said_a_plan_skips_no_caution",
    ),
    Mutant(
        "a pause before a caution leads back to it",
        "voice_coach/core/heard.py",
        "    return command is Command.NEXT and interruptions.holds_caution(turn)\n",
        "    return False\n",
        "tests/core/test_session.py::test_no_row_of_commands_skips_a_caution_in_a_plan",
    ),
)


def red(mutant: Mutant) -> bool:
    """Remove a control in a copy of the program, and tell whether its test fails there."""
    with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
        root = Path(folder)
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, root / name)
            else:
                shutil.copy2(source, root / name)
        (root / "models").symlink_to(ROOT / "models")
        mutant.apply(root)
        command = (sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider")
        try:
            ended = subprocess.run(  # noqa: S603 - it is our own
                (*command, mutant.test),
                cwd=root,
                capture_output=True,
                timeout=PATIENCE,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return True
        if ended.returncode not in (0, 1):  # neither passed nor failed
            raise RuntimeError(ended.stdout.decode() + ended.stderr.decode())
        return ended.returncode == 1


def main(words: Sequence[str] | None = None) -> int:
    """Remove each control; give 1 if for one of them no test failed."""
    parser = argparse.ArgumentParser(prog="scripts/mutate", description=__doc__)
    parser.add_argument("--only", metavar="WORDS", default="", help="controls with these words")
    asked = parser.parse_args(words)
    mutants = [mutant for mutant in MUTANTS if asked.only in mutant.control]
    missed = 0
    for mutant in mutants:
        seen = mutant.applies() and red(mutant)
        missed += seen
        told = "red" if seen else "NOT MISSED" if mutant.applies() else "NOT THERE"
        print(f"{told:11} {mutant.control:45} {mutant.test}", flush=True)  # noqa: T201 - asked for
    print(f"{missed} of {len(mutants)} controls are missed by their tests.")  # noqa: T201
    return 0 if missed == len(mutants) else 1


if __name__ == "__main__":
    sys.exit(main())
