"""The table of transitions, drawn: ``docs/architecture.md`` shows it."""

from __future__ import annotations

from voice_coach.core.transitions import BEFORE, RETURNS, TABLE, Signal, State, Trigger


def diagram() -> str:
    """Draw the table as a Mermaid state diagram; what stays in its state is left out.

    The pain confirmation interrupts so many states that they are drawn as one.
    """
    arrows: dict[tuple[State, State], list[str]] = {}
    for state, row in TABLE.items():
        for trigger, target in row.items():
            if target not in (state, State.PAIN_CONFIRMATION):
                arrows.setdefault((state, target), []).append(_label(trigger))
    for state in _in_order(BEFORE[State.PAUSED]):
        arrows.setdefault((State.PAUSED, state), []).extend(map(_label, RETURNS[State.PAUSED]))
    interrupted = ", ".join(state.value for state in _in_order(BEFORE[State.PAIN_CONFIRMATION]))
    back = " / ".join(map(_label, RETURNS[State.PAIN_CONFIRMATION]))
    lines = ["stateDiagram-v2", "    [*] --> CHOOSING", "    [*] --> SOUND_CHECK"]
    lines += [
        f"    {source.name} --> {target.name}: {' / '.join(labels)}"
        for (source, target), labels in arrows.items()
    ]
    lines += [
        f'    state "{interrupted}" as OPEN',
        f"    OPEN --> PAIN_CONFIRMATION: {_label(Signal.POSSIBLE)}",
        f"    PAIN_CONFIRMATION --> OPEN: {back}",
        '    state "any state" as ANY',
        "    ANY --> HURT: pain",
        "    ENDED --> [*]",
    ]
    return "\n".join(lines) + "\n"


def _label(trigger: Trigger) -> str:
    return str(trigger.value).replace("_", " ")


def _in_order(states: frozenset[State]) -> list[State]:
    return [state for state in State if state in states]
