"""The Python package, compared with the program `rules` (RULES_PROGRAM)."""

import gc
import json
import os
import pickle
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast

import inbox_rules
from inbox_rules import LoadError, Reloader, RulesError, RuleSet, SituationError
from inbox_rules.types import Outcome, Situation

ROOT = Path(__file__).resolve().parents[3]
RULES = ROOT / "rules"
LINES = (ROOT / "bindings/tests/situations.jsonl").read_text(encoding="utf-8").splitlines()
SITUATIONS: list[Situation] = [json.loads(line) for line in LINES]
PROGRAM = os.environ["RULES_PROGRAM"]


def program(*arguments: str | Path, text: str = "", folder: Path = ROOT) -> str:
    """What the program prints, with findings or without."""
    run = subprocess.run([PROGRAM, *map(str, arguments)], input=text, capture_output=True, encoding="utf-8", cwd=folder)
    assert run.returncode in (0, 1), run.stderr
    return run.stdout


class Folder(unittest.TestCase):
    """Tests with a folder of their own, which begins as a copy of rules/."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.rules = Path(folder.name) / "rules"
        shutil.copytree(RULES, self.rules)
        self.store = self.rules / "+15550100.rules"

    def replace(self, old: str, new: str) -> None:
        """Changes the store's policy, in one step."""
        text = self.store.read_text(encoding="utf-8")
        assert old in text
        other = self.rules / "other"
        other.write_text(text.replace(old, new), encoding="utf-8")
        other.replace(self.store)


class Decide(unittest.TestCase):
    rules: RuleSet

    @classmethod
    def setUpClass(cls) -> None:
        cls.rules = RuleSet.load(RULES)

    def test_the_cases_of_the_settings_page_are_decided_as_by_the_program(self) -> None:
        for options, seed, explain in [([], 0, False), (["--explain"], 0, True), (["--seed", "7"], 7, False)]:
            printed = program("route", "--format", "json", *options, text="\n".join(LINES)).splitlines()
            self.assertEqual(len(printed), len(SITUATIONS))
            for situation, line in zip(SITUATIONS, printed, strict=True):
                self.assertEqual(self.rules.decide(situation, seed=seed, explain=explain), json.loads(line))

    def test_each_case_has_its_rule(self) -> None:
        rules = [self.rules.decide(situation)["rule"] for situation in SITUATIONS[:5]]
        names = [rule and rule["name"] for rule in rules]
        self.assertEqual(names, ["welcome", "closed", "back to the owner", "owner is away", None])

    def test_reasons_are_given_only_when_asked_for(self) -> None:
        self.assertNotIn("why", self.rules.decide(SITUATIONS[0]))
        self.assertIn("why", self.rules.decide(SITUATIONS[0], explain=True))

    def test_the_seed_changes_what_is_random(self) -> None:
        users = {json.dumps(self.rules.decide(SITUATIONS[5], seed=seed)["assign"]) for seed in range(32)}
        self.assertEqual(len(users), 2)
        with self.assertRaises(OverflowError):
            self.rules.decide(SITUATIONS[5], seed=2**64)
        with self.assertRaises(OverflowError):
            self.rules.decide(SITUATIONS[5], seed=-1)

    def test_wrong_situations_raise_a_sentence_with_the_place(self) -> None:
        wrong: list[tuple[Any, str | None, str]] = [
            ({"number": "+15550100", "users": {"alcie": {}}}, "users.alcie", "alice"),
            ({"number": "+15550100", "mesage": {}}, "mesage", "mesage"),
            ({"number": "+15550100", "message": {"text": 5}}, "message.text", "message.text"),
            ([], None, "object"),
        ]
        for situation, place, word in wrong:
            with self.assertRaises(SituationError) as raised:
                self.rules.decide(situation)
            self.assertEqual(raised.exception.place, place)
            self.assertIn(word, str(raised.exception))
            self.assertIsInstance(raised.exception, RulesError)
            self.assertIsInstance(raised.exception, ValueError)

    def test_what_is_not_json_raises_what_python_raises(self) -> None:
        for situation, error in [({"at": {1, 2}}, TypeError), ({"message": {"age_seconds": float("nan")}}, ValueError)]:
            with self.assertRaises(error):
                self.rules.decide(cast(Situation, situation))
        surrogate = cast(Situation, {"number": "+15550100", "message": {"text": "\ud800"}})
        with self.assertRaisesRegex(SituationError, "one half of a surrogate pair is no character"):
            self.rules.decide(surrogate)

    def test_threads_decide_side_by_side(self) -> None:
        expected = [self.rules.decide(situation, explain=True) for situation in SITUATIONS]

        def work(_: int) -> bool:
            return all(
                self.rules.decide(situation, explain=True) == decision
                for _ in range(50)
                for situation, decision in zip(SITUATIONS, expected, strict=True)
            )

        with ThreadPoolExecutor(8) as pool:
            self.assertTrue(all(pool.map(work, range(8))))


