"""A sensor is calibrated through its real driver on an emulated device; a session then sees, keeps and replays the calibrated
force. A band is checked. A sensor too slow to count with is told at set-up."""
import csv
import json
import os
import pathlib
import queue
import signal
import subprocess
import sys
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support/python"))
from patella_run import BAND, BAND_BIND, BIN, PATIENCE_S, Run, TemporaryFolder, make_config, patella, sessions


class Desk:
    """`patella calibrate` or `band-check` under the emulator, typed to through a pipe."""

    def __init__(self, folder, kinds, *arguments):
        self.pipe = folder / "typed"
        if not self.pipe.exists():
            os.mkfifo(self.pipe)
        # Held open, so that writing never waits for the reader.
        self.pipe_fd = os.open(self.pipe, os.O_RDWR)
        self.output, self.lines = [], queue.Queue()
        self.process = subprocess.Popen(
            [BIN / "patella-emulator", "run", kinds, "--seed", "3", "--", BIN / "patella", "--config", folder / "config", "--state",
             folder / "state", *arguments, "--script", self.pipe],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.threads = [threading.Thread(target=self._read, args=(stream,), daemon=True)
                        for stream in (self.process.stdout, self.process.stderr)]
        for thread in self.threads:
            thread.start()

    def _read(self, stream):
        for text in stream:
            self.output.append(text.rstrip("\n"))
            self.lines.put(text.rstrip("\n"))

    def expect(self, text):
        end = time.monotonic() + PATIENCE_S
        while True:
            try:
                line = self.lines.get(timeout=max(0.01, end - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"no line with \"{text}\":\n" + "\n".join(self.output)) from None
            if text in line:
                return line

    def type(self, text):
        os.write(self.pipe_fd, (text + "\n").encode())

    def emulator(self, command):
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()

    def load(self, name, newton):
        self.emulator(f"load {name} {newton}")
        self.expect(f"{name} load")

    def end(self):
        status = self.process.wait(PATIENCE_S)
        os.close(self.pipe_fd)
        for thread in self.threads:
            thread.join(5)
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            stream.close()
        return status


def tables(folder):
    found = {}
    for path in folder.glob("*.csv"):
        with open(path, newline="", encoding="utf-8") as file:
            found[path.stem] = list(csv.DictReader(file))
    return found


class Calibrate(unittest.TestCase):
    def calibrate(self, folder, known):
        """Emulated weights of 0 and 100 N, of which staff say that they are 0 and `known`."""
        desk = Desk(folder, BAND, "calibrate", "chronojump_force", "--who", "M. Berg")
        desk.expect("serial number")
        desk.expect("Known weight")
        for true_n, said in ((0, "0"), (100, known)):
            desk.load("chronojump_force", true_n)
            desk.type(said)
            desk.expect("point")
            desk.expect("Known weight")
        desk.type("done")
        line = desk.expect("force = ")
        desk.expect("stored as")
        self.assertEqual(desk.end(), 0, desk.output)
        return line

    def test_a_session_sees_keeps_and_replays_the_calibrated_force(self):
        with TemporaryFolder() as folder:
            make_config(folder, {})
            state = folder / "state"
            self.calibrate(folder, "110N")
            listed = json.loads(patella(state, "calibrate", "--list", "--json").stdout)
            self.assertEqual(len(listed), 1)
            self.assertAlmostEqual(listed[0]["slope"], 1.1, delta=0.02)
            self.assertEqual((listed[0]["who"], listed[0]["channel"], listed[0]["serial"]), ("M. Berg", "force", "A50285BI"))
            self.assertAlmostEqual(listed[0]["rate_hz"], 88.2, delta=5)
            self.assertIn("M. Berg", patella(state, "calibrate", "--list").stdout)

            script = folder / "script"
            script.write_text("wait 4\nend\n")
            run = Run(BAND, state, folder / "config", "tke", "--script", str(script))
            run.wait_line(lambda line: line.kind == "state" and line.fields["screen"] == "set_up")
            run.emulator("load chronojump_force 50")
            self.assertEqual(run.wait_end(120), 0, run.story())
            stored = sessions(state)[0]
            force = stored["channels"][0]
            self.assertEqual(force["calibration"], listed[0]["id"], run.story())
            self.assertAlmostEqual(force["rate_hz"], 88.2, delta=5)
            self.assertGreater(force["samples"], 100)
            self.assertTrue(any("kind=calibration" in line.text for line in run.lines), run.story())

            patella(state, "export", "--format", "csv", "--out", str(folder / "csv"))
            exported = tables(folder / "csv")
            self.assertEqual(exported["channels"][0]["calibrated_by"], "M. Berg")
            values = [float(row["value"]) for row in exported["samples_" + stored["id"]]]
            loaded = values[-50:]
            self.assertAlmostEqual(sum(loaded) / 50, 55, delta=1.5)
            self.assertTrue(all(abs(value * 1e4 - round(value * 1e4)) < 1e-6 for value in values))
            replayed = patella(state, "replay", stored["id"], check=False)
            self.assertEqual(replayed.returncode, 0, replayed.stdout + replayed.stderr)

    def test_what_cannot_be_a_calibration_is_refused_and_nothing_is_stored(self):
        with TemporaryFolder() as folder:
            make_config(folder, {})
            state = folder / "state"
            desk = Desk(folder, BAND, "calibrate", "chronojump_force")
            desk.expect("Known weight")
            desk.load("chronojump_force", 52)
            desk.type("tare")
            self.assertIn("on the sensor", desk.expect("Not tared"))
            desk.load("chronojump_force", 0)
            desk.type("10")
            desk.expect("not a known weight")
            desk.type("0")
            desk.expect("point 1")
            desk.type("done")
            desk.expect("needs 2 points")
            desk.type("1kg")
            desk.expect("point 2")
            desk.type("done")
            desk.expect("apart, at least")
            # One bad point: taken back, or measured once more.
            desk.type("undo")
            desk.expect("point 2 (9.81 N) taken back")
            desk.type("done")
            desk.expect("needs 2 points")
            for true_n, said in ((50, "50N"), (30, "100N")):
                desk.load("chronojump_force", true_n)
                desk.type(said)
                desk.expect("point")
            desk.type("done")
            desk.expect("do not lie on a line")
            desk.load("chronojump_force", 100)
            desk.type("100N")
            self.assertIn("instead of", desk.expect("point 3"))
            desk.type("done")
            desk.expect("force = ")
            desk.expect("Who are you")
            os.write(desk.pipe_fd, b"M\xfcller\n")
            desk.expect("not UTF-8")
            desk.process.send_signal(signal.SIGTERM)
            desk.end()
            self.assertEqual(json.loads(patella(state, "calibrate", "--list", "--json").stdout), [])
            for arguments, says in ((["calibrate", "nothing"], "chronojump_force"), (["calibrate"], "which sensor"),
                                    (["calibrate", "concept2_pm5"], "in newtons"),
                                    (["calibrate", "chronojump_force", "--points", "0,ten"], "--points"),
                                    (["calibrate", "chronojump_force", "--who", b"M\xfcller"], "not UTF-8"),
                                    (["band-check", b"gr\xfcn", "--device", "chronojump_force"], "not UTF-8"),
                                    (["calibrate", "chronojump_force", "--script", str(folder)], "cannot be read")):
                refused = patella(state, "--config", str(folder / "config"), *arguments, check=False)
                self.assertIn(says, refused.stderr)
                self.assertEqual(refused.returncode, 1, arguments)

    def test_a_script_may_end_without_a_newline_and_what_cannot_be_read_ends_the_command(self):
        with TemporaryFolder() as folder:
            make_config(folder, {})
            script = folder / "script"
            script.write_text("0")
            command = [BIN / "patella-emulator", "run", f"{BAND}:unloaded=60000", "--", BIN / "patella", "--config", folder / "config", "--state",
                       folder / "state", "calibrate", "chronojump_force"]
            done = subprocess.run([*command, "--script", script], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                  timeout=PATIENCE_S)
            self.assertIn("point 1", done.stdout)
            closed = ["sh", "-c", 'exec "$@" <&-', "sh", BIN / "patella"]
            done = subprocess.run([*command[:4], *closed, *command[5:]], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                  timeout=PATIENCE_S)
            self.assertEqual(done.returncode, 1, done.stdout)
            self.assertIn("nothing was stored", done.stderr)

    def replug(self, desk):
        desk.emulator("unplug chronojump_force")
        desk.expect("waiting for")
        desk.emulator("plug chronojump_force")
        desk.expect("is starting")

    def test_points_from_before_and_after_a_replug_make_no_line(self):
        with TemporaryFolder() as folder:
            make_config(folder, {})
            desk = Desk(folder, BAND, "calibrate", "chronojump_force", "--who", "M. Berg")
            desk.expect("Known weight")
            desk.load("chronojump_force", 0)
            desk.type("0")
            desk.expect("point 1")
            self.replug(desk)
            desk.load("chronojump_force", 100)
            desk.type("100N")
            desk.expect("do not count any more")
            self.assertIn("100.00 N known", desk.expect("point 1"))
            desk.type("done")
            desk.expect("needs 2 points")
            desk.load("chronojump_force", 0)
            desk.type("0")
            desk.expect("point 2")
            desk.type("done")
            desk.expect("stored as")
            self.assertEqual(desk.end(), 0, desk.output)
            stored = json.loads(patella(folder / "state", "calibrate", "--list", "--json").stdout)
            self.assertEqual([point["known"] for point in stored[0]["points"]], [100, 0])
            self.assertTrue(stored[0]["port"].startswith("tty:"), stored)

            desk = Desk(folder, BAND, "band-check", "green", "--device", "chronojump_force", "--who", "M. Berg")
            desk.expect("0.5 m")
            desk.load("chronojump_force", 20)
            desk.type("")
            desk.expect("to 1 m")
            self.replug(desk)
            desk.load("chronojump_force", 80)
            desk.type("")
            desk.expect("measure both stretches again")
            desk.expect("to 0.5 m")
            desk.type("quit")
            self.assertEqual(desk.end(), 1, desk.output)

    def test_a_sensor_with_two_readings_a_second_is_tared(self):
        with TemporaryFolder() as folder:
            make_config(folder, {})
            desk = Desk(folder, "openscale", "calibrate", "openscale")
            desk.load("openscale", 0)
            desk.expect("Known weight")
            desk.type("tare")
            desk.expect("  tared")
            desk.type("quit")
            self.assertEqual(desk.end(), 1, desk.output)

    def test_a_sensor_that_a_station_sets_otherwise_is_refused(self):
        with TemporaryFolder() as folder:
            config = make_config(folder, {})
            station = config / "stations/tke.toml"
            station.write_text(station.read_text().replace(BAND_BIND, 'driver = "linescale3"\nserial = "another"\nparams = { unit = "kn" }\n'))
            desk = Desk(folder, "linescale3", "calibrate", "linescale3")
            self.assertIn("--port tty:", desk.expect("otherwise than the one that was expected"))
            self.assertEqual(desk.end(), 1, desk.output)

    def test_a_damaged_log_is_left_alone_by_a_look_and_told_by_who_sets_it_aside(self):
        for command in (["sessions", "--json"], ["calibrate", "--list"], ["export", "--out"]):
            with TemporaryFolder() as folder:
                state = folder / "state"
                state.mkdir()
                damaged = b"this was a session log once " * 400
                (state / "patella.db").write_bytes(damaged)
                config = make_config(folder, {})
                kiosk = config / "kiosk.toml"
                kiosk.write_text("calibration_remind_days = 1\n" + kiosk.read_text())
                patella(state, "--config", str(config), "devices")
                self.assertEqual({path.name: path.read_bytes() for path in state.iterdir()}, {"patella.db": damaged})
                more = [str(folder / "out")] if command[-1] == "--out" else []
                told = patella(state, *command, *more, check=False)
                self.assertIn("The session log was damaged", told.stderr, command)
                self.assertEqual(len(list(state.glob("patella.db.damaged-*"))), 1)

    def test_a_band_that_changed_is_told(self):
        with TemporaryFolder() as folder:
            config = make_config(folder, {})
            with open(config / "kiosk.toml", encoding="utf-8") as file:
                text = file.read()
            (config / "kiosk.toml").write_text("band_change_percent = 10\n" + text)
            for forces, says in (((20, 80), "first check of this band"), ((20, 68), "The band green 2 is 20 % softer")):
                desk = Desk(folder, BAND, "band-check", "green 2", "--device", "chronojump_force", "--who", "M. Berg")
                desk.expect("no calibration")
                for newton, length in zip(forces, ("0.5 m", "1 m")):
                    desk.expect(length)
                    desk.load("chronojump_force", newton)
                    desk.type("")
                desk.expect("stiffness")
                desk.expect(says)
                self.assertEqual(desk.end(), 0, desk.output)
            checks = json.loads(patella(folder / "state", "band-check", "--list", "--json").stdout)
            self.assertEqual([check["band"] for check in checks], ["green 2"] * 2)
            self.assertAlmostEqual(checks[0]["stiffness_n_per_m"], 120, delta=6)
            self.assertAlmostEqual(checks[1]["change_percent"], -20, delta=5)

    def test_a_sensor_too_slow_to_count_with_is_told_at_set_up(self):
        with TemporaryFolder() as folder:
            config = make_config(folder, {})
            station = config / "stations/tke.toml"
            station.write_text(station.read_text().replace(BAND_BIND, 'driver = "hid_scale"\n'))
            script = folder / "script"
            script.write_text("wait 8\nend\n")
            run = Run("hid_scale", folder / "state", config, "tke", "--script", str(script))
            self.assertEqual(run.wait_end(120), 0, run.story())
            self.assertTrue(any("This sensor gives 5 values a second; counting repetitions needs 8. Tell staff" in line
                                for line in run.errors), run.story())
            force = sessions(folder / "state")[0]["channels"][0]
            self.assertAlmostEqual(force["rate_hz"], 5, delta=0.3)
            self.assertIsNone(force["calibration"])


def ant_config(folder):
    config = make_config(folder, {})
    kiosk = config / "kiosk.toml"
    kiosk.write_text(kiosk.read_text() + '\n[drivers.ant_plus]\nnetwork_key = "0000000000000000"\n')
    station = config / "stations/bike_warm_up.toml"
    text = station.read_text()
    binds = text[text.index("[[bind]]"):text.index("[rules]")]
    station.write_text(text.replace(binds, '[[bind]]\nchannel = "cadence"\ndriver = "ant_plus"\nparams = { speed_cadence = 0 }\n\n'))


class Identify(unittest.TestCase):
    def identify(self, folder, kinds, *arguments):
        return subprocess.run([BIN / "patella-emulator", "run", kinds, "--", BIN / "patella", "--config", folder / "config", "--state",
                               folder / "state", "identify", *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=3 * PATIENCE_S)

    def test_of_two_bikes_sensors_the_one_that_is_pedalled_is_named(self):
        with TemporaryFolder() as folder:
            ant_config(folder)
            done = self.identify(folder, "ant_plus:sensors=79:number=4711:neighbours=79", "ant_plus")
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            self.assertRegex(done.stdout, r"Speed and cadence sensor \S?4711\S? moves")
            self.assertRegex(done.stdout, r"Speed and cadence sensor \S?4811\S? does not move")

    def test_what_cannot_be_asked_is_refused_with_a_reason(self):
        with TemporaryFolder() as folder:
            ant_config(folder)
            for arguments, says in ((["kettler"], 'no station uses "kettler"'),
                                    (["chronojump_force"], "The device cannot do this now")):
                done = self.identify(folder, BAND, *arguments)
                self.assertEqual(done.returncode, 1, done.stdout)
                self.assertIn(says, done.stderr)


if __name__ == "__main__":
    unittest.main()
