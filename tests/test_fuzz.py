"""Files that a person, or an enemy, may have written: each is read, or refused in one sentence."""

from __future__ import annotations

import io
import json
from importlib.resources import files

import pytest
from fuzzing import examples
from hypothesis import example, given
from hypothesis import strategies as st
from walks import walk

from voice_coach.catalogue import read_routine
from voice_coach.core.routine import InvalidRoutine, parse_routine
from voice_coach.core.simulation import simulate
from voice_coach.errors import CoachError
from voice_coach.history.event_log import Log
from voice_coach.replay import replay

ROUTINES = files("voice_coach") / "data" / "en" / "routines"
PRESS = (ROUTINES / "assisted-press.toml").read_text("utf-8")
LINES = PRESS.splitlines(keepends=True)
ODD = st.sampled_from(
    [
        *("[", "]", "{", "}", '"', '"""', "'", "=", "\\", "#", ".", ",", "\n", "\r", "\0", "\x1b"),
        *("inf", "nan", "-1", "1e999", "9" * 400, "0x" + "f" * 99, "[" * 2000, "a." * 2000 + "a=1"),
        *("[[steps]]\n" * 70, "\ud7ff", "\u202e", "é", "true", "1979-05-27", "{}" * 9, "[left|"),
    ]
)
CHANGES = st.lists(
    st.tuples(st.integers(0, 5000), st.integers(0, 40), ODD | st.text(max_size=8)), max_size=4
)
"""Where, how much of what stands there, and what comes in its place."""


def changed(text, changes):
    """Damage a text."""
    for at, length, new in changes:
        place = at % (len(text) + 1)
        text = text[:place] + new + text[place + length :]
    return text


def assert_refused_well(problem, most_lines=20):
    """Look whether it is a sentence, or a few lines of them, that a person can read."""
    assert str(problem)
    assert len(str(problem)) < 5000
    assert len(str(problem).splitlines()) <= most_lines
    assert "Traceback" not in str(problem)


@examples(80)
@given(CHANGES)
@example([(0, 0, "[" * 2000)])
@example([(0, 0, "a." * 2000 + "a=1\n")])
def test_a_damaged_routine_is_read_or_refused(changes):
    try:
        parse_routine(changed(PRESS, changes), "damaged.toml")
    except InvalidRoutine as problem:
        assert_refused_well(problem)


SENTENCES = st.lists(st.text(max_size=20) | st.sampled_from(["Lie down.", "say: next"]), max_size=4)
NUMBERS = st.integers(-3, 10**9) | st.floats() | st.booleans()
STEPS = st.fixed_dictionaries(
    {"title": st.text(max_size=20) | st.just("Lie"), "say": SENTENCES | st.just(["Lie down."])},
    optional={
        "hold": NUMBERS | st.just(20),
        "to": st.sampled_from(["partner", "you", "both"]),
        "sided": st.booleans(),
        "breathing": st.fixed_dictionaries(
            {"rounds": NUMBERS | st.just(3), "cue_in": st.just("In."), "cue_out": st.just("Out.")},
            optional={"press": st.booleans(), "breath_in": NUMBERS, "breath_out": NUMBERS},
        ),
    },
)


@examples(40)
@given(
    st.fixed_dictionaries(
        {"names": SENTENCES | st.just(["lie down"]), "steps": st.lists(STEPS, max_size=70)},
        optional={
            "id": st.text(max_size=9),
            "twist": st.booleans(),
            "partner": st.booleans(),
            "caution": SENTENCES,
            "place": SENTENCES,
            "order": NUMBERS,
        },
    )
)
def test_a_routine_of_any_shape_is_refused_or_can_be_simulated(language, tmp_path_factory, fields):
    """It is written as JSON where TOML allows that, and looked over as one of a person's own."""
    whole = {
        "id": "lie-down",
        "title": "Lie down",
        "summary": "You lie down.",
        "place": ["Lie on a mat."],
        **fields,
    }
    text = "".join(f"{key} = {toml(value)}\n" for key, value in whole.items())
    path = tmp_path_factory.mktemp("own") / "lie-down.toml"
    path.write_text(text, "utf-8", errors="surrogatepass")
    try:
        routine = read_routine(path, language)
    except CoachError as problem:
        assert_refused_well(problem)
    else:
        assert simulate(language, routine).session.over


