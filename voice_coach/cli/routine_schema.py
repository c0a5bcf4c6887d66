"""The JSON Schemas of routines and plans: editors complete and check a file while it is written."""

from __future__ import annotations

import ast
import inspect
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from pydantic.json_schema import GenerateJsonSchema

from voice_coach.core.plan import Block, Plan
from voice_coach.core.pose import Body, FileModel, Force, Pose, Position
from voice_coach.core.routine import Breathing, Routine, Step

if TYPE_CHECKING:
    from collections.abc import Iterator

PARTS: tuple[type[FileModel], ...] = (Routine, Step, Breathing, Pose, Body, Position, Force)
"""The models that a routine is made of."""
PLAN_PARTS: tuple[type[FileModel], ...] = (Plan, Block)


def schema() -> dict[str, Any]:
    """Give the schema of a routine; ``parse_routine`` knows rules beyond it."""
    return _described(PARTS)


def plan_schema() -> dict[str, Any]:
    """Give the schema of a plan; ``parse_plan`` and the check of its routines know more."""
    return _described(PLAN_PARTS)


def _described(parts: tuple[type[FileModel], ...]) -> dict[str, Any]:
    whole = parts[0]
    made = whole.model_json_schema()
    tables = {whole.__name__: made, **made["$defs"]}
    for part in parts:
        fields = tables[part.__name__]["properties"]
        for name, description in _descriptions(part):
            fields[name]["description"] = description
    return {"$schema": GenerateJsonSchema.schema_dialect, **made}


def _descriptions(model: type[FileModel]) -> Iterator[tuple[str, str]]:
    """Give the docstrings of a model's fields, by their names.

    Pydantic can take them, too, but reads the source of every model for it whenever it is imported.
    """
    for kind in reversed(model.__mro__):
        if issubclass(kind, FileModel):
            (body,) = ast.parse(inspect.getsource(kind)).body
            for field, text in pairwise(body.body if isinstance(body, ast.ClassDef) else ()):
                match field, text:
                    case (
                        ast.AnnAssign(target=ast.Name(id=name)),
                        ast.Expr(value=ast.Constant(value=str() as description)),
                    ):
                        yield name, inspect.cleandoc(description)
