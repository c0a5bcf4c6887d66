"""How the parts are put together, and what happens when the better of two is not to be had."""

import numpy as np
import pytest

from voice_coach import app
from voice_coach.audio.echo import EchoCanceller
from voice_coach.core.actions import Say
from voice_coach.core.guard import Reason
from voice_coach.core.past import PastSession
from voice_coach.core.session import Session
from voice_coach.core.view import Outcome
from voice_coach.hearing import model_store
from voice_coach.hearing.model_store import NoModel
from voice_coach.history import store


@pytest.fixture
def no_model(monkeypatch):
    def nothing(*_):
        raise NoModel("The speech model could not be fetched: connect to the network.")

    monkeypatch.delenv(model_store.VARIABLE, raising=False)
    monkeypatch.setattr(model_store, "find", lambda *_: None)
    monkeypatch.setattr(model_store, "fetch", nothing)


def test_without_a_model_the_coach_hears_with_pocketsphinx_and_knows_why(no_model, language):
    ears = app.open_ears(language)
    assert ears.person.name == "pocketsphinx"
    assert ears.person is not ears.coach
    assert ears.weak == "The speech model could not be fetched: connect to the network."


def test_with_the_model_the_coach_hears_with_vosk(language):
    ears = app.open_ears(language)
    assert ears.person.name == "vosk"
    assert ears.person is not ears.coach
    assert not ears.weak


def test_a_model_that_was_asked_for_is_never_replaced_by_another(no_model, language, monkeypatch):
    def broken(*_):
        raise NoModel("/somewhere is no speech model.")

    monkeypatch.setattr(model_store, "find", broken)
    monkeypatch.setenv(model_store.VARIABLE, "/somewhere")
    with pytest.raises(NoModel, match="is no speech model"):
        app.open_ears(language)


def test_that_hearing_is_worse_is_said_aloud_before_anything_is_begun(language):
    session = Session(language, weak_hearing=True)
    said = [action.text for action in session.start(0.0) if isinstance(action, Say)]
    assert said == list(language.coach.welcome[:1])
    assert language.coach.weak_hearing[0] in session._narration.coming  # noqa: SLF001


def test_a_silent_loudspeaker_leaves_the_microphone_as_it_is():
    canceller = EchoCanceller()
    microphone = np.random.default_rng(0).standard_normal(320 * 20).astype(np.float32) * 0.05
    far_end = np.zeros(320, np.float32)
    left = np.concatenate(
        [canceller.cancel(block, far_end) for block in microphone.reshape(-1, 320)]
    )
    assert np.allclose(left[320:], microphone[:-320], atol=1e-3)


@pytest.fixture
def history(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "FILE", tmp_path / "data" / "history.db")
    return store.FILE


def weigh(language):
    told = []
    verdict, _ = app.weigh_the_past(language, told.append)
    return verdict, told


def remember(**changes):
    utc = changes.pop("utc", store.wall_clock().utc)
    values = {"routine": "chair-lean", "twist": True, "outcome": Outcome.COMPLETED, **changes}
    with store.open_history() as history:
        history.write(
            PastSession(
                number=0, began=utc, ended=utc, offset=0.0, steps=7, reached=7, step=7,
                title="Lean", felt=None, **values,
            )
        )  # fmt: skip


def test_without_a_past_everything_is_allowed_and_nothing_is_told(history, language):
    verdict, told = weigh(language)
    assert (verdict.twisting, verdict.hurt_lately, verdict.hurt_often) == (None, False, False)
    assert not told


def test_a_twist_of_just_now_is_known_at_the_next_start(history, language):
    remember()
    verdict, told = weigh(language)
    assert verdict.twisting is Reason.LATELY
    assert not told


def test_what_was_done_before_is_known_at_the_next_start(history, language):
    remember()
    _, known = app.weigh_the_past(language, print)
    assert known == {"chair-lean"}


def test_pain_on_many_days_is_shown_too(history, language):
    now = store.wall_clock().utc
    for days in (9, 5, 1):
        remember(utc=now - days * 86_400, outcome=Outcome.PAIN)
    verdict, told = weigh(language)
    assert verdict.hurt_lately
    assert verdict.hurt_often
    assert told == [" ".join(language.coach.guard.see_doctor)]


def test_a_past_that_cannot_be_read_fails_safe_with_one_sentence(history, language):
    history.parent.touch()
    verdict, told = weigh(language)
    assert verdict.twisting is Reason.UNKNOWN
    (sentence,) = told
    assert sentence.endswith("Until then nothing is remembered.")


def test_a_past_that_was_damaged_fails_safe_and_is_kept(history, language):
    history.parent.mkdir()
    history.write_bytes(b"no history" * 500)
    verdict, told = weigh(language)
    assert verdict.twisting is Reason.UNKNOWN
    (sentence,) = told
    assert str(store.damaged_ones()[0]) in sentence
    assert weigh(language) == (verdict, []), "it is told once, and stays unknown"
