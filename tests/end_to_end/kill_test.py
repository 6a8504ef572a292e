"""kill -9 of the kiosk at random moments of a headless session, again and again: every rep that was announced is stored, at most
1 s of samples is missing, the database is sound, the session goes on where it was; at the end `replay` says identical for all.
PATELLA_KILLS kills (300) over several lanes at once, each with an emulator, a state folder and a seed of its own."""
import json
import os
import pathlib
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support/python"))
from patella_run import BAND, BIN, Line, TemporaryFolder, make_config, patella, sessions

KILLS = int(os.environ.get("PATELLA_KILLS", 300))
LANES = int(os.environ.get("PATELLA_LANES", 12))
LONGEST_S = 5  # the first rep or hold takes 3 to 4: many kills come before it, many after it
TICK_CHANNEL = -1  # docs/store.md
SEED = int(os.environ.get("PATELLA_SEED", random.SystemRandom().randrange(1 << 30)))


class Lane(threading.Thread):
    """One emulator that stays; session after session (or the same one resumed) started below it and killed."""

    def __init__(self, number, kills, folder):
        super().__init__()
        self.random = random.Random(SEED + number)
        self.kills = kills
        self.folder = folder
        self.state = folder / "state"
        self.trouble = None
        self.resumed = 0
        self.announced_total = 0
        self.worst_gap_s = 0.0
        # The emulator's program is a shell that waits: the devices stay plugged while kiosks come and go.
        self.station, kind = (("tke", BAND), ("wall_sit", "hid_scale"))[number % 2]
        lines = {"tke": {"reps": 99, "sides": '"none"'}, "wall_sit": {"sets": 50, "hold_s": 1, "rest_s": 1}}
        self.config = make_config(folder, lines)
        self.emulator = subprocess.Popen([str(BIN / "patella-emulator"), "run", kind, "--seed", str(number + 1), "--",
                                          sys.executable, "-c", "import os,sys; print(dict(os.environ), flush=True); sys.stdin.read()"],
                                         stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.environment = eval(self.emulator.stdout.readline(), {"__builtins__": {}})  # printed by the line above

    def run(self):
        try:
            for kill in range(self.kills):
                self.one_kill()
        except Exception as error:  # handed to the test, which fails with it
            self.trouble = error
        finally:
            self.emulator.stdin.close()
            self.emulator.stdout.close()
            self.emulator.terminate()
            self.emulator.wait()

    def one_kill(self):
        command = [str(BIN / "patella"), "--config", str(self.config), "--state", str(self.state), "session", self.station, "--headless", "--resume"]
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=self.environment)
        timer = threading.Timer(self.random.uniform(0.05, LONGEST_S), lambda: process.send_signal(signal.SIGKILL))
        timer.start()
        lines, readout_s = [], 0.0
        for text in process.stdout:
            try:
                line = Line(text.rstrip("\n"))
            except ValueError:
                continue  # cut by the kill
            if line.kind == "readout":
                readout_s = line.t_s
            else:
                lines.append(line)
        process.wait()
        timer.cancel()
        process.stdout.close()
        if any("resumed_after_cut" in line.text for line in lines):
            self.resumed += 1
        self.check(lines, readout_s)

    def check(self, lines, readout_s):
        """What was printed as on the disk is on the disk; what was shown a second ago has its samples there."""
        if not (self.state / "patella.db").exists():
            return
        copy = self.folder / "copy.db"
        for suffix in ("", "-wal"):
            source = pathlib.Path(str(self.state / "patella.db") + suffix)
            target = pathlib.Path(str(copy) + suffix)
            target.unlink(missing_ok=True)
            if source.exists():
                target.write_bytes(source.read_bytes())
        db = sqlite3.connect(copy)
        assert db.execute("pragma integrity_check").fetchone()[0] == "ok"
        if db.execute("pragma user_version").fetchone()[0] == 0:  # killed before there was a table
            assert not any(line.kind in ("rep", "hold", "gap", "state") for line in lines), lines
            db.close()
            return
        stored = set()
        for t_us, kind, fields in db.execute("select t_us, kind, fields from event where session_key = (select max(key) from session)"):
            stored.add((kind, round(t_us / 1e6, 3), dict(json.loads(fields)).get("n")))
        for line in lines:
            if line.kind not in ("rep", "hold", "gap", "state"):
                continue
            self.announced_total += 1
            number = float(line.fields["n"]) if "n" in line.fields else None
            assert (line.kind, line.t_s, number) in stored, f"announced and not stored: {line}"
        # Ticks come every 50 ms, so the newest one says up to when everything is there.
        newest_us = db.execute("select max(t0_us + (n - 1) * 50000) from chunk where channel = ? and session_key = "
                               "(select max(key) from session)", (TICK_CHANNEL,)).fetchone()[0]
        if readout_s and newest_us is not None:
            self.worst_gap_s = max(self.worst_gap_s, readout_s - newest_us / 1e6)
        db.close()


class Kill(unittest.TestCase):
    def test_nothing_announced_is_lost(self):
        print(f"seed {SEED}", flush=True)
        with TemporaryFolder() as folder:
            lanes = []
            for number in range(LANES):
                (folder / str(number)).mkdir()
                lanes.append(Lane(number, KILLS // LANES + (number < KILLS % LANES), folder / str(number)))
            for lane in lanes:
                lane.start()
            for lane in lanes:
                lane.join()
            for lane in lanes:
                if lane.trouble:
                    raise lane.trouble
            replayed = 0
            for lane in lanes:
                for stored in sessions(lane.state):
                    answer = patella(lane.state, "replay", stored["id"], check=False)
                    self.assertTrue(answer.stdout.startswith("identical"), answer.stdout + answer.stderr)
                    replayed += 1
            announced = sum(lane.announced_total for lane in lanes)
            resumed = sum(lane.resumed for lane in lanes)
            worst_s = max(lane.worst_gap_s for lane in lanes)
            print(f"{KILLS} kills, {announced} announced occurrences all stored, {resumed} times resumed, {replayed} sessions replayed identical, "
                  f"newest stored at most {worst_s:.2f} s behind the last readout", flush=True)
            self.assertGreater(announced, KILLS)
            self.assertGreater(resumed, KILLS // 4)
            self.assertLessEqual(worst_s, 1.0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