def toml(value):
    """Write a value as TOML does."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {toml(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return json.dumps(value).replace("Infinity", "inf").replace("NaN", "nan").replace("\x7f", "")


@pytest.fixture(scope="module")
def texts(language):
    return [walk(language, seed)[0] for seed in (1, 2, 11)]


def try_log(content):
    """Read and replay a log as the verb does."""
    try:
        with io.TextIOWrapper(io.BytesIO(content), encoding="utf-8") as lines:
            for line in replay(Log.read(lines, "a.jsonl")):
                assert line.at >= 0
    except CoachError as problem:
        assert_refused_well(problem, most_lines=1)


@examples(60)
@given(which=st.integers(0, 2), changes=CHANGES)
@example(which=0, changes=[(0, 5000, "")])
def test_a_damaged_log_is_replayed_or_refused(texts, which, changes):
    first, _, rest = texts[which].partition("\n")
    try_log((first + "\n" + changed(rest, changes)).encode("utf-8", "surrogatepass"))


VALUES = st.recursive(
    st.none() | NUMBERS | st.text(max_size=9) | st.sampled_from(["next", "choose", "rocking"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
KINDS = st.sampled_from(
    ["Heard", "Noticed", "CandidateScored", "Fault", "TimeReached", "Say", "Listen", "Cut", "x"]
)
ENTRIES = st.fixed_dictionaries(
    {"time": st.floats(0, 5000) | VALUES},
    optional={
        "event": KINDS,
        "action": KINDS,
        "idle": st.lists(st.floats(0, 5000), max_size=3) | VALUES,
        "command": st.sampled_from(["next", "pain", "choose", "about", "stop", "yes"]) | VALUES,
        "choice": st.sampled_from(["rocking", "gentle-bends", "headstand"]) | VALUES,
        "tier": st.sampled_from(["confirmed", "possible"]) | VALUES,
        "kind": st.sampled_from(["duck", "hush", "resume"]) | VALUES,
        "part": st.sampled_from(["hearing", "voice", "sound", "computer"]),
        "reason": VALUES,
        "llr": VALUES,
        "score": VALUES,
        "features": VALUES,
    },
)


@examples(60)
@given(which=st.integers(0, 2), entries=st.lists(ENTRIES, max_size=5))
@example(which=0, entries=[{"time": 9.0, "event": "Heard", "command": "choose", "choice": "x"}])
def test_a_log_with_lines_of_any_shape_is_replayed_or_refused(texts, which, entries):
    lines = texts[which].splitlines(keepends=True)[:9]
    more = [json.dumps(entry) + "\n" for entry in entries]
    try_log("".join([*lines, *more]).encode())


@examples(60)
@given(
    field=st.sampled_from(
        ["routine", "guard", "known_routines", "pattern", "audio_kept", "language", "x"]
    ),
    value=VALUES
    | st.fixed_dictionaries(
        {},
        optional={
            "twisting": st.sampled_from(["lately", "often", "unknown", "x"]),
            "hurt_lately": st.booleans(),
            "gentle": st.sampled_from([[], ["x"], ["rocking"]]),
            "twists_left": NUMBERS,
            "breath_in": NUMBERS,
            "breath_out": NUMBERS,
        },
    ),
)
@example(field="guard", value={"hurt_lately": True, "gentle": []})
@example(field="pattern", value={"breath_in": 0, "breath_out": 0})
def test_a_log_of_any_config_is_replayed_or_refused(texts, field, value):
    first, _, rest = texts[0].partition("\n")
    head = json.loads(first)
    head["config"][field] = value
    try_log((json.dumps(head) + "\n" + rest).encode())


@examples(60)
@given(st.binary(max_size=300))
def test_bytes_are_no_log_and_no_routine(language, tmp_path_factory, content):
    try_log(content)
    path = tmp_path_factory.mktemp("own") / "bytes.toml"
    path.write_bytes(content)
    with pytest.raises(CoachError):
        read_routine(path, language)
