"""The kiosk with its screen, under Xvfb, touched with real X events: killed in mid-set it comes back with the offer to go on; a
sensor pulled out is shown as lost, and found again; sensors that send leave the home screen at rest."""
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time
import types
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support/python"))
from patella_run import BIN, BUILD, DEVICES, TemporaryFolder, demo_visitor, descendants, make_config, sessions
from screen_words import says, shows_count, translated

visitor = demo_visitor()


def cpu_s(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def cmdline_of(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:  # it has ended meanwhile
        return b""


class Window(unittest.TestCase):
    def with_kiosk(self, parent, act):
        with TemporaryFolder() as folder:
            state = folder / "state"
            state.mkdir()
            config = make_config(folder, {"tke": {"reps": 30, "sides": '"none"', "hold_s": 0}})
            kiosk = visitor.Kiosk(types.SimpleNamespace(bin=BIN, out=folder, config=str(config), size="1280x720", kinds=DEVICES), state)
            try:
                kiosk.start(parent)
                act(kiosk)
            finally:
                kiosk.stop()
            return sessions(state)

    def to_work(self, kiosk):
        visitor.arrive(kiosk, "tke", "guest", 1)
        kiosk.wait("a counted repetition", lambda s: shows_count(s, 1, 30))

    def finish(self, kiosk):
        kiosk.tap("end_session")
        kiosk.tap_to("end_confirm", "after")
        kiosk.tap_all(["pain_1", "effort_3"], "next")
        kiosk.tap_to("next", "summary")
        kiosk.wait("everything saved", lambda s: says(s, "Everything is saved"))

    def test_killed_in_mid_set_it_offers_the_same_set(self):
        def act(kiosk):
            self.to_work(kiosk)
            old = [pid for pid in descendants(kiosk.kiosk.pid) if b"--child" in pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()]
            self.assertEqual(len(old), 1)
            os.kill(old[0], signal.SIGKILL)
            kiosk.mirror.wait()
            kiosk.look()
            kiosk.screen("resume_offer")
            kiosk.picture("resume_offer")
            kiosk.tap_to("resume_session", "live", "rest")
            kiosk.tap("resume")
            kiosk.wait("the next repetition", lambda s: shows_count(s, 2, 30))
            self.finish(kiosk)
        stored = self.with_kiosk(True, act)
        self.assertEqual([s["outcome"] for s in stored], ["stopped_early"])
        self.assertGreaterEqual(stored[0]["reps"], 2)

    def test_a_sensor_pulled_out_is_shown_as_lost(self):
        def act(kiosk):
            self.to_work(kiosk)
            kiosk.move("unplug chronojump_force")
            shown = kiosk.wait("a lost sensor", lambda s: says(s, "{0} lost: waiting for it") and s)
            # No force: either it is not drawn at all, or there are dashes in its place.
            self.assertTrue("N" not in shown["texts"] or any("\u2013\u2013" in text for text in shown["texts"]), shown["texts"])
            kiosk.move("plug chronojump_force")
            kiosk.wait("a live sensor", lambda s: says(s, "Sensor connected"))
            kiosk.wait("the next repetition", lambda s: shows_count(s, 2, 30))
            self.finish(kiosk)
        stored = self.with_kiosk(False, act)
        self.assertGreaterEqual(stored[0]["gaps"], 1)

    def test_devices_of_the_running_kiosk_are_listed_as_in_use(self):
        def act(kiosk):
            kiosk.screen("home")
            kiosk.wait("three live sensors", lambda s: sum(text in (translated("Ready"), translated("This sensor moves")) for text in s.get("texts", [])) == 3)
            pid = next(pid for pid in descendants(kiosk.kiosk.pid) if b"--child" in pathlib.Path(f"/proc/{pid}/cmdline").read_bytes())
            # The same emulated bus as the kiosk's.
            pairs = pathlib.Path(f"/proc/{pid}/environ").read_bytes().decode().split("\0")
            env = dict(pair.split("=", 1) for pair in pairs if "=" in pair)
            out = subprocess.run(kiosk.patella("devices"), env=env, capture_output=True, text=True, check=True).stdout
            for driver in ("concept2_pm5", "chronojump_force", "hid_scale"):
                self.assertIn(f"in use by this kiosk ({driver})", out)
        self.with_kiosk(False, act)

    def test_sensors_that_send_leave_the_home_screen_at_rest(self):
        def act(kiosk):
            kiosk.screen("home")
            kiosk.wait("three live sensors", lambda s: sum(text in (translated("Ready"), translated("This sensor moves")) for text in s.get("texts", [])) == 3)
            pid = next(pid for pid in descendants(kiosk.kiosk.pid) if b"--child" in pathlib.Path(f"/proc/{pid}/cmdline").read_bytes())
            before_s, began_s = cpu_s(pid), time.monotonic()
            time.sleep(6)  # what is measured: processor time in a time
            share = (cpu_s(pid) - before_s) / (time.monotonic() - began_s)
            print(f"{share:.1%} of a core at home with three sensors sending")
            self.assertLess(share, 0.4)  # a thread that never rests takes a whole one
        self.with_kiosk(False, act)

    def test_no_file_of_an_administrator_keeps_the_kiosk_from_its_screen(self):
        with TemporaryFolder() as folder:
            state = folder / "state"
            config = make_config(folder, {})
            (config / "kiosk.toml").write_text("a" + ".a" * 32_000 + " = 1\n")
            (config / "clients.toml").write_bytes(b"\xff\xfe[[client]]\n")
            (config / "stations/tke.toml").unlink()
            os.mkfifo(config / "stations/tke.toml")
            (config / "stations/wall_sit.toml").write_text("[" + "a." * 20_000 + "a]\n")
            (config / "stations/bike_warm_up.toml").unlink()
            (config / "stations/bike_warm_up.toml").mkdir()
            (config / "exercises/zero.toml").symlink_to("/dev/zero")
            (config / "figures/huge.toml").write_bytes(b"#" * (3 << 20))
            kiosk = visitor.Kiosk(types.SimpleNamespace(bin=BIN, out=folder, config=str(config), size="1280x720", kinds=DEVICES), state)
            try:
                kiosk.start()
                kiosk.screen("home")
                kiosk.wait("the faults", lambda s: says(s, ("The configuration has {0} fault, {1}", "The configuration has {0} faults, the first {1}")))
                self.assertFalse(any(c["id"].startswith("station_") and c["enabled"] for c in kiosk.shown["controls"]))
            finally:
                kiosk.stop()

    def test_plugins_that_hang_while_they_are_loaded_leave_no_black_screen(self):
        with TemporaryFolder() as folder:
            for stage in ("constructor.hang", "get_interface.hang"):
                plugin = folder / "plugins" / stage
                plugin.mkdir(parents=True)
                shutil.copy(BUILD / "tests/plugins/hostile_driver/hostile_driver.so", plugin / "faulty_force.so")
                manifest = (ROOT / "tests/end_to_end/plugins/faulty_force/plugin.toml").read_text()
                (plugin / "plugin.toml").write_text(manifest.replace("faulty_force", stage.replace(".", "_"), 1))
            os.environ["PATELLA_TEST_PLUGINS"] = str(folder / "plugins")
            config = make_config(folder, {})
            kiosk = visitor.Kiosk(types.SimpleNamespace(bin=BIN, out=folder, config=str(config), size="1280x720", kinds=DEVICES), folder / "state")
            try:
                kiosk.start()
                kiosk.screen("starting")
                # The screen is there before they are: then both hang behind it.
                while sum(b".hang" in cmdline_of(pid) for pid in descendants(kiosk.kiosk.pid)) < 2:
                    self.assertEqual(kiosk.shown["screen"], "starting")
                    kiosk.must_run()
                    time.sleep(0.05)
                kiosk.picture("starting")
                self.assertTrue(says(kiosk.shown, "Getting the stations ready"))
                self.assertEqual(kiosk.shown["controls"], [])
                kiosk.screen("home")
                kiosk.control("station_tke")
                kiosk.wait("the faults", lambda s: says(s, ("The configuration has {0} fault, {1}", "The configuration has {0} faults, the first {1}"), 2))
            finally:
                del os.environ["PATELLA_TEST_PLUGINS"]
                kiosk.stop()
            print(re.search("first frame .*", (folder / "state/kiosk.log").read_text()).group(), "while two plugins hang for 5 s")

    def test_a_picture_is_a_new_file_of_whoever_asks_for_it(self):
        def act(kiosk):
            kiosk.screen("home")
            log = kiosk.state / "patella.db"
            link = kiosk.out / "link.png"
            link.symlink_to(log)
            before = log.read_bytes()
            for taken in (log, link):
                refused = subprocess.run(kiosk.patella("mirror", "--png", str(taken)), env=kiosk.env, capture_output=True, text=True)
                self.assertEqual(refused.returncode, 1)
                self.assertIn("exists already", refused.stderr)
            self.assertEqual(log.read_bytes()[:100], before[:100])
            fresh = kiosk.out / "fresh.png"
            subprocess.run(kiosk.patella("mirror", "--png", str(fresh)), env=kiosk.env, check=True)
            self.assertEqual(fresh.read_bytes()[:8], b"\x89PNG\r\n\x1a\n")
            self.assertEqual(fresh.stat().st_mode & 0o777, 0o600)
            self.assertEqual(kiosk.state.stat().st_mode & 0o777, 0o700)
            for file in kiosk.state.iterdir():
                self.assertEqual(file.stat().st_mode & 0o077, 0, file)
        self.with_kiosk(False, act)


if __name__ == "__main__":
    unittest.main(verbosity=2)
