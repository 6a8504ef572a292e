"""Each station once in the terminal, through the real driver on an emulated device; then what was stored, exported, replayed."""
import csv
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support/python"))
from patella_run import BAND, PATIENCE_S, Run, TemporaryFolder, make_config, patella, sessions


class Terminal(unittest.TestCase):
    def through(self, station, kinds):
        with TemporaryFolder() as folder:
            config = make_config(folder, {})
            state = folder / "state"
            run = Run(kinds, state, config, station)
            self.assertEqual(run.wait_end(120), 0, run.story())
            stored = sessions(state)
            self.assertEqual([s["outcome"] for s in stored], ["completed"], run.story())
            replayed = patella(state, "replay", stored[0]["id"], check=False)
            self.assertEqual(replayed.returncode, 0, replayed.stdout + replayed.stderr)
            self.assertTrue(replayed.stdout.startswith("identical"), replayed.stdout)
            patella(state, "export", "--format", "csv", "--out", str(folder / "csv"))
            return run, stored[0], self.tables(folder / "csv")

    def tables(self, folder):
        tables = {}
        for path in folder.glob("*.csv"):
            with open(path, newline="", encoding="utf-8") as file:
                tables[path.stem] = list(csv.DictReader(file))
        return tables

    def test_band(self):
        run, stored, tables = self.through("tke", BAND)
        counted = [line for line in run.lines if line.kind == "rep" and line.fields["counted"] == "yes"]
        self.assertEqual([line.fields["side"] for line in counted], ["left"] * 3 + ["right"] * 3, run.story())
        self.assertEqual([line.fields["n"] for line in counted], ["1", "2", "3"] * 2)
        self.assertTrue(all(40 <= float(line.fields["peak_n"]) <= 100 for line in counted), run.story())
        self.assertEqual(stored["reps"], 6)
        self.assertEqual(len([row for row in tables["reps"] if row["counted"] == "yes"]), 6)
        samples = [table for name, table in tables.items() if name.startswith("samples_")]
        self.assertEqual(len(samples), 1)
        self.assertGreater(len(samples[0]), 500)
        self.assertTrue(any(line.kind == "readout" and "force" in line.fields for line in run.lines))

    def test_bike(self):
        run, stored, tables = self.through("bike_warm_up", "concept2_pm5")
        readouts = [float(line.fields["cadence"]) for line in run.lines if line.kind == "readout" and line.fields.get("cadence", "--") != "--"]
        self.assertGreater(len(readouts), 8, run.story())
        while readouts and readouts[0] < 60:  # the emulated client begins slowly
            readouts.pop(0)
        self.assertGreater(len(readouts), 8, run.story())
        self.assertTrue(all(60 <= value <= 95 for value in readouts), readouts)
        self.assertGreater(stored["duration_s"], 18)
        self.assertEqual(len(tables["sessions"]), 1)

    def test_wall_sit(self):
        run, stored, _ = self.through("wall_sit", "hid_scale")
        holds = [line for line in run.lines if line.kind == "hold"]
        self.assertEqual([line.fields["counted"] for line in holds], ["yes", "yes"], run.story())
        self.assertEqual(stored["holds"], 2)

    def test_without_its_device_the_station_says_what_it_waits_for(self):
        with TemporaryFolder() as folder:
            script = folder / "script"
            script.write_text("wait 2\nend\n")
            run = Run("concept2_pm5", folder / "state", make_config(folder, {}), "tke", "--script", str(script))
            self.assertEqual(run.wait_end(PATIENCE_S), 0, run.story())
            self.assertTrue(any(line.kind == "gap" and "Chronojump" in line.fields.get("text", "") for line in run.lines), run.story())
            self.assertEqual([s["outcome"] for s in sessions(folder / "state")], ["stopped_early"])

    def test_script_with_pause_and_pain(self):
        with TemporaryFolder() as folder:
            script = folder / "script"
            script.write_text("start\nuntil rep\npause\nwait 1\nresume\nuntil rep\npain\n")
            run = Run(BAND, folder / "state", make_config(folder, {"tke": {"reps": 20}}), "tke", "--script", str(script))
            self.assertEqual(run.wait_end(120), 0, run.story())
            self.assertEqual([s["outcome"] for s in sessions(folder / "state")], ["stopped_for_pain"])
            names = [line.fields.get("name") for line in run.lines if line.text.find("kind=action") > 0]
            self.assertEqual(names, ["start", "pause", "resume", "pain"], run.story())

    def test_errors_say_what_to_do(self):
        with TemporaryFolder() as folder:
            wrong = patella(folder, "session", "no_such_station", "--headless", check=False)
            self.assertEqual(wrong.returncode, 2)
            self.assertIn("tke", wrong.stderr)
            wrong = patella(folder, "replay", "no-such-id", check=False)
            self.assertEqual(wrong.returncode, 1)
            self.assertNotEqual(wrong.stderr, "")
            wrong = patella(folder, "status", check=False)
            self.assertEqual(wrong.returncode, 1)
            wrong = patella(folder, "export", "--out", str(folder / "x"), "--from", "yesterday", check=False)
            self.assertEqual(wrong.returncode, 1)
            self.assertIn("2026-", wrong.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
