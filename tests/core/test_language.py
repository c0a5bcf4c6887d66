"""The words are data; these are the rules every word must keep."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest
from sayings import commands_in, every_sentence, spoken, untaught, words
from scenes import BENDS

from voice_coach.core.commands import URGENT, Command, Meaning
from voice_coach.core.language import InvalidLanguage, parse_language
from voice_coach.core.pace import RATES, speaking_seconds
from voice_coach.core.plan import MINUTES, names
from voice_coach.core.routine import parse_routine
from voice_coach.core.transitions import State

FOLDER = files("voice_coach") / "data" / "en"


@pytest.fixture(scope="module")
def texts():
    """Read the language's files as they are shipped."""
    return {name: (FOLDER / f"{name}.toml").read_text("utf-8") for name in FILES}


FILES = ("advice", "coach", "commands", "fillers", "safety", "teaching", "voice")


@pytest.fixture(scope="module", name="spoken")
def _spoken(language):
    return spoken(language)


def test_every_phrase_means_one_thing(language):
    """No phrase stands for two commands that one state accepts."""
    pairs = [(phrase, command) for command, said in language.commands.items() for phrase in said]
    pairs += [(phrase, "asked") for phrase in language.sayings.asked]
    pairs += [(phrase, "ends") for phrase in language.sayings.ends]
    pairs += [(phrase, "cries") for phrase in language.sayings.cries]
    counted = zip(language.coach.numbers[1:], language.coach.ordinals, strict=False)
    for (number, ordinal), routine in zip(counted, language.routines, strict=False):
        for name in (*routine.names, number, f"number {number}", ordinal):
            pairs += [(name, routine.id), (f"tell me about {name}", f"about {routine.id}")]
    for plan in language.plans:
        for minutes in MINUTES:
            pairs += [(name, f"{plan.id}-{minutes}") for name in names(plan, minutes, language)]
    phrases = [phrase for phrase, _ in pairs]
    assert len(phrases) == len(set(phrases)) == len(language.phrases())


def test_every_command_can_be_said(language):
    """Every command has words; a routine is chosen, or asked about, by name or number."""
    phrases = language.phrases()
    assert {meaning.command for meaning in phrases.values()} == set(Command)
    assert phrases["gentle bends"] == phrases["one"] == Meaning(Command.CHOOSE, BENDS)
    assert phrases["number one"] == Meaning(Command.CHOOSE, BENDS)
    for name in ("gentle bends", "one", "number one"):
        assert phrases[f"tell me about {name}"] == Meaning(Command.ABOUT, BENDS)


def test_pain_has_several_words(language):
    """Somebody who is hurt need not remember one phrase."""
    assert {"it hurts", "that hurts", "ouch", "pain"} <= set(language.commands[Command.PAIN])


def test_pain_is_denied_in_the_words_that_come_to_mind(language):
    """The answers of somebody who is asked whether it hurt, when it did not."""
    denied = {Command.NO, Command.CONTINUE}
    for phrase in ("no", "no go on", "go on", "continue"):
        assert language.phrases()[phrase].command in denied


def test_no_urgent_phrase_is_part_of_another(language):
    """A phrase that acts while one still speaks is not the beginning of something harmless.

    Denied pain holds the word, so it is told apart in the second pass.
    """
    phrases = language.phrases()
    urgent = {phrase for phrase, meaning in phrases.items() if meaning.urgent}
    for phrase, meaning in phrases.items():
        if meaning.command not in URGENT | {Command.UNHURT}:
            assert not any(words(one) in words(phrase) for one in urgent)


def test_every_sentence_is_short(language):
    """No sentence of the coach is longer than 200 characters."""
    assert max(map(len, every_sentence(language))) <= 200


def test_the_coach_never_says_what_would_end_it(language):
    """No sentence holds "stop" or a pain word, except to teach them or in the question."""
    urgent = [phrase for command in URGENT for phrase in language.commands[command]]
    asked = language.coach.pain_confirmation
    for sentence in set(every_sentence(language)) - {asked.question, asked.again}:
        for phrase in (*urgent, "hurts", "hurt", "stops"):
            assert words(phrase) not in untaught(language, sentence), sentence


def test_the_coach_gives_itself_no_command(language, spoken):
    """No sentence holds a phrase that is listened for while it is said, except to teach it."""
    assert {state for state, _ in spoken} == set(State) - {State.ENDED}
    for state, sentence in spoken:
        assert not commands_in(language, state, sentence), (state, sentence)


def test_every_state_that_waits_teaches_how_to_go_on(language):
    """The prompts name the words that move on from where they are said."""
    prompts = language.coach.prompts
    for prompt, word in (("sound_check", "ready"), ("waiting", "next"), ("paused", "continue")):
        for sentence in getattr(prompts, prompt).say:
            assert f"say: {word}" in sentence.lower()


