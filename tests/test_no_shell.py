"""Nothing a person or a file brings can become code: no module has the means for it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import voice_coach

PACKAGE = Path(voice_coach.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))
IMPORTS = frozenset({"pickle", "cPickle", "dill", "marshal", "shelve", "jsonpickle", "code", "pty"})
"""What makes objects or code of bytes, or leads to a shell."""
CALLS = frozenset({"eval", "exec", "compile", "execfile", "__import__"})
METHODS = {
    "os": frozenset({"system", "popen", "startfile"}),
    "subprocess": frozenset({"getoutput", "getstatusoutput"}),
    "asyncio": frozenset({"create_subprocess_shell"}),
    "builtins": CALLS,
}


def faults(source):
    """Give what a module must not do, as it is written."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names):
                yield from (f"import {n.name}" for n in names if n.name.split(".")[0] in IMPORTS)
            case ast.ImportFrom(module=str(module), names=names):
                forbidden = METHODS.get(module, frozenset())
                if module.split(".")[0] in IMPORTS or any(n.name in forbidden for n in names):
                    yield f"from {module} import"
            case ast.Name(id=name) if name in CALLS:
                yield name
            case ast.Attribute(value=ast.Name(id=module), attr=name):
                if name in METHODS.get(module, ()):
                    yield f"{module}.{name}"
            case ast.keyword(arg="shell" | "allow_pickle", value=value):
                if not (isinstance(value, ast.Constant) and value.value is False):
                    yield "shell or pickle"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_module_can_run_what_it_is_given(path):
    assert list(faults(path.read_text("utf-8"))) == []


@pytest.mark.parametrize(
    "source",
    [
        "import pickle",
        "import pickle as p",
        "from pickle import loads",
        "import os.path, marshal",
        "eval('1')",
        "run = exec",
        "import os\nos.system('ls')",
        "from os import popen",
        "import subprocess\nsubprocess.run('ls', shell=True)",
        "import subprocess\nsubprocess.run('ls', shell=wanted)",
        "import numpy\nnumpy.load(f, allow_pickle=True)",
        "import builtins\nbuiltins.eval('1')",
    ],
)
def test_what_is_forbidden_is_found(source):
    assert list(faults(source))


def test_there_are_modules_to_look_at():
    assert len(MODULES) > 50
