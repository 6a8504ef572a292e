"""A log that an earlier kiosk wrote (earlier_log/) opens, is listed, exports the same rows byte for byte, and replays identical."""
import hashlib
import pathlib
import sqlite3
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support/python"))
from patella_run import TemporaryFolder, patella, sessions

EARLIER = pathlib.Path(__file__).resolve().parent / "earlier_log"


class EarlierLog(unittest.TestCase):
    def test_it_is_all_there_and_the_same(self):
        with TemporaryFolder() as folder:
            state = folder / "state"
            state.mkdir(mode=0o700)
            log = sqlite3.connect(state / "patella.db")
            log.executescript((EARLIER / "log.sql").read_text())
            log.close()
            listed = sessions(state)
            self.assertEqual(sorted(s["station"] for s in listed), ["bike_warm_up", "tke", "wall_sit"])
            for session in listed:
                self.assertRegex(patella(state, "replay", session["id"]).stdout, r"(?m)^identical: \d+ records, \d+ events")
            out = folder / "csv"
            patella(state, "export", "--out", str(out))
            for expected in sorted(EARLIER.glob("*.csv")):
                self.assertEqual((out / expected.name).read_bytes(), expected.read_bytes(), expected.name)
            sums = dict(reversed(line.split()) for line in (EARLIER / "samples.sha256").read_text().splitlines())
            self.assertEqual(len(sums), 3)
            for name, expected in sums.items():
                self.assertEqual(hashlib.sha256((out / name).read_bytes()).hexdigest(), expected, name)


if __name__ == "__main__":
    unittest.main(verbosity=2)
