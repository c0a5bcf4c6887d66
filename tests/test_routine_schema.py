"""Editors complete and check a routine while it is written, by its JSON Schema."""

from __future__ import annotations

import json
import re
import sys
from importlib.resources import files

import pytest

from voice_coach.cli.routine_schema import plan_schema, schema

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

DATA = files("voice_coach") / "data" / "en"
SHIPPED = [path for path in (DATA / "routines").iterdir() if path.name.endswith(".toml")]
SCHEMA = json.loads(json.dumps(schema()))
PLAN_SCHEMA = json.loads(json.dumps(plan_schema()))
DEFINITIONS = SCHEMA["$defs"] | PLAN_SCHEMA["$defs"]

KINDS = {
    "array": list,
    "boolean": bool,
    "integer": int,
    "null": type(None),
    "number": (int, float),
    "object": dict,
    "string": str,
}
RULES = {
    "enum": lambda value, rule: value in rule,
    "maximum": lambda value, rule: value <= rule,
    "minimum": lambda value, rule: value >= rule,
    "maxItems": lambda value, rule: len(value) <= rule,
    "minItems": lambda value, rule: len(value) >= rule,
    "maxLength": lambda value, rule: len(value) <= rule,
    "minLength": lambda value, rule: len(value) >= rule,
    "pattern": lambda value, rule: re.search(rule, value) is not None,
    "required": lambda value, rule: set(rule) <= set(value),
}
WORDS = {"$ref", "$defs", "$schema", "anyOf", "type", "items", "prefixItems", "properties"}
NOTHING = {"anyOf": []}
"""The schema that allows no value."""
NOTES = {"additionalProperties", "default", "description", "title"}


def allows(value, rule):
    """Tell whether a schema allows a value; every word of our schema is known here."""
    assert set(rule) <= WORDS | NOTES | set(RULES), "the schema says what nobody looks at"
    if "$ref" in rule:
        return allows(value, DEFINITIONS[rule["$ref"].removeprefix("#/$defs/")])
    if "anyOf" in rule:
        return any(allows(value, choice) for choice in rule["anyOf"])
    kind = rule["type"]
    fits = isinstance(value, KINDS[kind]) and (kind == "boolean" or not isinstance(value, bool))
    return fits and all(
        [
            *(holds(value, rule[word]) for word, holds in RULES.items() if word in rule),
            *map(allows, *parts(value, rule)),
        ]
    )


def parts(value, rule):
    """Give the parts of a table or a list, and the schema of each."""
    if "properties" in rule:
        return value.values(), [rule["properties"].get(key, NOTHING) for key in value]
    if "prefixItems" in rule:
        return value, rule["prefixItems"]
    return (value, [rule["items"]] * len(value)) if "items" in rule else ((), ())


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_every_shipped_routine_keeps_to_the_schema(path):
    """No editor underlines anything in a routine that is good."""
    assert allows(tomllib.loads(path.read_text("utf-8")), SCHEMA)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("hold = 15", "hold = 90"),
        ("hold = 15", "hodl = 20"),
        ("hold = 15", 'hold = "long"'),
        ('id = "gentle-bends"', 'id = "Gentle Bends"'),
        ('title = "Gentle bends"\n', ""),
        ("rounds = 3", "rounds = 0"),
        ("rounds = 3, ", ""),
        ('view = "back"', 'view = "below"'),
        ("left_arm = [174, 30]", "left_arm = [174]"),
        ("sided = true", "sided = 1"),
        ("order = 10", "order = 10\nplace = []"),
    ],
)
def test_the_schema_refuses_what_is_no_routine(old, new):
    """Slips of the pen are underlined while they are written."""
    text = (DATA / "routines" / "gentle-bends.toml").read_text("utf-8")
    assert old in text
    spoilt = text.replace(old, new, 1)
    if "place = []" in new:
        spoilt = re.sub(r"(?ms)^place = \[\n.*?^\]\n", "", spoilt)
    assert not allows(tomllib.loads(spoilt), SCHEMA)


@pytest.mark.parametrize("name", ["lower-back", "upper-back", "whole-back"])
def test_every_shipped_plan_keeps_to_its_schema_and_a_slip_does_not(name):
    """An editor knows a plan as it knows a routine."""
    text = (DATA / "plans" / f"{name}.toml").read_text("utf-8")
    assert allows(tomllib.loads(text), PLAN_SCHEMA)
    for old, new in (("cool_down", "cooldown"), ("steps = [1, 2]", "steps = [1]")):
        assert not allows(tomllib.loads(text.replace(old, new)), PLAN_SCHEMA)


def test_what_can_be_written_is_explained():
    """An editor tells what a step's hold is, and that it is counted in seconds."""
    step = SCHEMA["$defs"]["Step"]["properties"]
    assert step["hold"]["description"] == "Seconds to hold the position, after it was told."
