"""A driver is unplugged in mid-set, crashes, hangs, floods, writes garbage into its ring; the module crashes, hangs: the session
goes on, the gap is in the log, no rep is lost or doubled, the kiosk's process stays. PATELLA_ROUNDS random rounds of each (3) over
several sessions at once; the seed is printed. At most three troubles a session: a fourth within a minute is quarantine, on purpose."""
import concurrent.futures
import csv
import os
import pathlib
import random
import signal
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support/python"))
from patella_run import BAND, BAND_BIND, BUILD, Run, TemporaryFolder, make_config, patella, rounds, send, sessions

SEED = int(os.environ.get("PATELLA_SEED", random.SystemRandom().randrange(1 << 30)))
LANES = int(os.environ.get("PATELLA_LANES", 10))
TROUBLES_A_SESSION = 3
SET = {"reps": 99, "sides": '"none"', "hold_s": 0}


def check_reps(run, state, test):
    numbers = [int(line.fields["n"]) for line in run.lines if line.kind == "rep" and line.fields["counted"] == "yes"]
    test.assertGreater(len(numbers), 0, run.story())
    test.assertEqual(numbers, list(range(1, len(numbers) + 1)), run.story())  # none lost, none twice
    stored = sessions(state)
    test.assertEqual(len(stored), 1)
    patella(state, "export", "--format", "csv", "--out", str(state / "csv"))
    with open(state / "csv/reps.csv", newline="", encoding="utf-8") as file:
        kept = [int(row["rep"]) for row in csv.DictReader(file) if row["counted"] == "yes"]
    test.assertEqual(kept, list(range(1, stored[0]["reps"] + 1)))
    test.assertGreaterEqual(len(kept), len(numbers))  # some may be stored while the program is told to end
    replayed = patella(state, "replay", stored[0]["id"], check=False)
    test.assertTrue(replayed.stdout.startswith("identical"), replayed.stdout + replayed.stderr)


def counted(line):
    return line.kind == "rep" and line.fields["counted"] == "yes"


def gap(state):
    return lambda line: line.kind == "gap" and line.fields.get("state") == state


def strike(run, name, dice):
    """One trouble, and the log's word for it where a value was lost."""
    time.sleep(dice.uniform(0, 3))  # a random moment within a rep: the test's input, not a wait
    if name == "unplugged":
        run.emulator("unplug chronojump_force")
        run.wait_line(gap("lost"))
        run.emulator("plug chronojump_force")
        run.wait_line(gap("back"))
    elif name.startswith("driver"):
        send(run.host_pid("chronojump_force"), signal.SIGSEGV if name == "driver crashes" else signal.SIGSTOP)
        run.wait_line(gap("back"))
    else:
        send(run.host_pid("band_reps"), signal.SIGSEGV if name == "module crashes" else signal.SIGSTOP)
        run.wait_line(lambda line: "kind=plugin" in line.text)


def struck_session(test, name, troubles, seed):
    dice = random.Random(seed)
    with TemporaryFolder() as folder:
        run = Run(BAND, folder / "state", make_config(folder, {"tke": SET}), "tke")
        try:
            run.wait_line(counted)
            kiosk = run.kiosk_pid()
            for _ in range(troubles):
                strike(run, name, dice)
                run.wait_line(counted)
                test.assertEqual(run.kiosk_pid(), kiosk, "the kiosk's process changed")
            send(kiosk, signal.SIGTERM)
            run.wait_end()
            check_reps(run, folder / "state", test)
        finally:
            run.kill()


def misbehaving_session(test, garbage, troubles, seed):
    """The driver itself misbehaves, at instants drawn before the start."""
    dice = random.Random(seed)
    with TemporaryFolder() as folder:
        config = make_config(folder, {"tke": SET})
        instants_s, at_s = [], time.monotonic() + 4
        for _ in range(troubles):
            at_s += dice.uniform(3, 5)
            instants_s.append(at_s)
        params = ", ".join([f"garbage = {str(garbage).lower()}", *(f"at{i + 1}_s = {at:.3f}" for i, at in enumerate(instants_s))])
        path = config / "stations/tke.toml"
        path.write_text(path.read_text().replace(BAND_BIND, f'driver = "faulty_force"\nparams = {{ {params} }}\n'))
        environment = dict(os.environ, PATELLA_TEST_PLUGINS=str(BUILD / "tests/session_plugins"))
        run = Run("", folder / "state", config, "tke", emulator=environment)
        try:
            for _ in range(troubles):
                run.wait_line(lambda line: gap("lost")(line) and line.t_s > 0)  # at 0 it was not there yet
                run.wait_line(gap("back"))
            run.wait_line(counted)
            send(run.process.pid, signal.SIGTERM)
            run.wait_end()
            check_reps(run, folder / "state", test)
        finally:
            run.kill()


class Faults(unittest.TestCase):
    def test_every_trouble(self):
        print(f"seed {SEED}", flush=True)
        jobs = []
        with concurrent.futures.ThreadPoolExecutor(LANES) as lanes:
            for kind in ("unplugged", "driver crashes", "driver hangs", "module crashes", "module hangs", "floods", "garbage"):
                left = rounds(3)
                while left > 0:
                    troubles, seed = min(left, TROUBLES_A_SESSION), SEED + len(jobs)
                    left -= troubles
                    if kind in ("floods", "garbage"):
                        jobs.append((kind, lanes.submit(misbehaving_session, self, kind == "garbage", troubles, seed)))
                    else:
                        jobs.append((kind, lanes.submit(struck_session, self, kind, troubles, seed)))
        failures = [f"{kind}: {job.exception()}" for kind, job in jobs if job.exception()]
        self.assertEqual(failures, [], "\n".join(failures))
        print(f"{rounds(3)} rounds of each of 7 troubles in {len(jobs)} sessions: no rep lost or doubled, every replay identical", flush=True)


if __name__ == "__main__":
    unittest.main(verbosity=2)
