"""The base class and the common types of the parts of a report."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, WithJsonSchema

Money = Annotated[
    Decimal,
    Field(strict=False, allow_inf_nan=False),
    PlainSerializer(lambda amount: format(amount, "f"), return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": r"^-?\d+(\.\d+)?$"}),
]
"""An amount of money, in JSON a decimal in a string."""

Provenance = Literal["reported", "estimated", "missing"]
"""Where the token counts of a call come from."""

ProcessEnd = Literal["ended", "killed", "idle", "lost", "running"]
"""How a process ended; see :class:`~tachograph.report.folding.sections.processes.Process`."""


class Part(BaseModel):
    """A part of a report: strict, closed, immutable. A number that is not known is None, never 0."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)
