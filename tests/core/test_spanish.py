"""Spanish has every word English has, or says what it waits for, and loses no fact on the way.

Facts are looked for as in test_facts.py, under the same names; so none can be left out here.
"""

from __future__ import annotations

import re
import sys
from importlib.resources import files

import pytest
import test_facts as english_facts
from sayings import commands_in, every_sentence, spoken, untaught, words
from scenes import BENDS, PRESS
from test_facts import CIRCLES, REST

from voice_coach.catalogue import read_language
from voice_coach.core.advice import advise
from voice_coach.core.commands import URGENT, Command
from voice_coach.core.safety import safety_note
from voice_coach.core.simulation import simulate
from voice_coach.core.transitions import State

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

DATA = files("voice_coach") / "data"
FILES = [path.name for path in (DATA / "en").iterdir() if path.name.endswith(".toml")]
WAITING = tomllib.loads((DATA / "es" / "waiting.toml").read_text("utf-8"))["routines"]

ALL = {
    "E: the coach is no doctor": "no un médico",
    "E: the pain words are taught": "diga: me duele",
    "the coach is put where it hears": "colóqueme ",
}
TWISTS = {
    "E: be very cautious": "tenga mucho cuidado",
    "E: overexertion can injure": "demasiada fuerza .*puede lesionar",
    "E: leave off at the first pain": "a la primera molestia, [^.]*diga: me duele",
    "E: too often leads to hypermobility": "a menudo. eso afloja lo que sostiene la columna",
    "a pull is told from an injury": "que tire está bien. que pinche, queme u hormiguee, no",
    "a crack is never the goal": "puede que cruja o puede que no|no hace falta que cruja",
    "E: the urge to do it often is a reason to see a doctor": (
        "ganas de hacer crujir la columna a menudo ya son motivo para consultar a un médico"
    ),
}
FACTS = {
    BENDS: {
        "D: forward, backward, then side to side": (
            "hacia adelante.*hacia atrás.*inclínese a la derecha.*inclínese a la izquierda"
        ),
        "D: eases tension": "alivia la tensión",
        "D: without a twist": "sin ningún giro",
        "D: better than twisting for mild pain": "estirar sirve más que hacer crujir",
    },
    CIRCLES: {
        "circles": "suba los hombros.*en círculo hacia atrás",
        "the upper back opens": "abrácese con los dos brazos.*aire a la parte alta de la espalda",
        "and closes": "junte los omóplatos",
    },
    REST: {
        "on the back with bent knees": "túmbese boca arriba.*doble las rodillas",
        "something soft under the head": "algo blando bajo la cabeza",
        "small movements only": "solo el ancho de una mano",
    },
    PRESS: {
        "B: face down": "túmbese boca abajo",
        "B: on something firm": "el suelo o un colchón firme",
        "B: arms at the sides": "los brazos a los lados",
        "B: the partner at the head": (
            "acompañante: arrodíllese detrás de la cabeza.*mire hacia los pies"
        ),
        "B: hands stacked": "una mano sobre la otra",
        "B: at the centre, between the shoulder blades": "centro, entre los omóplatos",
        "B: gentle pressure at first": "empiece con muy poco",
        "B: push gently": "empuje con suavidad hacia abajo",
        "B: pressure only with the breath out": "mientras sale el aire, y solo entonces",
        "B: none with the breath in": "que entre el aire, afloje, y que las manos solo reposen",
        "B: the breath must be heard": "con ruido, para que los dos oigan cada respiración",
        "B: in and out are called aloud": "inspire. suelte el aire. presione. manos sin peso",
        "B: it does not crack at once": "no cruje enseguida",
        "B: breath by breath": "(suelte el aire. presione. manos sin peso.*){8}",
        "B: until a satisfying crack": "cuando cruja, es suficiente. entonces, diga: ha crujido",
        "B: dangerous when the limit is not known": "usted no puede sentir el límite. pregunte",
        "B: no breath heard, no push": "cuando no oiga la respiración, no presione",
        "the partner's arms are straight": "con los brazos estirados",
        "beside the spine": "junto a la columna, no sobre el hueso",
        "neither neck nor lower back": "nunca sobre el cuello, y nunca sobre la zona lumbar",
        "the neck is not turned": "apoye la frente en una toalla doblada",
        "less pressure can be asked for": "para menos presión, diga: más suave",
        "B: keep talking": "hablen entre ustedes todo el tiempo",
        "B: the partner is told at once": "a la primera molestia, diga: me duele",
        "B: and takes the hands off": "acompañante: manos fuera, enseguida",
    },
}
SAFETY = {
    "stop": ("person", "hemos terminado"),
    "come out of it slowly": ("person", "salga despacio de la postura"),
    "do not go on today": ("person", "no siga hoy"),
    "the partner's hands off": ("partner", "quite las manos"),
    "persistent pain: a doctor": ("doctor", "la molestia dure.*consulte a un médico"),
    "frequent and recurrent pain: a doctor": ("doctor", "aparezca a menudo.*consulte a un médico"),
    "most goes away": ("outlook", "postura o de un esfuerzo excesivo, y se pasan"),
    "several weeks: have it examined": ("outlook", "varias semanas, conviene que las examinen"),
    "what a doctor may suggest": (
        "outlook",
        "fisioterapia, a menudo; medicamentos, a veces; una operación, rara vez",
    ),
    "no cure of what is chronic": (
        "outlook",
        "nunca cura una columna o un hombro.*debe verlo un médico",
    ),
    "twisting stretches what holds the spine": ("twisting", "estira lo que la sostiene"),
    "hypermobility": ("twisting", "se aflojan y la sostienen menos.*hipermovilidad"),
    "the urge is a reason": ("twisting", "ganas .* a menudo ya son motivo para consultar a un"),
    "now: numb genitals or buttocks": ("emergency", "entre las piernas, en los genitales o en las"),
    "now: bladder or bowel": ("emergency", "problemas nuevos de vejiga o de intestino"),
    "now: a sexual problem": ("emergency", "problema sexual nuevo"),
    "now: both legs": ("emergency", "las dos piernas débiles, dormidas, con hormigueo"),
    "now: chest": ("emergency", "en el pecho"),
    "now: accident": ("emergency", "con un accidente grave"),
    "now: call the emergency number": ("emergency", "llame ahora al número de emergencias"),
    "neck: arm": ("neck", "un brazo débil"),
    "neck: eyes": ("neck", "visión doble"),
    "neck: speech": ("neck", "dificultad para pronunciar"),
    "neck: swallowing": ("neck", "problemas para tragar"),
    "neck: headache": ("neck", "la jaqueca más fuerte de su vida"),
    "soon: fever": ("soon", "fiebre"),
    "soon: weight": ("soon", "pérdida de peso que nada explica"),
    "soon: swelling or shape": ("soon", "un bulto o una hinchazón .* o un cambio de su forma"),
    "soon: at night": ("soon", "más fuerte por la noche"),
    "soon: at rest": ("soon", "persiste en reposo"),
    "soon: one leg": ("soon", "un pie que se arrastra al andar, o una pierna cada vez más débil"),
    "soon: weeks": ("soon", "dura semanas"),
    "soon: cancer": ("soon", "cáncer"),
}
WORDS = {
    *(
        "title",
        "names",
        "summary",
        "notes",
        "setup",
        "caution",
        "place",
        "surface",
        "props",
        "sides",
    ),
    "closing",
}
"""The fields of a routine that are words; those of its steps are taken out below."""


