"""docs/safety.md keeps its word: each hazard has controls and tests that exist."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from trials.mutants import MUTANTS

ROOT = Path(__file__).parents[1]
TABLE = (ROOT / "docs" / "safety.md").read_text("utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in TABLE.partition("## After")[0].splitlines()
    if line.startswith("| ") and not line.startswith("| hazard")
]
HAZARDS = [row[0] for row in ROWS]
NAMED = {test for row in ROWS for test in row[2].split(", ")}
MUST = """
    pain is not heard; pain is heard late; own voice; breath, cough; television; another person;
    the partner says stop; a cry without words; microphone muted; unplugged; digital silence;
    clipping; loudspeaker gone; loudspeaker muted; sound server killed, frozen, suspended;
    recogniser hangs; recogniser crashes; synthesiser hangs; synthesiser crashes; too slow; late;
    suspended and woken; clock jumps; disk full or read-only; history damaged or locked;
    damaged model; damaged clip cache; two coaches at once; ctrl-c; sigterm; terminal closed;
    hostile or silly routine file
"""


@cache
def known_in(path):
    """Give the names of the tests in a file."""
    tree = ast.parse((ROOT / "tests" / path).read_text("utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("row", ROWS, ids=HAZARDS)
def test_each_hazard_has_controls_tests_and_a_word_on_what_remains(row):
    _, control, tests, remains = row
    modules = re.findall(r"`([\w/]+(?:\.py|/))`", control)
    assert modules
    assert [module for module in modules if not (ROOT / "voice_coach" / module).exists()] == []
    for test in tests.split(", "):
        path, _, name = test.partition("::")
        assert name in known_in(path), test
    assert remains


def test_no_hazard_is_forgotten():
    told = " ".join(HAZARDS).lower()
    assert [each for each in " ".join(MUST.split()).split("; ") if each not in told] == []


@pytest.mark.parametrize("mutant", MUTANTS, ids=[mutant.control for mutant in MUTANTS])
def test_each_control_can_be_taken_away_and_its_test_is_in_the_table(mutant):
    """That the test turns red then is shown by `scripts/mutate`."""
    assert mutant.applies()
    assert mutant.test.removeprefix("tests/") in NAMED
