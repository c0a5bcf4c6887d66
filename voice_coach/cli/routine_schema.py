"""The JSON Schema of a routine, with which editors complete and check one while it is written."""

from __future__ import annotations

import ast
import inspect
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from pydantic.json_schema import GenerateJsonSchema

from voice_coach.core.pose import Body, FileModel, Force, Pose, Position
from voice_coach.core.routine import Breathing, Routine, Step

if TYPE_CHECKING:
    from collections.abc import Iterator

PARTS: tuple[type[FileModel], ...] = (Routine, Step, Breathing, Pose, Body, Position, Force)
"""The models that a routine is made of."""


def schema() -> dict[str, Any]:
    """Give the schema; ``parse_routine`` knows rules beyond it."""
    made = Routine.model_json_schema()
    tables = {Routine.__name__: made, **made["$defs"]}
    for part in PARTS:
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