@pytest.fixture(scope="module")
def spanish():
    """All that the coach says and understands in Spanish, as shipped."""
    return read_language("es")


@pytest.fixture(scope="module")
def told(spanish):
    """All that a whole session of each routine says, in small letters."""
    return {
        routine.id: " ".join(s.text for s in simulate(spanish, routine).spoken).lower()
        for routine in spanish.routines
    }


def keys(table, path=()):
    """Give the path of every key of a table."""
    for key, value in table.items():
        yield (*path, key)
        if isinstance(value, dict):
            yield from keys(value, (*path, key))


def deeds(routine):
    """Give all that a routine does: everything but its words."""
    steps = []
    for step in routine.model_dump()["steps"]:
        sentences = len(step.pop("say"))
        step.pop("title")
        step["release"] = bool(step["release"])
        if step["breathing"]:
            cues = ("cue_in", "cue_out", "cue_push", "cue_let_go")
            step["breathing"] |= {cue: bool(step["breathing"][cue]) for cue in cues}
        steps.append((sentences, step))
    return routine.model_dump(exclude={*WORDS, "steps"}), steps


def test_no_two_cues_of_the_press_begin_or_end_alike(spanish):
    """Who took "espire" for "inspire" pressed into the breath in."""
    breathing = next(s.breathing for s in spanish.routine(PRESS).steps if s.is_press)
    cues = (breathing.cue_in, breathing.cue_out, breathing.cue_push, breathing.cue_let_go)
    words = [cue.lower().strip(".").split() for cue in cues]
    assert len({first[:2] for first, *_ in words}) == len({last for *_, last in words}) == len(cues)


@pytest.mark.parametrize("file", FILES)
def test_spanish_has_every_key_english_has(file):
    """No word is missing in Spanish, and none is left that English no longer has."""
    english, spanish = (
        tomllib.loads((DATA / code / file).read_text("utf-8")) for code in ("en", "es")
    )
    of_one_language = {("mac",)}
    assert set(keys(english)) - of_one_language == set(keys(spanish)) - of_one_language


def test_every_routine_is_translated_or_listed_as_waiting(language, spanish):
    """No routine is forgotten, and none waits that is there."""
    there = [routine.id for routine in spanish.routines]
    assert sorted((*there, *WAITING)) == sorted(routine.id for routine in language.routines)


@pytest.mark.parametrize("routine", [BENDS, PRESS, CIRCLES, REST])
def test_a_routine_does_the_same_in_both_languages(language, spanish, routine):
    """Steps, seconds, rounds, sides, poses and the press are those of the English routine."""
    assert deeds(spanish.routine(routine)) == deeds(language.routine(routine))


