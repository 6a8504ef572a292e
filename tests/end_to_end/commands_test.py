"""What the command line says when it is used wrongly: what was meant, or what would be right, and nothing is done. And what it
prints alike with and without a kiosk that runs."""
import json
import os
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support/python"))
from patella_run import BIN, PATIENCE_S, TemporaryFolder
from staff_test import Kiosk

SESSION = {"id": "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b", "started_local": "2026-11-20 11:00:00", "station": "tke", "client": "C-1\x1b[2J",
           "outcome": "completed", "sets": 3, "reps": 30}

WRONG_USE = [
    (["sesions"], 'no command "sesions". Did you mean "sessions"?'),
    ([], 'which command?'),
    (["--sate", "x", "status"], "no option --sate. Did you mean --state?"),
    (["run", "--windwed"], "patella run has no option --windwed. Did you mean --windowed?"),
    (["run", "--size", "abc"], '"abc" is no size of a window'),
    (["run", "--size", "0x0"], "320x240"),
    (["run", "--size", "1280x720x3"], "1280x720"),
    (["export"], "--out is required. `patella export --help`"),
    (["export", "--out", "x", "--profile", "exel"], 'Did you mean "excel"?'),
    (["export", "--out", "x", "--decimal", "coma"], 'Did you mean "comma"?'),
    (["staff", "lst"], 'no command "lst" of patella staff. Did you mean "list"?'),
    (["staff", "add", "X", "--role", "boss"], '"physio" and "staff"'),
    (["check"], '"config", "plugin" and "system"'),
    (["check", "confg"], 'Did you mean "config"?'),
    (["calibrate", "--still", "abc"], "--still"),
    (["mirror", "--folow"], "Did you mean --follow?"),
    (["status", "extra"], "extra"),
]
IMPOSSIBLE = [
    (["export", "--out", b"\xff"], "is not UTF-8 text"),
    (["export", "--out", "x", "--session", b"\xff"], "is not UTF-8 text"),
    (["export", "--out", "x", "--from", "2026-12-01", "--to", "2026-11-01"], "--from 2026-12-01 is not before --to 2026-11-01"),
    (["export", "--out", "x", "--from", "2026-11-01", "--to", "2026-11-01"], "is not before"),
    (["export", "--out", "x", "--to", "2026-02-30"], "is no time"),
    (["export", "--out", "x", "--decimal", "comma"], "--profile excel"),
    (["export", "--out", "x"], "no sessions are stored"),
]


class Commands(unittest.TestCase):
    def patella(self, folder, *arguments):
        return subprocess.run([BIN / "patella", "--state", folder / "state", *arguments], cwd=folder, capture_output=True, text=True,
                              errors="replace", timeout=PATIENCE_S, env={**os.environ, "LC_ALL": "C.UTF-8"})

    def test_wrong_use_is_explained_and_nothing_is_done(self):
        with TemporaryFolder() as folder:
            for cases, status in ((WRONG_USE, 2), (IMPOSSIBLE, 1)):
                for arguments, says in cases:
                    with self.subTest(arguments=arguments):
                        done = self.patella(folder, *arguments)
                        self.assertEqual((done.returncode, done.stdout), (status, ""), done.stderr)
                        self.assertIn(says, done.stderr)
                        self.assertFalse((folder / "state/patella.db").exists())

    def test_the_emulator_says_what_was_meant(self):
        for arguments, says in ((["rnu"], 'Did you mean "run"?'), (["run", "chronojump_fore", "--", "true"], 'Did you mean "chronojump_force"?'),
                                (["run", "chronojump_force", "--sed", "3", "--", "true"], "Did you mean --seed?")):
            done = subprocess.run([BIN / "patella-emulator", *arguments], capture_output=True, text=True, timeout=PATIENCE_S)
            self.assertEqual(done.returncode, 2)
            self.assertIn(says, done.stderr)

    def test_sessions_have_one_form_and_steer_no_terminal(self):
        with TemporaryFolder() as folder:
            kiosk = Kiosk(folder / "state", {"sessions": {"ok": True, "sessions": [SESSION]}})
            try:
                table, rows = self.patella(folder, "sessions"), self.patella(folder, "sessions", "--json")
            finally:
                kiosk.close()
            self.assertEqual(table.returncode, 0, table.stderr)
            self.assertEqual(json.loads(rows.stdout), [SESSION])
            head, row = table.stdout.strip().splitlines()
            self.assertEqual(head.split(), ["session", "started", "station", "client", "outcome", "sets", "reps"])
            self.assertTrue(row.startswith(SESSION["id"]))
            self.assertIn("C-1?[2J", row)

    def test_a_long_list_is_asked_for_a_page_at_a_time(self):
        stored = [{**SESSION, "id": f"s-{n:03}"} for n in range(120)]
        largest = []

        def page(question):
            rows = stored[::-1] if question["newest_first"] else stored
            at = rows.index(next(row for row in rows if row["id"] == question["after"]["id"])) + 1 if "after" in question else 0
            some = rows[at:at + min(question["most"], 50)]
            largest.append(len(some))
            more = {"next": {"utc_us": 0, "id": some[-1]["id"]}} if at + len(some) < len(rows) else {}
            return {"ok": True, "sessions": some, **more}

        with TemporaryFolder() as folder:
            kiosk = Kiosk(folder / "state", {"sessions": page})
            try:
                self.assertEqual(json.loads(self.patella(folder, "sessions", "--json").stdout), stored)
                self.assertEqual(json.loads(self.patella(folder, "sessions", "--json", "--last", "70").stdout), stored[-70:])
                table = self.patella(folder, "sessions", "--last", "3").stdout.splitlines()
            finally:
                kiosk.close()
        self.assertEqual([line.split()[0] for line in table], ["session", "s-117", "s-118", "s-119"])
        self.assertLessEqual(max(largest), 50)


if __name__ == "__main__":
    unittest.main(verbosity=2)
