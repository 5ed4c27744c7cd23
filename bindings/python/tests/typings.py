"""What the types refuse. mypy reads it, and nobody runs it: a comment that ignores nothing is an error."""

from inbox_rules import RuleSet
from inbox_rules.types import Decision, Situation

misspelt: Situation = {"mesage": {"text": "hello"}}  # type: ignore[typeddict-unknown-key]
wrong: Situation = {"users": {"bob": {"presence": "busy"}}}  # type: ignore[typeddict-item]
RuleSet.load(5)  # type: ignore[arg-type]


def user(decision: Decision) -> str | None:
    """Who takes the chat, if anybody does: the word `to` tells the shapes of an assignment apart."""
    assign = decision["assign"]
    if assign is None:
        return None
    assign["user"]  # type: ignore[typeddict-item]
    return assign["user"] if assign["to"] == "user" else None
