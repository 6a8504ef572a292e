"""A driver is unplugged in mid-set, crashes, hangs; the module crashes, hangs: the session goes on, the gap is in the log, no rep
is lost or doubled, the kiosk's process stays. PATELLA_ROUNDS random rounds of each (20), the seed is printed."""
import os
import pathlib
import random
import signal
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support/python"))
from patella_run import Run, TemporaryFolder, make_config, patella, rounds, send, sessions

SEED = int(os.environ.get("PATELLA_SEED", random.SystemRandom().randrange(1 << 30)))


class Faults(unittest.TestCase):
    def setUp(self):
        print(f"seed {SEED}", flush=True)
        self.random = random.Random(SEED)

    def one_session(self, trouble, check_gap):
        """One long set; `trouble(run)` strikes at random moments, each followed by a counted rep; then the checks."""
        with TemporaryFolder() as folder:
            config = make_config(folder, {"tke": {"reps": 99, "sides": '"none"'}})
            state = folder / "state"
            run = Run("chronojump", state, config, "tke")
            try:
                run.wait_kind("rep")
                kiosk = run.kiosk_pid()
                for _ in range(rounds(20)):
                    time.sleep(self.random.uniform(0, 3))  # a random moment within a rep: the test's input, not a wait
                    trouble(run)
                    if check_gap:
                        run.wait_line(lambda line: line.kind == "gap" and line.fields.get("state") == "back")
                    run.wait_line(lambda line: line.kind == "rep" and line.fields["counted"] == "yes")
                    self.assertEqual(run.kiosk_pid(), kiosk, "the kiosk's process changed")
                send(kiosk, signal.SIGTERM)
                run.wait_end()
                self.check_reps(run, state)
            finally:
                run.kill()

    def check_reps(self, run, state):
        numbers = [int(line.fields["n"]) for line in run.lines if line.kind == "rep" and line.fields["counted"] == "yes"]
        self.assertEqual(numbers, list(range(1, len(numbers) + 1)), run.story())  # none lost, none twice
        stored = sessions(state)
        self.assertEqual(len(stored), 1)
        self.assertEqual(stored[0]["reps"], len(numbers))
        replayed = patella(state, "replay", stored[0]["id"], check=False)
        self.assertTrue(replayed.stdout.startswith("identical"), replayed.stdout + replayed.stderr)

    def test_unplugged_in_mid_set(self):
        def trouble(run):
            run.emulator("unplug chronojump")
            run.wait_line(lambda line: line.kind == "gap" and line.fields.get("state") == "lost")
            run.emulator("plug chronojump")
        self.one_session(trouble, check_gap=True)

    def test_driver_crashes(self):
        self.one_session(lambda run: send(run.host_pid("chronojump_force"), signal.SIGSEGV), check_gap=True)

    def test_driver_hangs(self):
        self.one_session(lambda run: send(run.host_pid("chronojump_force"), signal.SIGSTOP), check_gap=True)

    def test_module_crashes(self):
        self.one_session(lambda run: send(run.host_pid("band_reps"), signal.SIGSEGV), check_gap=False)

    def test_module_hangs(self):
        self.one_session(lambda run: send(run.host_pid("band_reps"), signal.SIGSTOP), check_gap=False)


if __name__ == "__main__":
    unittest.main(verbosity=2)