def test_the_facts_are_those_of_english():
    """The Spanish lists of facts lack none of the English ones."""
    assert ALL.keys() == english_facts.ALL.keys()
    assert TWISTS.keys() == english_facts.TWISTS.keys()
    assert SAFETY.keys() == english_facts.SAFETY.keys()
    for routine, facts in FACTS.items():
        assert facts.keys() == english_facts.FACTS[routine].keys()


@pytest.mark.parametrize(("routine", "fact"), [(r, fact) for r in FACTS for fact in FACTS[r]])
def test_no_fact_of_a_routine_is_lost(told, routine, fact):
    """What a routine is built on is said aloud in it."""
    assert re.search(FACTS[routine][fact], told[routine])


def test_no_fact_that_routines_share_is_lost(spanish, told):
    """What holds for all routines, or for all twists, is said in each of them."""
    for routine in spanish.routines:
        for fact, said in {**ALL, **(TWISTS if routine.twist else {})}.items():
            assert re.search(said, told[routine.id]), (routine.id, fact)


@pytest.mark.parametrize("fact", SAFETY)
def test_no_fact_of_the_safety_note_is_lost(spanish, fact):
    """What a person must know about pain and about doctors stands where it belongs."""
    part, said = SAFETY[fact]
    assert re.search(said, " ".join(getattr(spanish.safety, part)).lower())


def test_the_partner_hears_first_of_all_to_take_the_hands_off(spanish):
    """The first sentence does by itself."""
    note = safety_note(spanish, spanish.routine(PRESS))
    assert note[0] == "Acompañante, quite las manos."
    assert note[: len(spanish.safety.partner)] == spanish.safety.partner


def test_the_coach_gives_itself_no_command(spanish):
    """No sentence holds a phrase that is listened for while it is said, "si" for "sí" included."""
    said = spoken(spanish)
    assert {state for state, _ in said} == set(State) - {State.ENDED}
    for state, sentence in said:
        assert not commands_in(spanish, state, sentence), (state, sentence)


def test_yes_is_found_in_an_if(spanish):
    """What sounds like a command counts as one, however it is spelt."""
    assert commands_in(spanish, State.PAIN_CONFIRMATION, "Si quiere, lo dejamos.") == ["sí"]
    assert commands_in(spanish, State.PAIN_CONFIRMATION, "Para dejarlo, diga: sí.") == []


def test_the_coach_never_says_what_would_end_it(spanish):
    """No sentence holds "basta" or a word of pain, except to teach it."""
    urgent = [phrase for command in URGENT for phrase in spanish.commands[command]]
    for sentence in every_sentence(spanish):
        for phrase in (*urgent, "duelen", "dolores", "ay"):
            assert words(phrase) not in untaught(spanish, sentence), sentence


def test_nothing_is_found_in_a_shipped_routine(spanish):
    """What the coach asks of others it keeps itself, in Spanish too."""
    for routine in spanish.routines:
        rest = tuple(other for other in spanish.routines if other != routine)
        assert advise(routine, spanish.model_copy(update={"routines": rest})) == []


def test_no_two_phrases_sound_alike_and_mean_different_things(spanish):
    """Accents tell nothing apart that is only heard."""
    meanings = {}
    for phrase, meaning in spanish.phrases().items():
        assert meanings.setdefault(words(phrase), meaning) == meaning


def test_no_filler_sounds_like_a_command(spanish):
    """A filler never steals a command by being the same to the ear."""
    phrases = {words(phrase) for phrase in spanish.phrases()}
    assert not [d for kind in spanish.fillers.values() for d in kind if words(d) in phrases]


def test_no_english_is_left(language, spanish):
    """No sentence is as it was in English, and none holds its commonest words."""
    english = set(every_sentence(language))
    for sentence in every_sentence(spanish):
        assert sentence not in english or "{" in sentence, sentence
        for word in ("the", "and", "you", "your", "is", "say", "with", "hands", "breath", "of"):
            assert f" {word} " not in words(sentence), sentence


def test_the_coach_says_usted(spanish):
    """Nobody is called "usted" in one sentence and "tú" in the next."""
    for sentence in every_sentence(spanish):
        for word in ("tú", "tu", "tus", "te", "ti", "contigo", "di"):
            assert word not in re.findall(r"\w+", sentence.lower()), sentence


def test_every_sentence_is_short(spanish):
    """No sentence of the coach is longer than 200 characters."""
    assert max(map(len, every_sentence(spanish))) <= 200


def test_the_taught_words_move_on(spanish):
    """The prompts name the words that move on from where they are said."""
    prompts = spanish.coach.prompts
    for prompt, command in (
        ("sound_check", Command.READY),
        ("waiting", Command.NEXT),
        ("paused", Command.CONTINUE),
    ):
        for sentence in getattr(prompts, prompt).say:
            assert f"diga: {spanish.commands[command][0]}" in sentence.lower()
    assert f"diga: {spanish.commands[Command.PAIN][0]}." in spanish.coach.teach_pain
