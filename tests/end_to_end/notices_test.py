"""Notices to staff on the kiosk's own screen, under Xvfb, touched with real X events: answers before the exercise that staff should
know, a start that needs them, a call; seen on home, in the staff area, by `patella status` and by the site's own program, until
somebody acknowledges them. A kiosk killed in between forgets none."""
import json
import os
import pathlib
import signal
import sqlite3
import subprocess
import sys
import time
import types
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support/python"))
from patella_run import BAND, BIN, PATIENCE_S, TemporaryFolder, demo_visitor, make_config, patella
from screen_words import says, translated

visitor = demo_visitor()
visitor.LIMIT_S = 600  # three screens of PINs on a busy machine

PIN, WRONG = "274961", "274962"


def config_with_program(folder):
    """The demo's configuration with the knee extension alone, and a real program for notices: it keeps what it reads."""
    config = make_config(folder, {})
    for other in (config / "stations").glob("*.toml"):
        if other.stem != "tke":
            other.unlink()
    program = folder / "notify"
    program.write_text('#!/bin/sh\nline=$(cat)\nprintf "%s %s %s\\n" "$PATELLA_EVENT" "$PATELLA_NOTICE" "$line" >> "$1"\n')
    program.chmod(0o700)
    site = config / "kiosk.toml"
    text = site.read_text().replace('stations = ["bike_warm_up", "wall_sit", "tke"]', "stations = []")
    site.write_text(f'notify_command = ["{program}", "{folder / "told"}"]\n' + text)
    return config


