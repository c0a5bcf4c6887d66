"""How the parts are put together, and what happens when the better of two is not to be had."""

import numpy as np
import pytest

from voice_coach import app
from voice_coach.audio.echo import EchoCanceller
from voice_coach.core.actions import Say
from voice_coach.core.session import Session
from voice_coach.hearing import model_store
from voice_coach.hearing.model_store import NoModel


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
