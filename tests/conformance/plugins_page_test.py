"""docs/plugins.md, done literally: every shell block of the page in its order, by a user without rights, from the template to the driver's
samples at a station. Three things are stood in for: the build folder is that of this build, `sudo` only notes what it was asked for, and
the device is the emulator of the page. As root the page is done by the user nobody; what is read from the build folder is installed
by its owner, as on anybody's machine."""
import json
import os
import pathlib
import re
import shlex
import signal
import subprocess
import sys
import time
import tomllib
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support/python"))
from patella_run import BUILD, PATIENCE_S, TemporaryFolder

NOBODY = 65534
SUDO = """#!/bin/sh
echo "$*" >> "$HOME/sudo.log"
case $1 in cp) test -f "$2" ;; esac
"""


def shell_blocks():
    text = (ROOT / "docs/plugins.md").read_text()
    return re.findall(r"(?m)^```sh\n(.*?)^```$", text, re.DOTALL)


class Page(unittest.TestCase):
    def setUp(self):
        self.user = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
        self.cwd = ROOT

    def environment(self):
        kept = {name: os.environ[name] for name in ("CC", "CXX", "LANG") if name in os.environ}
        return {**kept, "HOME": str(self.home), "PATH": f"{self.home}/stand_in:{os.environ['PATH']}", "LC_ALL": "C.UTF-8",
                "LIBGL_ALWAYS_SOFTWARE": "1", **({"DISPLAY": self.display} if self.display else {})}

    def hand_over(self):
        for path in [self.home, *self.home.rglob("*")]:
            os.chown(path, NOBODY, NOBODY, follow_symlinks=False)

    def shell(self, commands, **more):
        return subprocess.Popen(["bash", "-eu", "-c", commands], cwd=self.cwd, env=self.environment(), text=True, start_new_session=True, **more)

    def run_block(self, block):
        """All of its lines, in one shell; where it ends up is where the next one begins."""
        text = block.replace("build/run", shlex.quote(str(BUILD)))
        owner = {} if str(BUILD) in text else self.user
        process = self.shell(text + "\npwd > ~/cwd\n", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **owner)
        printed = process.communicate(timeout=300)[0]
        self.assertEqual(process.returncode, 0, f"{block}\n{printed}")
        self.cwd = (self.home / "cwd").read_text().strip()
        if self.user and not owner:
            self.hand_over()
        return printed

    def station(self):
        """my_band as `patella status` has it; None: no kiosk answers."""
        asked = subprocess.run([self.home / "kiosk/bin/patella", "status", "--json"], env=self.environment(), capture_output=True, text=True,
                               **self.user)
        answer = json.loads(asked.stdout)
        return next((s for s in answer.get("stations", []) if s["id"] == "my_band"), None)

    def wait_for_station(self, kiosk, what, good):
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            self.assertIsNone(kiosk.poll(), f"the kiosk ended: {(self.home / 'kiosk.out').read_text()}")
            station = self.station()
            if station and good(station):
                return station
            time.sleep(0.2)
        self.fail(f"{what}: {station}\n{(self.home / 'kiosk.out').read_text()}")

    def with_kiosk(self, block, act):
        with open(self.home / "kiosk.out", "w") as out:
            kiosk = self.shell("exec " + block, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.PIPE, **self.user)
        try:
            act(kiosk)
        finally:
            os.killpg(kiosk.pid, signal.SIGTERM)
            kiosk.wait(PATIENCE_S)
            kiosk.stdin.close()

    def start_screen(self):
        read_end, write_end = os.pipe()
        self.screen = subprocess.Popen(["Xvfb", "-displayfd", str(write_end), "-screen", "0", "1280x720x24", "-nolisten", "tcp"],
                                       pass_fds=[write_end], stderr=subprocess.DEVNULL, **self.user)
        os.close(write_end)
        with os.fdopen(read_end) as numbers:
            self.display = ":" + numbers.readline().strip()
        self.addCleanup(lambda: (self.screen.terminate(), self.screen.wait()))

    def test_every_command_of_the_page(self):
        self.display = None
        blocks = shell_blocks()
        starts = [block for block in blocks if "run --windowed" in block]
        self.assertEqual(len(starts), 2, "the page starts the kiosk with the device, and with the emulator in its place")
        [looks] = [block for block in blocks if "patella status" in block]
        self.assertEqual([line.split()[-1] for line in looks.splitlines()], ["status", "mirror"])
        printed = {}

        def all_of(words):
            return "\n".join(text for block, text in printed.items() if words in block)

        def waits(kiosk):
            station = self.wait_for_station(kiosk, "without the device", lambda s: s["devices"])
            self.assertNotEqual(station["devices"][0]["state"], "ready")

        def has_samples(kiosk):
            station = self.wait_for_station(kiosk, "with the emulator", lambda s: s["usable"] and s["devices"][0]["state"] == "ready")
            self.assertEqual(station["devices"][0]["channel"], "force")
            shown = self.run_block(looks)
            self.assertRegex(shown, r"my_band +My band\n +force +[^\n]*: ready")
            # The force goes up and down: the kiosk says of its tile that it moves.
            end = time.monotonic() + PATIENCE_S
            while "This sensor moves" not in shown and time.monotonic() < end:
                shown = self.run_block(looks)
            self.assertIn("This sensor moves", shown)

        with TemporaryFolder() as folder:
            folder.chmod(0o755)
            self.home = folder / "home"
            (self.home / "stand_in").mkdir(parents=True)
            (self.home / "stand_in/sudo").write_text(SUDO)
            (self.home / "stand_in/sudo").chmod(0o755)
            if self.user:
                self.hand_over()
            self.start_screen()
            for block in blocks:
                if block == starts[0]:
                    self.with_kiosk(block, waits)
                elif block == starts[1]:
                    # With the device there, `devices` says what the page says of it.
                    listed = self.run_block(block.replace("--config ~/my_gym run --windowed", "devices"))
                    promised = "line_force asks it who it is when a station is bound to it"
                    self.assertIn(promised, listed)
                    self.assertIn(promised, " ".join((ROOT / "docs/plugins.md").read_text().replace("`", "").split()))
                    self.with_kiosk(block, has_samples)
                elif block != looks:
                    printed[block] = self.run_block(block)

            for name in ("line_force", "above_target"):
                self.assertRegex(all_of("ctest"), name + r"_conformance \.+ +Passed")
            self.assertRegex(all_of("check plugin"), r"\n\d+ passed, 0 failed")
            self.assertRegex(all_of("check plugin"), r"random_bytes .* [1-9]\d* samples")  # device.toml: not only noise
            checked = all_of("check config")
            self.assertEqual(checked.count(": in order\n"), 2, checked)
            told = "\n".join(line for line in checked.splitlines() if line.startswith(("error", "warning", "note")))
            for mine in ("my_band", "my_hold", "above_target"):
                self.assertNotIn(mine, told)
            stations = [int(count) for count in re.findall(r"(\d+) stations", checked)]
            self.assertEqual(stations[1], stations[0] + 1)

            # What an administrator does: the rule is for the device of plugin.toml.
            self.assertEqual((self.home / "sudo.log").read_text().splitlines(),
                             ["cp 60-line_force.rules /etc/udev/rules.d/", "udevadm control --reload", "udevadm trigger"])
            rule = (self.home / "my_sensor/60-line_force.rules").read_text()
            [match] = tomllib.loads((self.home / "my_sensor/plugin.toml").read_text())["device"]["matches"]
            self.assertIn(f'ATTRS{{idVendor}}=="{match["vendor"]:04x}"', rule)
            self.assertIn(f'ATTRS{{idProduct}}=="{match["product"]:04x}"', rule)


if __name__ == "__main__":
    unittest.main(verbosity=2)
