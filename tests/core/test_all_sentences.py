"""What is said in any session is known before it begins."""

from walks import walk

from voice_coach.core.actions import Say
from voice_coach.core.all_sentences import all_sentences, parts
from voice_coach.core.config import SessionConfig
from voice_coach.core.earcons import SECONDS as EARCONS
from voice_coach.core.rendering import rendered
from voice_coach.core.session import Session
from voice_coach.core.simulation import Simulation


def unknown(language, texts):
    """Give the texts that are not known, and are not made of such as are."""
    known = {*all_sentences(language), *EARCONS}
    return [text for text in texts if text not in known and not {*parts(text)} <= known]


def test_sessions_that_wander_say_nothing_unknown(language):
    said = set()
    for seed in range(200):
        said |= {
            entry.what.text for entry in walk(language, seed)[1] if isinstance(entry.what, Say)
        }
    assert len(said) > 150
    assert unknown(language, said) == []


def test_a_recording_says_nothing_unknown(language):
    for routine in language.routines:
        if routine.needs_hearing:
            continue  # it is not recorded
        only = language.with_only(rendered(routine, language))
        config = SessionConfig(language=only, routine=routine.id, rendered=True)
        recording = Simulation(Session(config))
        recording.run_until(lambda session: session.over)
        assert unknown(only, [spoken.text for spoken in recording.spoken]) == []


def test_each_is_listed_once_and_whole(language):
    listed = all_sentences(language)
    assert len(listed) == len(set(listed))
    assert not [text for text in listed if "{" in text or "|" in text]


def test_a_routine_of_ones_own_adds_its_sentences(language):
    own = language.routines[0].model_copy(update={"id": "own", "place": ("Stand by the sea.",)})
    added = {*all_sentences(language.taught_too(own))} - {*all_sentences(language)}
    assert "Stand by the sea." in added
    assert any("fourteen" in text for text in added)  # the number under which it is offered