class Load(Folder):
    def test_rules_with_faults_raise_their_findings(self) -> None:
        self.replace('group "Sales" by least_chats', 'group "Slaes" by round_robin')
        with self.assertRaises(LoadError) as raised:
            RuleSet.load(str(self.rules))
        report = json.loads(program("check", "--format", "json", self.rules))
        errors = [finding for finding in report["findings"] if finding["level"] == "error"]
        self.assertEqual([f["message"] for f in raised.exception.findings], [f["message"] for f in errors])
        self.assertEqual(len(errors), 2)
        self.assertIn("no group is called `Slaes` (and 1 more finding)", str(raised.exception))
        again = pickle.loads(pickle.dumps(raised.exception))
        self.assertEqual((str(again), again.findings), (str(raised.exception), raised.exception.findings))

    def test_a_folder_that_is_not_there_is_named(self) -> None:
        calls: list[Callable[[str], object]] = [RuleSet.load, Reloader.watch, inbox_rules.check]
        for call in calls:
            with self.assertRaises(LoadError) as raised:
                call("nowhere")
            self.assertEqual(str(raised.exception), "there is no file or folder `nowhere`")
            self.assertEqual(raised.exception.findings, [])


class Check(Folder):
    def test_findings_are_those_of_the_program(self) -> None:
        self.replace('group "Sales" by least_chats', 'group "Slaes" by round_robin')
        inbox = self.rules / "inbox.toml"
        inbox.write_text(inbox.read_text(encoding="utf-8") + "\n[shelves]\n", encoding="utf-8")
        for path in [RULES, RULES / "inbox.toml", self.rules, self.store, self.rules / "default.rules", inbox]:
            printed = json.loads(program("check", "--format", "json", path))
            self.assertEqual(inbox_rules.check(path), printed)
        self.assertGreaterEqual(len(inbox_rules.check(self.rules)["findings"]), 2)

    def test_a_folder_without_rules_is_an_error(self) -> None:
        empty = self.rules / "empty"
        empty.mkdir()
        with self.assertRaisesRegex(LoadError, "there is no rule file in .*; rule files end in `.rules`"):
            inbox_rules.check(empty)


