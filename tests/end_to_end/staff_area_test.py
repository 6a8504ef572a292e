"""The staff area on the kiosk's own screen, under Xvfb, touched with real X events: a physio signs in with a PIN, calibrates a force
sensor with known weights, which the next session uses; and finds out which of several wireless sensors is the bike's."""
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
from patella_run import BAND, BIN, PATIENCE_S, TemporaryFolder, demo_visitor, descendants, make_config, patella
from screen_words import says, shows_count, translated, translated_by

visitor = demo_visitor()

PIN, WRONG = "274961", "274962"
KILOGRAM_N = 9.80665


def config_of_one(folder, station, lines):
    """The demo's configuration with this station alone."""
    config = make_config(folder, lines)
    for other in (config / "stations").glob("*.toml"):
        if other.stem != station:
            other.unlink()
    site = config / "kiosk.toml"
    site.write_text(site.read_text().replace('stations = ["bike_warm_up", "wall_sit", "tke"]', "stations = []"))
    return config


class StaffArea(unittest.TestCase):
    def with_kiosk(self, kinds, make, act, parent=False):
        with TemporaryFolder() as folder:
            state = folder / "state"
            state.mkdir()
            config = make(folder)
            subprocess.run([BIN / "patella", "--config", config, "--state", state, "staff", "add", "M. Berg", "--role", "physio"],
                           input=f"{PIN}\n{PIN}\n", text=True, check=True, stdout=subprocess.DEVNULL)
            kiosk = visitor.Kiosk(types.SimpleNamespace(bin=BIN, out=folder, config=str(config), size="1280x720", kinds=kinds), state)
            try:
                kiosk.start(parent)
                act(kiosk)
            finally:
                kiosk.stop()
            self.look_at_log(folder)

    def look_at_log(self, folder):
        with sqlite3.connect(folder / "state/patella.db") as log:
            self.audit = log.execute("SELECT actor, action, subject, detail FROM audit ORDER BY number").fetchall()
        for path in folder.rglob("*"):
            if path.is_file() and path.suffix != ".png":
                self.assertNotIn(PIN.encode(), path.read_bytes(), path)

    def type(self, kiosk, keys):
        names = {".": "key_point"}
        for key in keys:
            kiosk.tap(names.get(key, f"key_{key}"))

    def sign_in(self, kiosk, pin=PIN):
        self.type(kiosk, pin)
        kiosk.tap("staff_accept")

    def enter(self, kiosk):
        kiosk.screen("home")
        kiosk.tap_to("staff_open", "staff_sign_in")
        self.sign_in(kiosk)
        kiosk.screen("staff_sensors")

    def remembers(self, kiosk, secret):
        """Where in the kiosk's memory these bytes stand."""
        pid = next(pid for pid in descendants(kiosk.kiosk.pid) if b"--child" in pathlib.Path(f"/proc/{pid}/cmdline").read_bytes())
        found = []
        with open(f"/proc/{pid}/mem", "rb", 0) as memory:
            for line in pathlib.Path(f"/proc/{pid}/maps").read_text().splitlines():
                bounds, rights, *_, name = line.split(None, 5) if len(line.split()) > 5 else [*line.split(), ""]
                begin, end = (int(number, 16) for number in bounds.split("-"))
                if not rights.startswith("rw") or name.startswith(("/dev", "[v")):
                    continue
                memory.seek(begin)
                try:
                    at = memory.read(end - begin).find(secret.encode())
                except OSError:
                    continue
                if at >= 0:
                    found.append(f"{begin + at:x} {name}")
        return found

    def weigh(self, kiosk, keys, load_n):
        kiosk.move(f"load chronojump_force {load_n:.3f}")
        self.type(kiosk, keys)
        kiosk.tap("take_point")
        kiosk.wait(f"the point of {keys} kg", lambda s: says(s, "{0}: the sensor said {1}", f"{keys} kg".replace(".", translated(".", "number"))))

    def test_a_physio_calibrates_a_sensor_and_the_next_session_uses_it(self):
        def act(kiosk):
            kiosk.screen("home")
            kiosk.tap_to("staff_open", "staff_sign_in")
            self.sign_in(kiosk, WRONG)
            kiosk.wait("the refusal", lambda s: says(s, "This PIN is wrong"))
            self.assertFalse(any(c["id"].startswith("calibrate") for c in kiosk.shown["controls"]))
            self.sign_in(kiosk)
            kiosk.screen("staff_sensors")
            kiosk.wait("a live force", lambda s: says(s, translated_by("chronojump_force", "Chronojump force sensor")) and says(s, "Not calibrated"))
            if os.geteuid() == 0:  # nobody else may read the memory of the kiosk
                self.assertTrue(self.remembers(kiosk, "M. Berg"))
                self.assertEqual([self.remembers(kiosk, pin) for pin in (PIN, WRONG)], [[], []])
            kiosk.picture("sensors")
            kiosk.tap_to("calibrate_0", "staff_calibrate")

            # What hangs on it pulls as its mass does, and the sensor says 4 % more than that, and 1.5 N.
            kiosk.move("auto chronojump_force off")
            reading = lambda known_n: known_n * 1.04 + 1.5
            kiosk.move(f"load chronojump_force {reading(0):.3f}")
            kiosk.wait("a still reading", lambda s: says(s, "Still", context="reading"))
            self.weigh(kiosk, "0", reading(0))
            self.weigh(kiosk, "10", reading(10 * KILOGRAM_N))
            self.weigh(kiosk, "20.5", reading(20.5 * KILOGRAM_N))
            kiosk.picture("calibrate")
            kiosk.tap_to("store", "staff_sensors")
            kiosk.wait("the day", lambda s: says(s, "Calibrated {0}"))
            kiosk.move(f"load chronojump_force {reading(100):.3f}")
            kiosk.wait("the calibrated value", lambda s: any(says(s, number.replace(".", translated(".", "number"))) for number in ("100.0", "99.9", "100.1")))
            kiosk.tap_to("staff_leave", "home")

            staff = json.loads(patella(kiosk.state, "staff", "list", "--json").stdout)
            self.assertEqual([(member["name"], member["role"]) for member in staff], [("M. Berg", "physio")])
            rows = json.loads(patella(kiosk.state, "calibrate", "--list", "--json").stdout)
            self.assertEqual(len(rows), 1)
            self.assertEqual(rows[0]["who"], "M. Berg")
            self.assertAlmostEqual(rows[0]["slope"], 1 / 1.04, delta=0.003)
            self.assertEqual(len(rows[0]["points"]), 3)
            self.calibration = rows[0]["id"]

            kiosk.move("auto chronojump_force on")
            visitor.arrive(kiosk, "tke", "guest", 1)
            kiosk.wait("a counted repetition", lambda s: shows_count(s, 1, 30))
            kiosk.tap("end_session")
            kiosk.tap_to("end_confirm", "after")
            kiosk.tap_all(["pain_1", "effort_3"], "next")
            kiosk.tap_to("next", "summary")
            kiosk.wait("everything saved", lambda s: says(s, "Everything is saved"))
            exported = kiosk.out / "export"
            patella(kiosk.state, "export", "--format", "csv", "--out", str(kiosk.out / "during"))
            kiosk.tap_to("done", "home")
            patella(kiosk.state, "export", "--format", "csv", "--out", str(exported))
            self.assertIn(self.calibration, (exported / "channels.csv").read_text())

        self.with_kiosk(BAND, lambda folder: config_of_one(folder, "tke", {"tke": {"reps": 30, "sides": '"none"', "hold_s": 0}}), act)
        actions = [(actor, action) for actor, action, _, _ in self.audit]
        member = next(subject for _, action, subject, _ in self.audit if action == "sign_in_refused")
        self.assertEqual(actions[:4], [("command line", "staff_add"), ("kiosk", "sign_in_refused"), (member, "sign_in"), (member, "calibrate")])
        self.assertIn(self.calibration, self.audit[3][3])

    def test_the_end_does_not_wait_for_a_pin_and_does_not_stumble_over_it(self):
        def act(kiosk):
            kiosk.screen("home")
            kiosk.tap_to("staff_open", "staff_sign_in")
            self.sign_in(kiosk, WRONG)
            # Hashing takes a good while on the store's thread; on a busy machine it may be over before it is seen.
            kiosk.wait("the check", lambda s: says(s, "Checking") or says(s, "This PIN is wrong"))
            kiosk.kiosk.terminate()
            self.assertEqual(kiosk.kiosk.wait(PATIENCE_S), 0)
        self.with_kiosk(BAND, lambda folder: config_of_one(folder, "tke", {}), act)
        self.assertIn("sign_in_refused", [action for _, action, _, _ in self.audit])

    def kill(self, kiosk):
        """kill -9; its parent starts it again."""
        pid = json.loads(patella(kiosk.state, "status", "--json").stdout)["pid"]
        os.kill(pid, signal.SIGKILL)
        kiosk.mirror.wait(PATIENCE_S)
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            again = patella(kiosk.state, "status", "--json", check=False)
            if again.returncode == 0 and json.loads(again.stdout)["pid"] != pid:
                break
            time.sleep(0.1)
        kiosk.shown = {}
        kiosk.look()

    def test_the_sensor_that_moves_lights_up_and_its_number_is_kept_until_it_is_taken_back(self):
        def make(folder):
            config = config_of_one(folder, "bike_warm_up", {})
            station = config / "stations/bike_warm_up.toml"
            text = station.read_text()
            begin, end = text.index("[[bind]]"), text.index("[rules]")
            # A number that is not around: the stick has no value to give, and that is when staff come.
            params = "params = { speed_cadence = 777, heart_rate = -1 }"
            binds = "".join(f'[[bind]]\nchannel = "{channel}"   # by radio\ndriver = "ant_plus"\n{params}\n\n' for channel in ("cadence", "heart_rate"))
            station.write_text(text[:begin] + binds + text[end:])
            site = config / "kiosk.toml"
            site.write_text(site.read_text() + '\n[drivers.ant_plus]\nnetwork_key = "0000000000000000"\n')
            self.before = {path: path.read_bytes() for path in config.rglob("*") if path.is_file()}
            return config

        def edits(kiosk, *more):
            return patella(kiosk.state, "edits", "bike_warm_up", *more).stdout

        def act(kiosk):
            self.enter(kiosk)
            kiosk.wait("a stick that hears nothing", lambda s: says(s, "777"))
            kiosk.tap_to("pair_0", "staff_pair")
            kiosk.tap("listen")
            kiosk.wait("the sensor that moves", lambda s: says(s, "Moves"))
            kiosk.picture("pair")
            kiosk.wait("the choice", lambda s: any(c["id"] == "use_sensor" and c["enabled"] for c in s["controls"]))
            kiosk.tap("use_sensor")
            kiosk.wait("the answer", lambda s: says(s, "{0} {1} belongs to {2} from now on"))
            kiosk.tap_to("back", "staff_sensors")
            kiosk.wait("a live stick", lambda s: says(s, translated("rpm", "unit")))
            kiosk.tap_to("staff_leave", "home")
            checked = subprocess.run([BIN / "patella", "--config", kiosk.config, "--state", kiosk.state, "check", "config"],
                                     capture_output=True, text=True, check=True).stdout
            for channel in ("cadence", "heart_rate"):
                self.assertRegex(checked, rf"edit: stations/bike_warm_up.toml: bind\[{channel}\].params.speed_cadence: 777 -> 12345 \(M. Berg, .*, revision 1\)")

            self.kill(kiosk)
            self.enter(kiosk)
            kiosk.wait("the same stick", lambda s: says(s, translated("rpm", "unit")))  # 777 is not around
            self.assertIn("bike_warm_up is as without edits now", edits(kiosk, "--undo-to", "0", "--by", "A. Kern"))
            kiosk.wait("the old number", lambda s: says(s, "777"))
            self.assertIn("12345 -> administrator's value", edits(kiosk))
            edits(kiosk, "--undo-to", "1")
            kiosk.wait("the number again", lambda s: says(s, translated("rpm", "unit")) and not says(s, "777"))
            kiosk.tap_to("staff_leave", "home")
            for path, content in self.before.items():
                self.assertEqual(path.read_bytes(), content, path)

        self.with_kiosk("ant_plus", make, act, parent=True)
        rows = [(actor, action, json.loads(detail)) for actor, action, _, detail in self.audit if action.startswith("edit")]
        member = next(actor for actor, action, _, _ in self.audit if action == "sign_in")
        undone = {"station": "bike_warm_up", "undone": "bike_warm_up"}
        self.assertEqual(rows, [(member, "edit", {"station": "bike_warm_up", "speed_cadence": 12345}),
                                ("A. Kern", "edit_undo", {**undone, "to_revision": 0}), ("command line", "edit_undo", {**undone, "to_revision": 1})])


if __name__ == "__main__":
    unittest.main(verbosity=2)