def test_every_cue_is_over_before_its_breath(language):
    """Even the slowest cue ends within the quickest breath."""
    for routine in language.routines:
        for step in routine.steps:
            if breathing := step.breathing:
                for cue, seconds in (
                    (breathing.cue_in, breathing.breath_in),
                    (breathing.cue_out, breathing.breath_out),
                ):
                    assert speaking_seconds(cue, min(RATES)) < 0.8 * seconds


def test_the_countdown_is_spoken_within_its_seconds(language):
    """Three, two and one keep their seconds, however slowly they are spoken."""
    for word in language.coach.hold.countdown:
        assert speaking_seconds(word, min(RATES)) <= 1


@pytest.mark.parametrize(
    ("file", "change", "told"),
    [
        ("coach", ("ask =", "asked ="), "coach.toml: "),
        ("coach", ("every = 9\n", 'every = "often"\n'), "every must be a number; write digits"),
        (
            "coach",
            ("every = 10", "every = 1"),
            "prompts waiting every must be at least 3; raise it",
        ),
        ("coach", ("{n} seconds to go", "some seconds to go"), "must hold {n} once"),
        ("coach", ("{n} seconds to go", "{n} of {m} seconds to go"), "must hold {n} once"),
        ("coach", ("{n} seconds to go", "{n} seconds to go {"), "must hold {n} once"),
        ("coach", ("Partner: {sentence}", "Partner!"), "must hold {sentence} once"),
        ("coach", ("Number {n}: {name}", "{name}"), "must hold {n} and {name} once"),
        ("coach", ("Hello. I", "Hello.\\u0000 I"), "welcome 1 holds a character that cannot be"),
        ("coach", ('"zero", ', ""), "numbers is empty"),
        ("commands", ("pain = ", "hurt = "), "hurt "),
        (
            "commands",
            ('stop = ["stop"]\n', ""),
            "commands.toml: the language has no phrase for stop; add one",
        ),
        ("commands", ('stop = ["stop"]', "stop = []"), "stop is empty; put something in"),
        ("commands", ('stop = ["stop"]', 'stop = "stop"'), "stop must be a list"),
        ("commands", ('stop = ["stop"]', 'stop = ["stop!"]'), "cannot be heard; write it as plain"),
        ("commands", ('stop = ["stop"]', 'stop = ["next"]'), 'lets "next" mean two things'),
        ("commands", ('yes = ["yes"', 'yes = ["one"'), 'lets "one" mean two things; change one'),
        ("commands", ('stop = ["stop"]', "stop = ["), "commands.toml: not valid TOML"),
        ("safety", ("doctor =", "nurse ="), "doctor is missing; add it"),
        ("safety", ("partner = [", "partner = []\nunknown = ["), "partner is empty"),
    ],
)
def test_a_mistake_in_the_words_is_told(language, texts, file, change, told):
    """A language with something missing, unknown, unspeakable or ambiguous is refused clearly."""
    old, new = change
    assert old in texts[file]
    spoilt = texts | {file: texts[file].replace(old, new, 1)}
    with pytest.raises(InvalidLanguage) as caught:
        parse_language("en", spoilt, language.routines)
    message = str(caught.value)
    assert message.startswith("en")
    assert told in message
    assert message.isprintable()


@pytest.mark.parametrize("file", FILES)
def test_a_missing_file_is_told(language, texts, file):
    """A language without one of its files is refused by that file's name."""
    rest = {name: text for name, text in texts.items() if name != file}
    with pytest.raises(InvalidLanguage, match=f"en/{file}.toml: the language is missing; add it"):
        parse_language("en", rest, language.routines)


@pytest.mark.parametrize("name", ["stop", "it hurts", "next", "two"])
def test_no_routine_takes_a_word_that_means_something_else(language, texts, name):
    """A routine that were called "it hurts" would make pain unheard; it is refused."""
    text = (FOLDER / "routines" / f"{BENDS}.toml").read_text("utf-8")
    thief = parse_routine(re.sub("(?m)^names = .*", f'names = ["{name}"]', text), "thief.toml")
    with pytest.raises(InvalidLanguage, match=f'lets "{name}" mean two things'):
        parse_language("en", texts, [thief, *language.routines[1:]])


def test_two_routines_of_one_name_are_refused(language, texts):
    """Each routine can be asked for."""
    with pytest.raises(InvalidLanguage):
        parse_language("en", texts, [*language.routines, language.routines[0]])


def test_phrases_are_heard_in_small_letters(language, texts):
    """However a phrase is written, it is what a recogniser reports."""
    spoilt = texts | {"commands": texts["commands"].replace('"stop"', '" Stop "')}
    assert parse_language("en", spoilt, language.routines).commands[Command.STOP] == ("stop",)


def test_numbers_beyond_the_words_are_digits(language):
    """Many minutes are still said."""
    assert [language.number(n) for n in (0, 20, 21)] == ["zero", "twenty", "21"]
