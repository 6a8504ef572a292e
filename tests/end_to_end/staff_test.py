"""Staff are added, get another PIN and are removed through the real program: PINs come from a pipe or a terminal that does not
show them, and neither a PIN nor a hash is said, listed or logged anywhere."""
import json
import os
import pathlib
import pty
import signal
import socket
import sqlite3
import subprocess
import sys
import termios
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support/python"))
from patella_run import BIN, PATIENCE_S, TemporaryFolder

PIN, OTHER = "135790", "8642097531"
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "CREDENTIALS_DIRECTORY"}


class Kiosk:
    """What a command sees of a kiosk that runs: the control socket and its answers."""

    def __init__(self, state, answers):
        state.mkdir(exist_ok=True)
        self.answers = answers
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.bind(str(state / "control.sock"))
        self.socket.listen()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            with connection, connection.makefile("rw") as stream:
                question = json.loads(stream.readline())
                answer = self.answers.get(question["ask"], {"ok": False, "error": "not a question the kiosk knows"})
                stream.write(json.dumps(answer(question) if callable(answer) else answer) + "\n")
                stream.flush()

    def close(self):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()


def crc32c(data, crc=0):
    crc ^= 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def row_crc(values):
    """Of (type, bytes), as kiosk/store/row_check.hpp says."""
    crc = 0
    for kind, data in values:
        if kind == "null":
            crc = crc32c(b"n;", crc)
        elif kind == "integer":
            crc = crc32c(b"i" + data + b";", crc)
        else:
            crc = crc32c(data, crc32c(f"{kind[0]}{len(data)}:".encode(), crc))
    return crc