class Notices(unittest.TestCase):
    def with_kiosk(self, act, parent=False):
        with TemporaryFolder() as folder:
            state = folder / "state"
            state.mkdir()
            config = config_with_program(folder)
            subprocess.run([BIN / "patella", "--config", config, "--state", state, "staff", "add", "M. Berg", "--role", "physio"],
                           input=f"{PIN}\n{PIN}\n", text=True, check=True, stdout=subprocess.DEVNULL)
            kiosk = visitor.Kiosk(types.SimpleNamespace(bin=BIN, out=folder, config=str(config), size="1280x800", kinds=BAND), state)
            try:
                kiosk.start(parent)
                act(kiosk)
            finally:
                kiosk.stop()
            with sqlite3.connect(folder / "state/patella.db") as log:
                self.audit = log.execute("SELECT actor, action, subject, detail FROM audit ORDER BY number").fetchall()
                self.events = log.execute("SELECT kind, fields FROM event ORDER BY session_key, number").fetchall()
                self.rows = log.execute("SELECT kind, client_ref, acknowledged_by FROM notice ORDER BY utc_us, id").fetchall()
                self.member = log.execute("SELECT id FROM staff").fetchone()[0]

    def status(self, kiosk):
        return json.loads(patella(kiosk.state, "status", "--json").stdout)

    def told(self, kiosk, event, kind):
        """Waits until the site's program was run for this, and gives what it read."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            lines = (kiosk.out / "told").read_text().splitlines() if (kiosk.out / "told").exists() else []
            for line in lines:
                if line.startswith(f"{event} {kind} "):
                    return json.loads(line.split(" ", 2)[2])
            kiosk.must_run()
            time.sleep(0.05)
        self.fail(f"the program was not run for {event} {kind}: {lines}")

    def type(self, kiosk, digits):
        for digit in digits:
            kiosk.tap(f"key_{digit}")
        kiosk.tap("staff_accept")

    def to_screening(self, kiosk, client="guest"):
        kiosk.screen("home")
        kiosk.tap_to("station_tke", "who")
        kiosk.tap_to(client, "screening")

    def answer(self, kiosk, pain, yes=()):
        ids = [c["id"] for c in kiosk.shown["controls"] if c["id"].startswith("answer_") and c["id"].endswith("_no")]
        taps = [i.removesuffix("_no") + "_yes" if i.removeprefix("answer_").removesuffix("_no") in yes else i for i in ids]
        kiosk.tap_all([f"pain_{pain}", *taps], "next")

    def test_a_red_flag_reaches_staff_and_the_start_waits_for_a_pin_at_this_screen(self):
        def act(kiosk):
            self.to_screening(kiosk)
            self.answer(kiosk, 2, yes=("locks_or_gives_way", "talk_first"))
            kiosk.tap_to("next", "start_gate")
            kiosk.wait("the call", lambda s: says(s, "Staff are being called") and says(s, "{0} – Yes", translated("Has the knee locked or given way since last time?")))
            kiosk.picture("start_gate")
            flag = self.told(kiosk, "raised", "red_flag")
            self.assertEqual((flag["station"], flag["client"], flag["detail"]["locks_or_gives_way"]), ("tke", "guest", "yes"))
            self.told(kiosk, "raised", "start_blocked")
            self.assertEqual({n["kind"] for n in self.status(kiosk)["notices"]}, {"red_flag", "start_blocked"})
            text = patella(kiosk.state, "status").stdout
            self.assertIn("Has the knee locked or given way since last time? \u2013 yes", text)

            # Back and on again is no way in; nor is another PIN, nor none.
            kiosk.tap_to("back", "screening")
            kiosk.tap("answer_locks_or_gives_way_no")
            kiosk.tap("answer_talk_first_no")
            kiosk.tap_to("next", "start_gate")
            kiosk.tap_to("staff_start", "staff_sign_in")
            kiosk.picture("sign_in_to_start")
            self.type(kiosk, WRONG)
            kiosk.wait("the refusal", lambda s: says(s, "This PIN is wrong"))
            kiosk.tap_to("back", "start_gate")
            kiosk.tap_to("staff_start", "staff_sign_in")
            self.type(kiosk, PIN)
            kiosk.screen("set_up")
            self.told(kiosk, "acknowledged", "red_flag")
            self.assertEqual(self.status(kiosk)["notices"], [])
            kiosk.tap_to("back", "home")
            self.assertFalse(says(kiosk.shown, "{0}: staff needed, {1}"))

        self.with_kiosk(act)
        released = [json.loads(fields) for kind, fields in self.events if kind == "start_released"]
        self.assertEqual(released, [[["by", self.member], ["why", "questions"]]])
        answers = [dict(json.loads(fields)) for kind, fields in self.events if kind == "answer"]
        self.assertEqual([a["answer"] for a in answers if a["question"] == "talk_first"], ["yes", "no"])
        self.assertEqual([action for _, action, _, _ in self.audit if action != "staff_add"],
                         ["sign_in_refused", "sign_in", "start_released", "acknowledge", "acknowledge"])
        self.assertEqual(self.rows, [("red_flag", "guest", self.member), ("start_blocked", "guest", self.member)])

    def test_a_call_is_on_home_without_a_name_until_it_is_acknowledged_and_outlives_a_kill(self):
        def act(kiosk):
            self.to_screening(kiosk, "client_C-0001")
            kiosk.tap("call_staff")
            kiosk.wait("the call", lambda s: says(s, "Staff are being called"))
            called = self.told(kiosk, "raised", "call_staff")
            # Somebody at a desk has seen it: only now the client reads that staff know.
            patella(kiosk.state, "notices", "--acknowledge", called["id"], "--by", "Front desk")
            kiosk.wait("the answer", lambda s: says(s, "Staff know"))
            self.assertNotEqual(patella(kiosk.state, "notices", "--acknowledge", called["id"], "--by", "x", check=False).returncode, 0)
            kiosk.tap("pain_7")
            kiosk.wait("the telling", lambda s: says(s, "Staff are being told: pain {0} entered", 7))
            kiosk.tap("pain_3")
            kiosk.tap_to("back", "home")
            kiosk.wait("the line", lambda s: says(s, "{0}: staff needed, {1}"))
            kiosk.picture("home")
            line = next(t for t in kiosk.shown["texts"] if says({"texts": [t]}, "{0}: staff needed, {1}"))
            self.assertNotRegex(line, r"C-0001|Anna|pain|Pain")

            pid = self.status(kiosk)["pid"]
            os.kill(pid, signal.SIGKILL)
            end = time.monotonic() + PATIENCE_S
            while time.monotonic() < end:
                again = patella(kiosk.state, "status", "--json", check=False)
                if again.returncode == 0 and json.loads(again.stdout)["pid"] != pid:
                    break
                time.sleep(0.1)
            kiosk.shown = {}
            kiosk.look()
            kiosk.wait("the line again", lambda s: s.get("screen") == "home" and says(s, "{0}: staff needed, {1}"))
            self.told(kiosk, "still_open", "pain_high")

            kiosk.tap_to("staff_open", "staff_sign_in")
            self.type(kiosk, PIN)
            kiosk.screen("staff_notices")
            kiosk.wait("both answers", lambda s: says(s, "Pain before the exercise: {0} of 10") and says(s, "C-0001"))
            kiosk.picture("staff_notices")
            kiosk.tap("acknowledge_" + self.status(kiosk)["notices"][0]["id"])
            kiosk.wait("none", lambda s: says(s, "No open notices"))
            kiosk.tap_to("staff_sensors", "staff_sensors")
            kiosk.tap_to("staff_leave", "home")
            self.assertFalse(says(kiosk.shown, "{0}: staff needed, {1}"))
            self.told(kiosk, "acknowledged", "pain_high")
            self.assertIn("no notices are open", patella(kiosk.state, "notices").stdout)

        self.with_kiosk(act, parent=True)
        self.assertEqual(self.rows, [("call_staff", "C-0001", "Front desk"), ("pain_high", "C-0001", self.member)])
        self.assertEqual([(actor, action) for actor, action, _, _ in self.audit if action == "acknowledge"],
                         [("Front desk", "acknowledge"), (self.member, "acknowledge")])

    def test_a_program_that_fails_is_told_to_staff_and_holds_nobody_up(self):
        def act(kiosk):
            self.to_screening(kiosk)
            kiosk.tap("call_staff")
            kiosk.wait("the call", lambda s: says(s, "Staff are being called"))
            end = time.monotonic() + PATIENCE_S
            while not any(n["kind"] == "notify_failed" for n in self.status(kiosk)["notices"]) and time.monotonic() < end:
                time.sleep(0.05)
            failed = [n for n in self.status(kiosk)["notices"] if n["kind"] == "notify_failed"]
            self.assertEqual(failed[0]["detail"]["text"], "It ended with status 9")
            kiosk.tap_to("back", "home")
            kiosk.wait("both", lambda s: says(s, "{0}: staff called, {1}") and says(s, "Notices could not be passed on, {0}"))

        global config_with_program
        usual = config_with_program

        def failing(folder):
            config = usual(folder)
            (folder / "notify").write_text("#!/bin/sh\nexit 9\n")
            return config
        config_with_program = failing
        try:
            self.with_kiosk(act)
        finally:
            config_with_program = usual
        self.assertEqual([kind for kind, _, _ in self.rows], ["call_staff", "notify_failed"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
