"""Routes a message by the rules of a folder: python route.py rules"""

import sys
from inbox_rules import LoadError, Reloader
from inbox_rules.types import Outcome, Situation

def on_outcome(outcome: Outcome) -> None:
    if outcome["refusal"] is not None:
        print("the rules stay as they were:", outcome["refusal"], file=sys.stderr)

situation: Situation = {
    "number": "+15550100",
    "message": {"id": "wamid.A1", "text": "I want a refund"},
    "customer": {"name": "Mona", "returning": True, "owner": "alice"},
    "users": {"bob": {"presence": "online", "chats": 3}},
}
try:
    with Reloader.watch(sys.argv[1], on_outcome) as live:
        decision = live.current().decide(situation, explain=True)
        print(decision["rule"], decision["assign"], decision["replies"])
except LoadError as error:
    sys.exit(f"{error}\n{len(error.findings)} faults")
