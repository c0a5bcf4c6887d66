"""The moments of the stop trial: they differ, and are made of what there is."""

from itertools import islice

from trials.moments import VOICES, draw

from voice_coach.catalogue import read_language


def test_fifty_moments_differ_and_every_routine_and_every_voice_is_among_them():
    language = read_language()
    moments = list(islice(draw(language, 1), 50))
    assert len(set(moments)) == 50
    assert {moment.routine for moment in moments} == {each.id for each in language.routines}
    assert {moment.voice for moment in moments} == set(VOICES)


def test_the_same_seed_draws_the_same_moments():
    language = read_language()
    first, again = (list(islice(draw(language, 3), 20)) for _ in range(2))
    assert first == again
    assert first != list(islice(draw(language, 4), 20))
