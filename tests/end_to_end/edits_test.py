"""`patella edits` and what lies in edits/: listed, taken back with and without a kiosk, told when it is damaged, whole after kill -9 at
any moment. The administrator's folder is never written."""
import json
import os
import pathlib
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support/python"))
from patella_run import BIN, PATIENCE_S, TemporaryFolder, make_config, rounds
from staff_test import Kiosk

SEED = int(os.environ.get("PATELLA_SEED", random.SystemRandom().randrange(1 << 30)))
END = "# End of the edits\n"


def file_text(revision, reps, more=""):
    """What the kiosk writes; the form of docs/configuration.md."""
    who = "at = 2026-11-20T11:00:00+01:00\nby = '0190-berg'\nby_name = 'M. Berg'\n"
    return f"{who}revision = {revision}\nstation = 'tke'\n{more}\n[[edit]]\n{who}key = 'reps'\nover = '4'\nvalue = {reps}\n{END}"


def bytes_below(folder):
    return {path.relative_to(folder): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


class Edits(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(TemporaryFolder()))
        self.config = make_config(self.folder, {"tke": {"reps": 4}})
        self.before = bytes_below(self.config)
        self.state = self.folder / "state"
        self.edits = self.state / "edits/stations"
        self.edits.mkdir(parents=True)

    def tearDown(self):
        self.assertEqual(bytes_below(self.config), self.before)

    def command(self, *arguments):
        return [str(BIN / "patella"), "--config", str(self.config), "--state", str(self.state), *arguments]

    def patella(self, *arguments, status=0, before=()):
        done = subprocess.run([*before, *self.command(*arguments)], capture_output=True, text=True, timeout=PATIENCE_S, env={**os.environ, "LC_ALL": "C.UTF-8"})
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def make(self):
        """Two revisions: 6 repetitions, then 7."""
        (self.edits / "tke").mkdir()
        (self.edits / "tke/1.toml").write_text(file_text(1, 6))
        (self.edits / "tke.toml").write_text(file_text(2, 7))

    def revisions(self):
        return json.loads(self.patella("edits", "tke", "--json", "--last", "1000"))

    def test_what_is_changed_is_shown_and_taken_back(self):
        self.assertIn("nothing was changed", self.patella("edits"))
        self.assertIn("nothing was changed", self.patella("edits", "tke"))
        self.make()
        told = self.patella("check", "config")
        self.assertIn("edit: stations/tke.toml: params.reps: 4 -> 7 (M. Berg, 2026-11-20 11:00:00, revision 2)\n", told)
        self.assertIn("in order", told)
        self.assertIn("revision 2  2026-11-20 11:00:00  M. Berg", self.patella("edits"))
        told = self.patella("edits", "tke")
        self.assertEqual([line.strip() for line in told.splitlines()],
                         ["1  2026-11-20 11:00:00  M. Berg", "params.reps: administrator's value -> 6",
                          "2  2026-11-20 11:00:00  M. Berg  in force", "params.reps: 6 -> 7"])
        self.assertIn("tke is as in revision 1 now", self.patella("edits", "tke", "--undo-to", "1", "--by", "A. Kern"))
        self.assertIn("params.reps: 4 -> 6 (A. Kern,", self.patella("check", "config"))
        self.assertIn("already", self.patella("edits", "tke", "--undo-to", "1"))
        self.assertIn("tke is as without edits now", self.patella("edits", "tke", "--undo-to", "0"))
        self.assertNotIn("edit:", self.patella("check", "config"))
        self.assertIn("tke is as in revision 2 now", self.patella("edits", "tke", "--undo-to", "2"))
        rows = self.revisions()
        self.assertEqual([(row["number"], row["by_name"], row.get("undo_of"), row["in_force"]) for row in rows],
                         [(1, "M. Berg", None, False), (2, "M. Berg", None, False), (3, "A. Kern", 1, False), (4, "command line", 0, False),
                          (5, "command line", 2, True)])
        self.assertEqual(rows[3]["changes"], [{"where": "params.reps", "before": "6", "after": None}])
        self.assertIn("the newest 2 of 5", self.patella("edits", "tke", "--last", "2"))
        with sqlite3.connect(self.state / "patella.db") as log:
            audit = log.execute("SELECT actor, action, subject, detail FROM audit ORDER BY number").fetchall()
        self.assertEqual([row[:3] for row in audit], [(who, "edit_undo", "tke") for who in ("A. Kern", "command line", "command line")])
        self.assertEqual(json.loads(audit[0][3]), {"station": "tke", "undone": "tke", "to_revision": 1})
        for path in (self.edits / "tke.toml", self.edits / "tke/2.toml", self.edits):
            self.assertEqual(path.stat().st_mode & 0o022, 0)

    def test_what_cannot_be_undone_is_told_and_changes_nothing(self):
        self.make()
        before = bytes_below(self.edits)
        for arguments, says in ((("tke", "--undo-to", "9"), 'there is no revision 9 of the edits of "tke". `patella edits tke` lists them'),
                                (("tk", "--undo-to", "1"), 'there is no station "tk". Did you mean "tke"?'),
                                (("tke", "--undo-to", "1", "--by", ""), "--by: give 1 to 60 letters")):
            self.assertIn(says, self.patella("edits", *arguments, status=1))
        (self.edits / "tke/1.toml").write_text(file_text(1, 6)[:-30])
        self.assertIn("was cut off", self.patella("edits", "tke", "--undo-to", "1", status=1))
        (self.edits / "tke/1.toml").write_text(file_text(1, 6000))
        self.assertIn("params.reps: 6000 is above the largest value", self.patella("edits", "tke", "--undo-to", "1", status=1))
        (self.edits / "tke/1.toml").write_text(file_text(1, 6))
        self.assertEqual(bytes_below(self.edits), before)
        self.assertIn("--undo-to requires", self.patella("edits", "--undo-to", "1", status=2))

    def test_a_damaged_file_is_told_and_mended_by_an_undo(self):
        self.make()
        good, file = file_text(2, 7), self.edits / "tke.toml"
        (self.folder / "precious").write_text(good)
        damages = {"is not valid TOML": lambda: file.write_text("nonsense"),
                   "was cut off": lambda: file.write_text(good[: good.index("[[edit]]")]),
                   "tke.toml:13: params.reps: 9999 is above the largest value": lambda: file.write_text(file_text(2, 9999)),
                   "is empty": lambda: file.write_text(""),
                   "has a byte that is not UTF-8": lambda: file.write_bytes(good.encode() + b"\xff"),
                   "is a folder, not a file": lambda: file.mkdir(),
                   "is a link, and not a file of the kiosk's own": lambda: file.symlink_to(self.folder / "precious"),
                   "is missing, and its earlier revisions are there": lambda: None}
        for says, damage in damages.items():
            with self.subTest(says=says):
                shutil.rmtree(self.edits)
                self.edits.mkdir()
                self.make()
                file.unlink()
                damage()
                told = self.patella("check", "config", status=1)
                self.assertIn(says, told)
                self.assertIn('is not used; "tke" has its revision 1', told)
                self.assertIn("params.reps: 4 -> 6 (M. Berg", told)
                if file.is_dir() or file.is_symlink():
                    self.assertIn("Move it away", self.patella("edits", "tke", "--undo-to", "1", status=1))
                    self.assertEqual((self.folder / "precious").read_text(), good)
                    continue
                self.patella("edits", "tke", "--undo-to", "1")
                self.assertIn("in order", self.patella("check", "config"))
        shutil.rmtree(self.edits)
        self.edits.mkdir()
        self.make()
        (self.edits / "gone.toml").write_text(file_text(1, 6).replace("'tke'", "'gone'"))
        told = self.patella("check", "config")
        self.assertIn('warning: edits/stations/gone.toml: there is no station "gone" any more; its edits are kept', told)

    def test_a_folder_that_may_not_be_written_is_told(self):
        self.make()
        # A root that may do no more than the folder's owner.
        plain = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []
        self.patella("edits", "tke", "--undo-to", "1", before=plain)
        before = bytes_below(self.edits)
        for folder in (self.edits / "tke", self.edits):  # what was kept once need not be kept again
            folder.chmod(0o500)
            try:
                self.assertIn("Permission denied. Make the folder writable" if folder == self.edits else "tke/3.toml: cannot be made: Permission denied",
                              self.patella("edits", "tke", "--undo-to", "2", status=1, before=plain))
            finally:
                folder.chmod(0o700)
        self.assertEqual({path: text for path, text in bytes_below(self.edits).items() if path.name != "3.toml"}, before)  # kept already
        self.assertEqual([row["number"] for row in self.revisions()], [1, 2, 3])
        self.patella("edits", "tke", "--undo-to", "2", before=plain)
        self.assertEqual([row["number"] for row in self.revisions()], [1, 2, 3, 4])

    def test_a_kiosk_that_runs_is_asked(self):
        asked = []

        def answer(question):
            asked.append(question)
            return {"ok": True, "text": "done\n"}

        kiosk = Kiosk(self.state, {"undo_edits": answer})
        try:
            self.assertEqual(self.patella("edits", "tke", "--undo-to", "1", "--by", "A. Kern"), "done\n")
        finally:
            kiosk.close()
        self.assertEqual(asked, [{"ask": "undo_edits", "station": "tke", "revision": 1, "by": "A. Kern"}])

    def test_kill_9_leaves_one_revision_or_the_next_and_loses_none(self):
        self.make()
        print(f"seed {SEED}", flush=True)
        dice = random.Random(SEED)
        known, cut = {1: 6, 2: 7}, 0
        began = time.monotonic()
        self.patella("edits", "tke", "--undo-to", "1")
        longest_s = 1.1 * (time.monotonic() - began)
        for n in range(rounds(60)):
            process = subprocess.Popen(self.command("edits", "tke", "--undo-to", str(2 - n % 2)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                process.wait(dice.uniform(longest_s / 2, longest_s))
                longest_s *= 0.95  # about half of them are cut off, however busy the machine is
                longest_s *= 0.95  # about half of them are cut off, however busy the machine is
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.wait()
                cut += 1
                longest_s *= 1.05
            rows = self.revisions()
            self.assertFalse(any("damaged" in row for row in rows), rows)
            self.assertEqual([row["number"] for row in rows], list(range(1, len(rows) + 1)))
            for row in rows:
                value = int(row["changes"][0]["after"])
                self.assertEqual(known.setdefault(row["number"], value), value)
            self.assertEqual([row["in_force"] for row in rows], [False] * (len(rows) - 1) + [True])
        print(f"{cut} of {n + 1} were cut off, {len(rows)} revisions", flush=True)
        self.assertGreater(cut, 0)
        self.assertIn("in order", self.patella("check", "config"))

    def test_kill_9_leaves_two_stations_with_one_stick_alike(self):
        who = "at = 2026-11-20T11:00:00+01:00\nby = 'x'\nby_name = 'M. Berg'\n"
        channels = ("cadence", "heart_rate")

        def edits_of(station, revision, number):
            entries = "".join(f"[[edit]]\n{who}channel = '{channel}'\ndriver = 'ant_plus'\nkey = 'speed_cadence'\nvalue = {number}\n" for channel in channels)
            return f"{who}revision = {revision}\nstation = '{station}'\n{entries}{END}"

        first = self.config / "stations/bike_warm_up.toml"
        text = first.read_text()
        binds = "".join(f'[[bind]]\nchannel = "{channel}"\ndriver = "ant_plus"\nparams = {{ speed_cadence = 777, heart_rate = 0 }}\n' for channel in channels)
        text = text[:text.index("[[bind]]")] + binds + text[text.index("[rules]"):]
        first.write_text(text)
        (self.config / "stations/second.toml").write_text(text.replace('"bike_warm_up"', '"second"', 1))
        site = self.config / "kiosk.toml"
        site.write_text(site.read_text() + '\n[drivers.ant_plus]\nnetwork_key = "0000000000000000"\n')
        self.before = bytes_below(self.config)
        stations = ("bike_warm_up", "second")
        for station in stations:
            (self.edits / station).mkdir()
            (self.edits / station / "1.toml").write_text(edits_of(station, 1, 1111))
            (self.edits / f"{station}.toml").write_text(edits_of(station, 2, 2222))
        print(f"seed {SEED}", flush=True)
        dice = random.Random(SEED)
        began = time.monotonic()
        self.assertIn("second is changed too", self.patella("edits", "bike_warm_up", "--undo-to", "1"))
        longest_s = 1.1 * (time.monotonic() - began)
        cut = 0
        for n in range(rounds(40)):
            process = subprocess.Popen(self.command("edits", stations[n % 2], "--undo-to", str(2 - n % 2)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                process.wait(dice.uniform(longest_s / 2, longest_s))
                longest_s *= 0.95  # about half of them are cut off, however busy the machine is
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.wait()
                cut += 1
                longest_s *= 1.05
            checked = subprocess.run(self.command("check", "config"), capture_output=True, text=True, timeout=PATIENCE_S).stdout
            numbers = re.findall(r"speed_cadence: 777 -> (\d+) ", checked)
            self.assertEqual(len(numbers), 4, checked)
            self.assertEqual(len(set(numbers)), 1, checked)
        print(f"{cut} of {n + 1} were cut off", flush=True)
        self.assertGreater(cut, 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