class Reload(Folder):
    def test_a_change_is_followed_and_a_bad_one_is_refused(self) -> None:
        outcomes: queue.Queue[Outcome] = queue.Queue()
        situation = SITUATIONS[0]

        def reply() -> str:
            return live.current().decide(situation)["replies"][0]["text"]

        with Reloader.watch(self.rules, on_outcome=outcomes.put) as live:
            first = outcomes.get(timeout=30)
            self.assertTrue(first["taken"])
            self.assertEqual((first["generation"], live.outcome()), (1, first))
            held = live.current()

            self.replace("Welcome to my store. We'll", "Good morning! We'll")
            second = outcomes.get(timeout=30)
            self.assertEqual(second["changes"], {"added": [], "removed": [], "changed": [self.store.name]})
            self.assertTrue(reply().startswith("Good morning!"))
            self.assertTrue(held.decide(situation)["replies"][0]["text"].startswith("Welcome"))

            self.replace('group "Sales" by least_chats', 'group "Slaes" by least_chats')
            third = outcomes.get(timeout=30)
            self.assertEqual((third["taken"], third["generation"], third["waiting"]), (False, 2, False))
            self.assertIn("Slaes", third["refusal"] or "")
            self.assertIn("unknown-group", [finding["code"] for finding in third["findings"]])
            self.assertTrue(reply().startswith("Good morning!"))
            self.assertIsNone(live.accept(third["digest"]))
        with self.assertRaisesRegex(RulesError, "the reloader is closed"):
            live.current()
        live.close()

    def test_what_has_lost_much_waits_until_it_is_accepted(self) -> None:
        outcomes: queue.Queue[Outcome] = queue.Queue()
        with Reloader.watch(self.rules, outcomes.put) as live:
            outcomes.get(timeout=30)
            self.store.write_text('otherwise: assign group "Sales" by in_order\n', encoding="utf-8")
            outcome = outcomes.get(timeout=30)
            self.assertEqual((outcome["taken"], outcome["waiting"]), (False, True))
            accepted = live.accept(outcome["digest"])
            self.assertTrue(accepted and accepted["taken"])
            self.assertEqual(live.current().decide(SITUATIONS[0])["replies"], [])

    def test_rules_with_faults_cannot_be_followed(self) -> None:
        self.replace('group "Sales" by least_chats', 'group "Slaes" by least_chats')
        with self.assertRaises(LoadError) as raised:
            Reloader.watch(self.rules)
        self.assertEqual([finding["code"] for finding in raised.exception.findings], ["unknown-group"])

    def test_a_callback_that_raises_does_not_stop_anything(self) -> None:
        raised: queue.Queue[object] = queue.Queue()
        hook = sys.unraisablehook
        sys.unraisablehook = lambda unraisable: raised.put(unraisable.exc_value)
        self.addCleanup(setattr, sys, "unraisablehook", hook)

        def on_outcome(outcome: Outcome) -> None:
            raise KeyError(outcome["generation"])

        with Reloader.watch(self.rules, on_outcome) as live:
            self.assertEqual(repr(raised.get(timeout=30)), "KeyError(1)")
            self.replace("Welcome to my store.", "Good morning!")
            self.assertEqual(repr(raised.get(timeout=30)), "KeyError(2)")
            self.assertEqual(live.outcome()["generation"], 2)

    def test_the_callback_may_close_and_closing_waits_for_it(self) -> None:
        closed = threading.Event()
        may_go_on = threading.Event()
        ready: queue.Queue[Reloader] = queue.Queue()

        def close(_: Outcome) -> None:
            ready.get(timeout=30).close()
            closed.set()

        ready.put(Reloader.watch(self.rules, close))
        self.assertTrue(closed.wait(30))

        began, ended = threading.Event(), threading.Event()

        def slow(_: Outcome) -> None:
            began.set()
            may_go_on.wait(30)
            ended.set()

        live = Reloader.watch(self.rules, slow)
        self.assertTrue(began.wait(30))
        threading.Timer(0.1, may_go_on.set).start()
        live.close()
        self.assertTrue(ended.is_set())

    def test_what_cannot_be_called_is_refused_at_once(self) -> None:
        with self.assertRaisesRegex(TypeError, "`on_outcome` cannot be called"):
            Reloader.watch(self.rules, cast(Any, 5))

    def test_a_reloader_that_its_own_callback_holds_is_garbage(self) -> None:
        class Host:
            def __init__(self, rules: Path, told: threading.Event) -> None:
                self.told = told
                self.live = Reloader.watch(rules, self.on_outcome)

            def on_outcome(self, _: Outcome) -> None:
                self.told.set()

        told = threading.Event()
        host = weakref.ref(Host(self.rules, told))
        self.assertTrue(told.wait(30))
        end = time.monotonic() + 30
        while host() is not None and time.monotonic() < end:
            gc.collect()
        self.assertIsNone(host())

    def test_calls_while_it_is_closed_end(self) -> None:
        live = Reloader.watch(self.rules)

        def call() -> str:
            try:
                while True:
                    live.accept("sha256:0")
                    live.current()
            except RulesError as error:
                return str(error)

        with ThreadPoolExecutor(4) as pool:
            calls = [pool.submit(call) for _ in range(4)]
            live.close()
            self.assertEqual({called.result(30) for called in calls}, {"the reloader is closed"})

    @unittest.skipUnless(hasattr(os, "fork"), "processes are not forked here")
    def test_a_forked_process_is_told_that_it_follows_nothing_and_ends(self) -> None:
        program = f"""
import inbox_rules, os, sys, threading
began, may_end = threading.Event(), threading.Event()
def on_outcome(outcome):
    began.set()
    may_end.wait()
live = inbox_rules.Reloader.watch({str(self.rules)!r}, on_outcome)
rules = live.current()
began.wait()
child = os.fork()
if child == 0:
    try:
        live.current()
    except inbox_rules.LoadError as error:
        print(error)
    live.close()
    del live
    rules.decide({SITUATIONS[0]!r})
    with inbox_rules.Reloader.watch({str(self.rules)!r}) as live:
        print(live.outcome()["generation"])
    sys.exit(3)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
may_end.set()
"""
        run = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", timeout=60)
        refusal = "this process was forked after the folder was followed, and does not follow it: call `watch` in it"
        self.assertEqual((run.returncode, run.stdout, run.stderr), (0, f"{refusal}\n1\n3\n", ""))

    def test_another_interpreter_than_the_main_one_is_refused(self) -> None:
        program = """
try:
    import _interpreters as interpreters
except ImportError:
    import _xxsubinterpreters as interpreters
call = "try: import inbox_rules\\nexcept ImportError as error: print(error, flush=True)"
interpreters.run_string(interpreters.create(), call)
import inbox_rules
print(inbox_rules.RuleSet)
"""
        run = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", timeout=60)
        printed = [
            "inbox_rules works in the main interpreter only, and this is another interpreter",
            "<class 'inbox_rules.RuleSet'>",
        ]
        self.assertEqual((run.returncode, run.stdout.splitlines(), run.stderr), (0, printed, ""))

    def test_python_ends_even_while_a_folder_is_followed_and_the_callback_runs(self) -> None:
        program = f"""
import inbox_rules, threading, time
began = threading.Event()
def on_outcome(outcome):
    began.set()
    for _ in range(100):
        time.sleep(0.001)
    print("told")
live = inbox_rules.Reloader.watch({str(self.rules)!r}, on_outcome)
began.wait()
"""
        for program in [program, program + "del live"]:
            run = subprocess.run([sys.executable, "-c", program], capture_output=True, encoding="utf-8", timeout=60)
            self.assertEqual((run.returncode, run.stdout, run.stderr), (0, "told\n", ""))


class Example(unittest.TestCase):
    def run_example(self, folder: str | Path) -> subprocess.CompletedProcess[str]:
        example = ROOT / "bindings/python/examples/route.py"
        return subprocess.run([sys.executable, str(example), str(folder)], capture_output=True, encoding="utf-8")

    def test_the_example_routes_a_message(self) -> None:
        run = self.run_example(RULES)
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        for word in ["owner is away", "'user': 'bob'", "Alice is away, Bob will help you."]:
            self.assertIn(word, run.stdout)

    def test_the_example_says_what_is_wrong(self) -> None:
        run = self.run_example("nowhere")
        self.assertEqual((run.returncode, run.stderr), (1, "there is no file or folder `nowhere`\n0 faults\n"))


if __name__ == "__main__":
    unittest.main()
