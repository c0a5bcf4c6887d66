"""How the parts are put together, and what happens when the better of two is not to be had."""

import pytest

from voice_coach import app
from voice_coach.catalogue import read_language, read_limits, read_rules, read_screening
from voice_coach.core.actions import Say
from voice_coach.core.config import SessionConfig
from voice_coach.core.earcons import OPENING
from voice_coach.core.guard import TwistReason
from voice_coach.core.past import PastSession
from voice_coach.core.session import Session
from voice_coach.core.simulation import Simulation
from voice_coach.core.view import Outcome
from voice_coach.hearing import model_store
from voice_coach.hearing.model_store import NoModel
from voice_coach.hearing.recognisers import open_recognisers
from voice_coach.hearing.vosk_recogniser import UnusableModel
from voice_coach.history import store
from voice_coach.history.usage import Figures, recall


@pytest.fixture
def no_model(monkeypatch):
    def nothing(*_):
        raise NoModel("The speech model could not be fetched: connect to the network.")

    monkeypatch.delenv(model_store.VARIABLE, raising=False)
    monkeypatch.setattr(model_store, "find", lambda *_: None)
    monkeypatch.setattr(model_store, "fetch", nothing)


def test_without_a_model_the_coach_hears_with_pocketsphinx_and_knows_why(no_model, language):
    recognisers = open_recognisers(language)
    assert recognisers.microphone.name == "pocketsphinx"
    assert recognisers.microphone is not recognisers.far_end
    assert recognisers.weak == "The speech model could not be fetched: connect to the network."


def test_with_the_model_the_coach_hears_with_vosk(language):
    recognisers = open_recognisers(language)
    assert recognisers.microphone.name == "vosk"
    assert recognisers.microphone is not recognisers.far_end
    assert not recognisers.weak


def test_a_model_that_was_asked_for_is_never_replaced_by_another(no_model, language, monkeypatch):
    def broken(*_):
        raise NoModel("/somewhere is no speech model.")

    monkeypatch.setattr(model_store, "find", broken)
    monkeypatch.setenv(model_store.VARIABLE, "/somewhere")
    with pytest.raises(NoModel, match="is no speech model"):
        open_recognisers(language)


def test_that_hearing_is_worse_is_said_aloud_before_anything_is_begun(language):
    session = Session(SessionConfig(language=language, weak_hearing=True))
    said = [action.text for action in session.start(0.0) if isinstance(action, Say)]
    assert said == [OPENING]
    coming = session.snapshot.speech.coming
    assert coming[:3] == (OPENING, *language.coach.welcome, language.coach.weak_hearing[0])


@pytest.fixture(scope="module")
def spanish():
    return read_language("es")


def test_spanish_without_its_model_is_never_heard_with_an_english_one(no_model, spanish):
    recognisers = open_recognisers(spanish)
    assert recognisers.deaf
    assert recognisers.microphone.name == recognisers.far_end.name == "none"
    assert recognisers.weak == (
        "The speech model could not be fetched: connect to the network; until then no word is "
        "understood, and the keyboard steers."
    )


def test_spanish_says_what_is_missing_and_how_to_mend_it(spanish, tmp_path, monkeypatch):
    monkeypatch.delenv(model_store.VARIABLE, raising=False)
    monkeypatch.setattr(model_store, "store", lambda: tmp_path)
    told = open_recognisers(spanish).weak
    for part in ("vosk-model-small-es", " is missing", "https://", "--model", "keyboard steers."):
        assert part in told
    assert told.count(". ") == 0, "it is one sentence"


def test_a_model_of_another_language_is_refused(language, spanish):
    english = model_store.find(model_store.manifest(), model_store.store())
    assert not open_recognisers(language, english).unknown
    with pytest.raises(UnusableModel, match=r"does not know .* name one of .es."):
        open_recognisers(spanish, english)


def test_without_hearing_the_keys_are_taught_first_and_they_lead_to_the_end(spanish):
    bends = spanish.routine("gentle-bends")
    simulation = Simulation(Session(SessionConfig(language=spanish, routine=bends.id, deaf=True)))
    simulation.run_obediently()
    said = [spoken.text for spoken in simulation.spoken]
    assert said[1:4] == list(spanish.coach.deaf)
    assert simulation.session.outcome is Outcome.COMPLETED


def test_without_hearing_no_partner_presses(no_model, spanish, history):
    press = spanish.routine("assisted-press")
    told = []
    with pytest.raises(NoModel, match="is not led where no word is understood"):
        app.run_live(
            SessionConfig(language=spanish, routine=press.id),
            app.LiveOptions(),
            announce=told.append,
            leave=lambda: None,
        )
    assert any(sentence.endswith("the keyboard steers.") for sentence in told)
    assert press not in spanish.alone().routines


@pytest.fixture
def history(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "FILE", tmp_path / "data" / "history.db")
    return store.FILE


def recalled(language, announce=print):
    return recall(language, Figures(read_limits(), read_screening(), read_rules()), announce)


def weigh(language):
    told = []
    return recalled(language, told.append)["guard"], told


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
    guard, told = weigh(language)
    assert (guard.twisting, guard.hurt_lately, guard.hurt_often) == (None, False, False)
    assert not told


def test_a_twist_of_just_now_is_known_at_the_next_start(history, language):
    remember()
    guard, told = weigh(language)
    assert guard.twisting is TwistReason.LATELY
    assert not told


def test_what_was_done_before_is_known_at_the_next_start(history, language):
    remember()
    assert recalled(language)["known_routines"] == {"chair-lean"}


@pytest.mark.parametrize(("days", "known"), [(100, {"chair-lean"}), (200, set())])
def test_after_half_a_year_a_routine_is_told_anew(history, language, days, known):
    """Who comes back so late hears the whole briefing again, with the way down to the floor."""
    remember(utc=store.wall_clock().utc - days * 86_400)
    figures = Figures(read_limits(), read_screening(), read_rules())
    assert recall(language, figures, print)["known_routines"] == known


def test_pain_on_many_days_is_shown_too(history, language):
    now = store.wall_clock().utc
    for days in (9, 5, 1):
        remember(utc=now - days * 86_400, outcome=Outcome.PAIN)
    guard, told = weigh(language)
    assert guard.hurt_lately
    assert guard.hurt_often
    assert told == [" ".join(language.coach.usage_guard.see_doctor)]


def test_a_past_that_cannot_be_read_fails_safe_with_one_sentence(history, language):
    history.parent.touch()
    guard, told = weigh(language)
    assert guard.twisting is TwistReason.UNKNOWN
    (sentence,) = told
    assert sentence.endswith("Until then nothing is remembered.")


def test_a_past_that_was_damaged_fails_safe_and_is_kept(history, language):
    history.parent.mkdir()
    history.write_bytes(b"no history" * 500)
    guard, told = weigh(language)
    assert guard.twisting is TwistReason.UNKNOWN
    (sentence,) = told
    assert str(store.damaged_files()[0]) in sentence
    assert weigh(language) == (guard, []), "it is told once, and stays unknown"
