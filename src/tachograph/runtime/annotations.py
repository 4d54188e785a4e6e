"""What a program reports about its run: events, facts, its outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tachograph.runtime.recording import recorder

if TYPE_CHECKING:
    from tachograph.run_status import RunStatus


def event(name: str, /, **fields: object) -> None:
    """Record that something happened, under the span that is current.

    Parameters
    ----------
    name
        What happened, e.g. ``decision``.
    **fields
        Details, any JSON-like values; redacted like everything else.
    """
    to = recorder()
    if to is None:
        return
    from opentelemetry import trace

    to.event(name, fields, trace.get_current_span().get_span_context())


def describe(
    *,
    name: str | None = None,
    task: str | None = None,
    goal: str | None = None,
    task_type: str | None = None,
    role: str | None = None,
    **more: object,
) -> None:
    """Describe what the run is about; later values replace earlier ones.

    Parameters
    ----------
    name
        The name it is listed under.
    task
        Path or identifier of the task.
    goal
        What the task asks for.
    task_type
        Kind of task, e.g. ``bugfix``.
    role
        The part this program plays, e.g. ``implementer``.
    **more
        Further facts, any JSON-like values.
    """
    to = recorder()
    if to is None:
        return
    facts = {"name": name, "task": task, "goal": goal, "task_type": task_type, "role": role, **more}
    to.facts({key: value for key, value in facts.items() if value is not None})


def outcome(result: RunStatus, reason: str | None = None) -> None:
    """Record how the run ended, if its exit code does not show it.

    Parameters
    ----------
    result
        ``completed``, ``failed``, ``blocked`` or ``interrupted``.
    reason
        Why, in a few words.
    """
    to = recorder()
    if to is not None:
        to.outcome(result, reason)
