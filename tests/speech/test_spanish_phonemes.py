"""Spanish is read as it is spoken in Spain, in symbols that the network knows."""

import pytest

from voice_coach.speech.kokoro import SYMBOLS
from voice_coach.speech.spanish_phonemes import phonemes


def test_a_sentence_keeps_its_pauses_and_joins_its_words():
    said = phonemes("Con las manos en el suelo, gire despacio. ¿Quiere seguir?")
    assert said == "kon las mˈanos en el swˈelo, xˈiɾe ðespˈaθjo. kjˈeɾe seɣˈiɾ?"


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("rodilla", "roðˈiʎa"),
        ("alrededor", "ˌalreðeðˈoɾ"),
        ("enrolle", "enrˈoʎe"),
        ("perro", "pˈero"),
        ("pero", "pˌeɾo"),
        ("pecho", "pˈeʧo"),
        ("ahora", "aˈoɾa"),
        ("hueso", "wˈeso"),
        ("hielo", "jˈelo"),
        ("quien", "kjen"),
        ("cinco", "θˈinko"),
        ("cruce", "kɾˈuθe"),
        ("guía", "ɡˈia"),
        ("guarde", "ɡwˈaɾðe"),
        ("vergüenza", "beɾɣwˈɛnθa"),
        ("gire", "xˈiɾe"),
        ("bajo", "bˈaxo"),
        ("sexual", "sekswˈal"),
        ("vuelva", "bwˈelβa"),
        ("niña", "nˈiɲa"),
        ("yo", "ʝˈo"),
        ("muy", "mˈuj"),
        ("rey", "rˈA"),
        ("y", "i"),
    ],
)
def test_letters_become_sounds(word, said):
    assert phonemes(word) == said


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("brazos", "bɾˈaθos"),
        ("giren", "xˈiɾen"),
        ("dolor", "dolˈoɾ"),
        ("también", "tambjˈen"),
        ("omóplatos", "omˈoplatos"),
        ("estiramiento", "ˌestiɾamjˈɛnto"),
        ("articulaciones", "ˌaɾtikˌulaθjˈones"),
        ("tranquilamente", "tɾankˈilamˈente"),
        ("estoy", "estˈoɪ"),
    ],
)
def test_stress_stands_where_the_spelling_puts_it(word, said):
    assert phonemes(word) == said


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("pie", "pjˈe"),
        ("ciudad", "θjuðˈad"),
        ("cuida", "kwˈiða"),
        ("aire", "ˈIɾe"),
        ("auricular", "ˌWɾikulˈaɾ"),
        ("seis", "sˈAs"),
        ("oír", "oˈiɾ"),
        ("aún", "aˈun"),
        ("caer", "kaˈeɾ"),
        ("vaya", "bˈaʝa"),
    ],
)
def test_two_vowels_are_one_syllable_or_two(word, said):
    assert phonemes(word) == said


def test_b_d_and_g_are_hard_after_a_pause_or_a_nasal_only():
    assert phonemes("bien, bien") == "bjˈen, bjˈen"
    assert phonemes("está bien") == "estˈa βjˈen"
    assert phonemes("un beso") == "ˈum bˈeso"
    assert phonemes("dos dedos") == "dˈos ðˈeðos"
    assert phonemes("tengo gusto") == "tˈɛŋɡo ɣˈusto"


def test_numbers_and_letters_are_said_as_words():
    for figures, words in (("7", "siete"), ("25", "veinticinco"), ("30", "treinta")):
        assert phonemes(figures) == phonemes(words)
    assert phonemes("Quedan 45") == phonemes("Quedan cuarenta y cinco")
    assert phonemes("112") == phonemes("uno uno dos")
    assert phonemes("pulse: q.") == phonemes("pulse: cu.")


def test_the_network_knows_every_symbol():
    every_letter = (
        "El pingüino Wenceslao hizo kilómetros bajo exhaustiva lluvia y frío, añoraba a su"
    )
    said = phonemes(
        f"{every_letter} querido cachorro; ¿y voy, hay, hoy, ley, muy, auto, euro, bou?"
    )
    assert {*said} <= SYMBOLS.keys()