class Staff(unittest.TestCase):
    def staff(self, state, *arguments, typed="", says=None, environment=None):
        """Runs it; with `says` it must be refused with that. Nothing secret is ever printed."""
        done = subprocess.run([BIN / "patella", "--state", state, "staff", *arguments], input=typed, capture_output=True, text=True,
                              errors="replace", timeout=PATIENCE_S, env=environment or ENVIRONMENT)
        printed = done.stdout + done.stderr
        self.assertEqual(done.returncode, 0 if says is None else 1, printed)
        self.assertIn(says or "", done.stderr)
        for secret in (PIN, OTHER, "argon2", *typed.split()):
            self.assertNotIn(secret, printed)
        return done.stdout if says is None else done.stderr

    def add(self, state, name, pin=PIN, role="physio"):
        return self.staff(state, "add", name, "--role", role, typed=f"{pin}\n{pin}\n")

    def listed(self, state):
        return json.loads(self.staff(state, "list", "--json"))

    def rows(self, state, query):
        # On a copy: looking at the file itself would leave a log beside it.
        copy = state.parent / "copy.db"
        copy.write_bytes((state / "patella.db").read_bytes())
        database = sqlite3.connect(copy)
        try:
            return database.execute(query).fetchall()
        finally:
            database.close()

    def hash_of(self, state, name):
        return self.rows(state, f"SELECT pin_hash FROM staff WHERE name='{name}'")[0][0]

    def test_a_member_from_the_first_pin_to_the_removal(self):
        with TemporaryFolder() as folder:
            state = folder / "state"
            self.assertEqual(self.listed(state), [])
            self.assertFalse(state.exists())
            self.assertIn("Anna Berg", self.add(state, "Anna Berg"))
            self.add(state, "Jürgen", role="staff")
            listed = self.listed(state)
            self.assertEqual([(row["name"], row["role"], row["has_pin"]) for row in listed],
                             [("Anna Berg", "physio", True), ("Jürgen", "staff", True)])
            self.assertEqual(set(listed[0]), {"id", "name", "role", "since", "has_pin"})
            table = self.staff(state)
            self.assertEqual(table, self.staff(state, "list"))
            for row in listed:
                self.assertIn(row["id"], table)
                self.assertIn(row["name"], table)

            first = self.hash_of(state, "Anna Berg")
            self.assertIn("$argon2id$v=19$m=65536,t=3,p=1$", first)
            self.assertNotEqual(first, self.hash_of(state, "Jürgen"))  # the same PIN, which does not show
            self.staff(state, "pin", "Anna Berg", typed=f"{OTHER}\r\n{OTHER}\r\n")
            second = self.hash_of(state, "Anna Berg")
            self.staff(state, "pin", listed[0]["id"], typed=f"{PIN}\n{PIN}")
            self.assertEqual(len({first, second, self.hash_of(state, "Anna Berg")}), 3)
            self.assertEqual(self.listed(state), listed)

            self.staff(state, "remove", "Anna Berg")
            self.staff(state, "remove", listed[1]["id"])
            self.assertEqual(self.listed(state), [])
            self.assertEqual(self.hash_of(state, "Anna Berg"), "")
            self.staff(state, "remove", "Anna Berg", says="nobody of staff")
            self.add(state, "Anna Berg")  # a new member of an old name
            self.assertNotEqual(self.listed(state)[0]["id"], listed[0]["id"])

            audit = self.rows(state, "SELECT actor, action, subject, detail FROM audit ORDER BY number")
            self.assertEqual([row[1] for row in audit], ["staff_add", "staff_add", "staff_pin", "staff_pin", "staff_remove",
                                                         "staff_remove", "staff_add"])
            self.assertEqual({row[0] for row in audit}, {"command line"})
            self.assertEqual(audit[2][2], listed[0]["id"])
            self.assertEqual(json.loads(audit[1][3]), {"name": "Jürgen", "role": "staff"})

            pepper = (state / "pepper").read_text().strip()
            self.assertEqual((state / "pepper").stat().st_mode & 0o777, 0o600)
            self.assertEqual({path.name for path in state.iterdir()}, {"patella.db", "pepper"})
            database = (state / "patella.db").read_bytes()
            for secret in (PIN, OTHER, pepper):
                self.assertNotIn(secret.encode(), database)

    def test_what_cannot_be_a_pin_is_refused_and_nothing_is_stored(self):
        with TemporaryFolder() as folder:
            state = folder / "state"
            for typed, says in (("", "nothing was stored"), (PIN + "\n", "nothing was stored"), ("12345\n12345\n", "6 to 12 digits"),
                                ("13579a\n13579a\n", "digits only"), ("1" * 500 + "\n" + "1" * 500 + "\n", "6 to 12 digits"),
                                ("222222\n222222\n", "same digit"), ("123456\n123456\n", "counts up or down"),
                                ("987654\n987654\n", "counts up or down"), (f"{PIN}\n{OTHER}\n", "the second PIN is not the first"),
                                (f"{PIN}\n{PIN}0\n", "the second PIN is not the first")):
                self.staff(state, "add", "Anna Berg", "--role", "physio", typed=typed, says=says)
            self.assertEqual(self.listed(state), [])
            self.add(state, "Anna Berg")
            stored = self.hash_of(state, "Anna Berg")
            self.staff(state, "pin", "Anna Berg", typed=f"{OTHER}\n{PIN}\n", says="the second PIN is not the first")
            self.assertEqual(self.hash_of(state, "Anna Berg"), stored)

    def test_names_that_cannot_be_told_apart_or_read_again_are_refused(self):
        with TemporaryFolder() as folder:
            state = folder / "state"
            self.add(state, "Anna Berg")
            for name, says in (("Anna Berg", "somebody of staff has it already"), ("", "1 to 60 letters"), ("x" * 61, "1 to 60 letters"),
                               ("Anna\tBerg", "control character"), (b"M\xfcller", "not UTF-8"), (" Anna Berg", "a space")):
                self.staff(state, "add", name, "--role", "physio", typed=f"{PIN}\n{PIN}\n", says=says)
            self.staff(state, "pin", "Nobody", typed=f"{PIN}\n{PIN}\n", says="`patella staff` lists them")
            wrong = subprocess.run([BIN / "patella", "--state", state, "staff", "add", "Ben", "--role", "client"], capture_output=True,
                                   text=True, input=f"{PIN}\n{PIN}\n", env=ENVIRONMENT, timeout=PATIENCE_S)
            self.assertNotEqual(wrong.returncode, 0)
            self.assertEqual([row["name"] for row in self.listed(state)], ["Anna Berg"])

    def test_a_terminal_does_not_show_the_pin_and_is_as_it_was_afterwards(self):
        with TemporaryFolder() as folder:
            state = folder / "state"
            for ended in (False, True):
                master, slave = pty.openpty()
                before = termios.tcgetattr(slave)
                self.assertTrue(before[3] & termios.ECHO)
                process = subprocess.Popen([BIN / "patella", "--state", state, "staff", "add", "Anna Berg", "--role", "physio"],
                                           stdin=slave, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=ENVIRONMENT)
                output = b""
                for _ in range(2):
                    asked = len(output)
                    while b":" not in output[asked:]:
                        some = os.read(process.stdout.fileno(), 1)
                        self.assertTrue(some, output)
                        output += some
                    self.assertFalse(termios.tcgetattr(slave)[3] & termios.ECHO)
                    if ended:
                        os.write(master, PIN[:3].encode())
                        process.send_signal(signal.SIGINT)
                        break
                    os.write(master, (PIN + "\n").encode())
                output += process.stdout.read()
                process.stdout.close()
                self.assertEqual(process.wait(PATIENCE_S), 1 if ended else 0, output)
                self.assertEqual(termios.tcgetattr(slave), before)
                os.close(slave)
                os.set_blocking(master, False)
                try:
                    output += os.read(master, 1000)  # what the terminal would have shown
                except OSError:
                    pass
                os.close(master)
                self.assertNotIn(PIN[:3].encode(), output)
                self.assertIn(b"nothing was stored" if ended else b"is staff now", output)
                if not ended:
                    self.staff(state, "remove", "Anna Berg")
            self.assertEqual(self.listed(state), [])

    def change(self, state, query, *values):
        """As the program would have written it: with the check sum of each row of staff."""
        database = sqlite3.connect(state / "patella.db")
        database.execute(query, values)
        columns = ("id", "name", "role", "pin_hash", "added_utc_us", "removed_utc_us", "failures")
        cells = ", ".join(f"typeof({column}), CAST({column} AS BLOB)" for column in columns)
        for row, *values in database.execute(f"SELECT rowid, {cells} FROM staff").fetchall():
            crc = row_crc(list(zip(values[::2], values[1::2])))
            database.execute("UPDATE staff SET crc32c=? WHERE rowid=?", (crc, row))
        database.commit()
        database.close()

    def test_the_counts_of_wrong_pins_are_set_to_0_by_who_has_a_shell(self):
        with TemporaryFolder() as folder:
            state = folder / "state"
            for name in ("Anna Berg", "Ben", "Cleo"):
                self.add(state, name)
            anna, ben, cleo = (row["id"] for row in self.listed(state))
            self.change(state, "UPDATE staff SET failures=7 WHERE id=?", anna)
            self.change(state, "UPDATE staff SET failures=2 WHERE id=?", cleo)
            self.assertIn("2 of 3 had wrong PINs", self.staff(state, "unlock"))
            self.assertEqual(self.rows(state, "SELECT failures FROM staff"), [(0,)] * 3)
            [(actor, action, detail)] = self.rows(state, "SELECT actor, action, detail FROM audit ORDER BY number DESC LIMIT 1")
            self.assertEqual((actor, action), ("command line", "staff_unlock"))
            self.assertEqual(json.loads(detail), {"failures": {anna: 7, cleo: 2}})
            self.assertIn("0 of 3 had wrong PINs", self.staff(state, "unlock"))

            # A new PIN ends the wait of its own member alone.
            self.change(state, "UPDATE staff SET failures=9")
            self.staff(state, "pin", ben, typed=f"{OTHER}\n{OTHER}\n")
            self.assertEqual(self.rows(state, "SELECT failures FROM staff ORDER BY name"), [(9,), (0,), (9,)])

    def test_a_name_that_a_damaged_log_has_garbled_stops_no_command(self):
        with TemporaryFolder() as folder:
            state = folder / "state"
            self.add(state, "Ben")
            self.change(state, "INSERT INTO staff(id,name,role,added_utc_us) VALUES('x1', CAST(x'4dfc6c6c6572' AS TEXT), 'physio', 1000)")
            garbled = "M\N{REPLACEMENT CHARACTER}ller"
            self.assertEqual([row["name"] for row in self.listed(state)], ["Ben", garbled])
            self.assertIn(garbled, self.staff(state))
            self.staff(state, "pin", "x1", typed=f"{PIN}\n{PIN}\n")
            self.change(state, "UPDATE staff SET failures=3, id=CAST(x'7832ff' AS TEXT) WHERE id='x1'")
            self.assertIn("1 of 2", self.staff(state, "unlock"))
            self.staff(state, "remove", os.fsdecode(b"x2\xff"))
            self.assertEqual([row["name"] for row in self.listed(state)], ["Ben"])
            details = [json.loads(row[0]) for row in self.rows(state, "SELECT detail FROM audit ORDER BY number")]
            self.assertEqual(details[1:], [{"name": garbled, "role": "physio"}, {"failures": {"x2\N{REPLACEMENT CHARACTER}": 3}},
                                           {"name": garbled, "role": "physio"}])

    def test_a_running_kiosk_is_asked_and_nothing_is_changed_beside_it(self):
        with TemporaryFolder() as folder:
            state = folder / "state"
            row = {"id": "1", "name": "Anna Berg", "role": "physio", "since": "2026-11-20T10:00:00Z", "has_pin": True}
            kiosk = Kiosk(state, {"status": {"running": True}})
            self.staff(state, "list", says="not a question the kiosk knows")
            kiosk.answers["staff"] = {"ok": True, "rows": [row]}
            self.assertEqual(self.listed(state), [row])
            self.assertIn("Anna Berg", self.staff(state))
            for arguments in (["add", "Ben", "--role", "staff"], ["pin", "Ben"], ["remove", "Ben"], ["unlock"]):
                self.staff(state, *arguments, typed=f"{PIN}\n{PIN}\n", says="End it first")
            kiosk.close()
            self.assertEqual([path.name for path in state.iterdir()], ["control.sock"])

    def test_the_secret_of_the_machine(self):
        with TemporaryFolder() as folder:
            state, credentials = folder / "state", folder / "credentials"
            self.add(state, "Anna Berg")
            # Lost and made again: the PIN is right and does not match, which is told.
            (state / "pepper").unlink()
            done = subprocess.run([BIN / "patella", "--state", state, "staff", "add", "Ben", "--role", "staff"], capture_output=True,
                                  text=True, input=f"{PIN}\n{PIN}\n", env=ENVIRONMENT, timeout=PATIENCE_S)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("the PIN of Anna Berg was set with another secret", done.stderr)
            (state / "pepper").chmod(0o644)
            self.staff(state, "pin", "Ben", typed=f"{PIN}\n{PIN}\n", says="chmod 600")
            (state / "pepper").chmod(0o600)
            (state / "pepper").write_text("not hexadecimal")
            self.staff(state, "pin", "Ben", typed=f"{PIN}\n{PIN}\n", says="64 hexadecimal digits")
            # From systemd: no file is made.
            (state / "pepper").unlink()
            credentials.mkdir()
            (credentials / "patella-pepper").write_text("0123456789abcdef" * 4 + "\n")
            (credentials / "patella-pepper").chmod(0o400)
            self.staff(state, "pin", "Ben", typed=f"{PIN}\n{PIN}\n", environment={**ENVIRONMENT, "CREDENTIALS_DIRECTORY": str(credentials)})
            self.assertFalse((state / "pepper").exists())


if __name__ == "__main__":
    unittest.main()
