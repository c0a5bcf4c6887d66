"""Spanish spelling becomes phonemes, by rule: the Spanish of Spain.

Spanish is written nearly as it is spoken, and its rules of spelling and stress are few (Real
Academia Española, *Ortografía de la lengua española*, 2010). The symbols are those that Kokoro's
Spanish voices were trained with: the phonetic alphabet as eSpeak NG writes it, with one letter for
some diphthongs. A word of another language is read as if it were Spanish.
"""

# ruff: noqa: RUF001 - phonemes look like letters

from __future__ import annotations

import re

_WEAK = (
    "a al con de del e el en la las le les lo los me mi mis ni nos o os por que quien se si sin su"
    " sus te tras tu tus u y"
)
_HALF_WEAK = "ante como cuando desde donde entre hacia hasta mientras para pero porque sobre"
_LETTERS = "be ce de efe ge hache jota ka ele eme ene pe cu erre ese te uve uvedoble equis zeta"
_UNITS = (
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince"
    " dieciséis diecisiete dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro"
    " veinticinco veintiséis veintisiete veintiocho veintinueve"
)
_TENS = "treinta cuarenta cincuenta sesenta setenta ochenta noventa"
WEAK = frozenset(_WEAK.split())
"""Little words without stress."""
HALF_WEAK = frozenset(_HALF_WEAK.split())
"""Little words whose stress is secondary."""
LETTERS = dict(zip("bcdfghjklmnpqrstvwxz", _LETTERS.split(), strict=True))
"""What a consonant alone is called; "y" alone is a word."""
UNITS, TENS = _UNITS.split(), _TENS.split()
"""The numbers below 30, and the tens from there on."""

SPELLING = (
    ("ch", "ʧ"),
    ("h", ""),
    ("x", "ks"),
    ("[qg]u(?=[eiéí])", lambda found: "k" if found[0] == "qu" else "ɡ"),
    ("g(?=[eiéí])|j", "x"),
    ("g", "ɡ"),
    ("c(?=[eiéí])|z", "θ"),
    ("[cq]", "k"),
    ("ll", "ʎ"),
    ("ñ", "ɲ"),
    ("v", "b"),
    ("(?<=[nls])r|^r|rr", "R"),
    ("r", "ɾ"),
    ("R", "r"),
    ("^y$", "i"),
    ("y$|(?<=[aeoáéó])i(?![aeoáéó])", "j"),
    ("y", "ʝ"),
    ("(?<=[aeoáéó])u(?![aeoáéó])", "w"),
    ("i(?=[aeouáéóú])", "j"),
    ("[uü](?=[aeioáéíó])", "w"),
    ("ü", "u"),
)
"""Letters of a word → their sounds, one after the other; vowels keep their accents for now."""
JOINED = (
    ("n(?= ?[bpf])", "m"),
    ("n(?= ?ɡ)", "ŋ"),
    (r"(?<=[^\s.,:;?!…mnŋ])( ?)b", r"\1β"),
    (r"(?<=[^\s.,:;?!…mnŋ])( ?)ɡ", r"\1ɣ"),
    (r"(?<=[^\s.,:;?!…mnŋ])( ?)d(?=\w)", r"\1ð"),
    ("aj", "I"),
    ("ej", "A"),
    ("oj", "oɪ"),
    ("aw", "W"),
    ("ew", "eʊ"),
    ("ow", "oʊ"),
)
"""What becomes of sounds next to each other, across words too: b, d and g are soft, but not after a
pause or a nasal."""
WITHOUT_ACCENTS = str.maketrans("áéíóú", "aeiou")


def phonemes(text: str) -> str:
    """Give how a Spanish `text` is pronounced; its punctuation and spaces stay.

    Numbers up to 99 are said as such, longer ones figure by figure.
    """
    spelt = re.sub(r"\d+", lambda digits: _number(digits[0]), text.lower())
    said = re.sub("[a-záéíóúüñ]+", lambda word: _word(word[0]), re.sub("[¿¡]", "", spelt))
    for pattern, sound in JOINED:
        said = re.sub(pattern, sound, said)
    return said


def _number(digits: str) -> str:
    if len(digits) > 2:  # noqa: PLR2004 - tens and units
        return " ".join(UNITS[int(digit)] for digit in digits)
    number = int(digits)
    if number < len(UNITS):
        return UNITS[number]
    tens, units = TENS[number // 10 - 3], number % 10
    return f"{tens} y {UNITS[units]}" if units else tens


def _word(word: str) -> str:
    if word in LETTERS:
        return _word(LETTERS[word])
    if word.endswith("mente") and word != "mente":  # an adverb keeps the stress of its adjective
        return _word(word.removesuffix("mente")) + "mˈente"
    sounds = word
    for pattern, sound in SPELLING:
        sounds = re.sub(pattern, sound, sounds)
    return (sounds if word in WEAK else _stressed(sounds, word)).translate(WITHOUT_ACCENTS)


def _stressed(sounds: str, word: str) -> str:
    """Mark the stressed vowels, each before itself."""
    vowels = [found.start() for found in re.finditer("[aeiouáéíóú]", sounds)]
    accents = [index for index, at in enumerate(vowels) if sounds[at] in "áéíóú"]
    if not vowels:
        return sounds
    penultimate = len(vowels) > 1 and re.search("[aeiouns]$", word)
    main = accents[0] if accents else len(vowels) - (2 if penultimate else 1)
    marks = dict.fromkeys(range(0, main - 1, 2), "ˌ")
    marks[main] = "ˌ" if word in HALF_WEAK else "ˈ"
    parts = [sounds[: vowels[0]]]
    for index, (at, end) in enumerate(zip(vowels, [*vowels[1:], len(sounds)], strict=True)):
        part = marks.get(index, "") + sounds[at:end]
        # Before a nasal that closes its syllable eSpeak writes the stressed e as an open one.
        parts.append(re.sub("^ˈe(?=n[^jw])", "ˈɛ", part) if index < len(vowels) - 1 else part)
    return "".join(parts)
