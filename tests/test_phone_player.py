"""What the phone's page does with single samples, in a real browser: it plays, fades and resamples.

No sound card is needed: time is a count of samples.
"""

from __future__ import annotations

import numpy as np
import pytest
from screens.chromium import chromium, window

from voice_coach.display.web.display import WebDisplay

pytestmark = pytest.mark.real_parts

FADE = 80
"""Samples of a fade: 5 ms."""


@pytest.fixture(scope="module")
def page():
    from voice_coach.catalogue import read_language  # noqa: PLC0415 - once for all

    with chromium() as browser, WebDisplay(read_language()) as web:
        page = window(browser, "phone")
        page.goto(web.address)
        page.evaluate(
            """async () => {
              Object.assign(window, await import("./static/phone_player.js"));
              Object.assign(window, await import("./static/phone_resampler.js"));
              window.play = (player, n) => Array.from({ length: n }, () => player.next());
              window.tone = (n) => Array.from({ length: n }, (_, i) => 0.5 * Math.sin(i / 20));
            }"""
        )
        yield page


def run(page, script):
    """Run the body of a function on a new player; give what it returns as an array."""
    return page.evaluate(f"() => {{ const player = new Player(); {script} }}")


def test_nothing_sounds_before_a_session_begins(page):
    assert not any(run(page, "player.write(0, tone(500)); return play(player, 500)"))


def test_each_sample_is_played_at_its_place_however_it_came(page):
    sound = run(
        page,
        "player.begin(); const all = tone(3000);"
        "player.write(0, new Array(200).fill(0));"
        "player.write(200, all.slice(0, 1000)); player.write(1200, all.slice(1000));"
        "return [play(player, 3200), all, player.missed]",
    )
    assert np.allclose(sound[0][200:], sound[1], atol=1e-6)
    assert sound[2] == 0


def test_a_cut_that_comes_while_it_sounds_is_silent_within_five_milliseconds(page):
    """The coach sends silence from a sample on that is long played."""
    sound = run(
        page,
        "player.begin(); player.write(0, tone(4000)); const before = play(player, 1000);"
        "player.write(700, new Array(3300).fill(0)); return [...before, ...play(player, 2000)]",
    )
    assert np.any(sound[900:1000])
    assert not np.any(sound[1000 + FADE :])
    assert np.max(np.abs(np.diff(sound))) < 0.05, "no click"


def test_what_comes_too_late_is_left_out_and_what_is_missing_is_silence_and_counted(page):
    sound, missed = run(
        page,
        "player.begin(); const all = tone(3000); player.write(0, all.slice(0, 500));"
        "const before = play(player, 800); player.write(500, all.slice(500));"
        "return [[...before, ...play(player, 1000)], player.missed]",
    )
    assert missed == 300
    assert not np.any(sound[500:800])
    expected = 0.5 * np.sin(np.arange(3000) / 20)
    assert np.allclose(sound[800 + FADE : 1800], expected[800 + FADE : 1800], atol=1e-5)


def test_half_a_second_without_a_word_from_the_coach_is_silence_and_the_last_words(page):
    sound, lost = run(
        page,
        "player.begin(); player.lastWords = tone(1000); player.write(0, tone(20_000));"
        "return [play(player, 12_000), player.lost]",
    )
    assert lost == "silent"
    assert np.any(sound[7900:8000])
    said = np.array(sound[8001 + FADE : 9001 + FADE])
    assert np.allclose(said, 0.5 * np.sin(np.arange(1000) / 20), atol=1e-5)
    assert not np.any(sound[9001 + FADE :])


def test_a_word_from_the_coach_in_time_is_enough(page):
    assert not run(
        page,
        "player.begin(); for (let i = 0; i < 10; i++) { play(player, 7000); player.hear(); }"
        "return player.lost",
    )


def test_once_lost_it_never_plays_what_the_coach_sends(page):
    sound = run(
        page,
        "player.begin(); player.write(0, tone(4000)); play(player, 1000); player.lose('hidden');"
        "player.begin(); player.write(1000, tone(4000)); player.lose('again');"
        "return [play(player, 3000), player.lost]",
    )
    assert not np.any(sound[0][FADE:])
    assert sound[1] == "hidden"


def test_a_session_of_hours_goes_round_the_store(page):
    sound = run(
        page,
        "player.begin(); let all = []; for (let first = 0; first < 200_000; first += 1000) {"
        "  player.write(first, new Array(1000).fill(first / 1e6)); player.hear();"
        "  if (first >= 4000) all.push(...play(player, 1000)); }"
        "return all",
    )
    assert np.allclose(sound[FADE::1000], np.arange(len(sound[FADE::1000])) / 1000, atol=1e-6)


@pytest.mark.parametrize(("source", "target"), [(48000, 16000), (44100, 16000), (16000, 48000)])
@pytest.mark.parametrize("frequency", [200, 1000, 3000, 6500])
def test_a_tone_keeps_its_pitch_and_its_loudness_at_another_rate(page, source, target, frequency):
    sound = page.evaluate(
        """([source, target, frequency]) => {
          const out = [], resampler = new Resampler(source, target);
          for (let i = 0; i < source; i++) {
            resampler.push(Math.sin((2 * Math.PI * frequency * i) / source), (x) => out.push(x));
          }
          return out;
        }""",
        [source, target, frequency],
    )
    assert len(sound) == pytest.approx(target, abs=2)
    spectrum = np.abs(np.fft.rfft(sound[-target // 2 :] * np.hanning(target // 2))) / target * 8
    loudest = int(np.argmax(spectrum)) * 2
    assert loudest == pytest.approx(frequency, abs=4)
    assert 20 * np.log10(spectrum.max()) == pytest.approx(0, abs=0.5)
    far = np.abs(np.arange(len(spectrum)) * 2 - frequency) > 100
    assert 20 * np.log10(spectrum[far].max()) < -50


def test_what_is_above_the_new_rate_does_not_fold_into_speech(page):
    sound = page.evaluate(
        """() => {
          const out = [], resampler = new Resampler(48000, 16000);
          for (let i = 0; i < 48000; i++) {
            resampler.push(Math.sin((2 * Math.PI * 10000 * i) / 48000), (x) => out.push(x));
          }
          return out;
        }"""
    )
    assert np.sqrt(np.mean(np.square(sound[200:]))) < 10 ** (-50 / 20)
