"""Who may read and write what the program keeps: everything in the state folder is its owner's alone, also what an earlier
version left open to others, and a folder that may only be read is told as such."""
import os
import pathlib
import sqlite3
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support/python"))
from patella_run import BIN, PATIENCE_S, TemporaryFolder


def patella(state, *arguments, typed="", user=None):
    command = [*(user or []), BIN / "patella", "--state", state, *arguments]
    return subprocess.run(command, input=typed, capture_output=True, text=True, timeout=PATIENCE_S)


def mode(path):
    return path.stat().st_mode & 0o777


class Files(unittest.TestCase):
    def add(self, state):
        done = patella(state, "staff", "add", "M. Berg", "--role", "physio", typed="274961\n274961\n")
        self.assertEqual(done.returncode, 0, done.stderr)
        return done

    def test_all_of_it_is_its_owners_alone(self):
        with TemporaryFolder() as folder:
            before = os.umask(0)
            try:
                self.add(folder / "made/state")
                self.assertEqual(patella(folder / "made/state", "export", "--out", folder / "csv").returncode, 0)
            finally:
                os.umask(before)
            for path in [folder / "made/state", *(folder / "made/state").iterdir(), folder / "csv", *(folder / "csv").iterdir()]:
                self.assertEqual(mode(path) & 0o077, 0, path)

    def test_what_was_open_to_others_is_closed_and_told_once(self):
        with TemporaryFolder() as folder:
            state = folder / "state"
            self.add(state)
            os.chmod(state, 0o755)
            (state / "kiosk.1.log").write_text("old")
            os.chmod(state / "kiosk.1.log", 0o664)
            os.chmod(state / "patella.db", 0o644)
            (state / "patella.db.damaged-1").symlink_to("/etc/hostname")
            hostname = mode(pathlib.Path("/etc/hostname"))
            told = patella(state, "sessions").stderr
            for name in ("state", "state/kiosk.1.log", "state/patella.db"):
                self.assertIn(f"{folder / name}: other users could use it", told)
                self.assertEqual(mode(folder / name) & 0o077, 0)
            self.assertEqual(mode(pathlib.Path("/etc/hostname")), hostname)
            self.assertEqual(patella(state, "sessions").stderr, "")

    def test_a_folder_that_others_share_is_left_as_it_is(self):
        with TemporaryFolder() as folder:
            state = folder / "shared"
            state.mkdir(mode=0o755)
            os.chmod(state, 0o755)
            (state / "of somebody else").write_text("x")
            self.add(state)
            self.assertEqual(mode(state), 0o755)
            self.assertEqual(mode(state / "patella.db"), 0o600)

    def test_the_log_is_no_link(self):
        with TemporaryFolder() as folder:
            state = folder / "state"
            state.mkdir()
            precious = folder / "precious"
            precious.write_text("keep me")
            (state / "patella.db").symlink_to(precious)
            done = patella(state, "staff", "add", "M. Berg", "--role", "physio", typed="274961\n274961\n")
            self.assertEqual(done.returncode, 1)
            self.assertIn("is a link", done.stderr)
            self.assertEqual(precious.read_text(), "keep me")

    def test_a_folder_that_may_only_be_read_is_no_broken_disk(self):
        with TemporaryFolder() as folder:
            os.chmod(folder, 0o755)
            state = folder / "state"
            self.add(state)
            with sqlite3.connect(state / "patella.db") as log:
                log.execute("PRAGMA user_version").fetchone()
            os.chmod(state / "patella.db", 0o444)
            os.chmod(state, 0o555)
            user = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.geteuid() == 0 else []
            for command in (["sessions"], ["export", "--out", folder / "csv"], ["staff", "list"], ["staff", "unlock"]):
                done = patella(state, *command, user=user)
                self.assertEqual(done.returncode, 1, command)
                self.assertNotIn("cable", done.stderr)
                if command[0] != "export" or not user:  # somebody else cannot even make that folder
                    self.assertIn("may not write there", done.stderr)
            os.chmod(state, 0o755)


if __name__ == "__main__":
    unittest.main(verbosity=2)
