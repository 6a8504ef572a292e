"""Runs the real program under the device emulator, for tests that span processes: starts it, reads its lines, types faults,
finds its children. Nothing here sleeps where it can wait for a line."""
import importlib.machinery
import importlib.util
import json
import os
import pathlib
import queue
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
BUILD = pathlib.Path(os.environ.get("PATELLA_BUILD_DIR", ROOT / "build/ci"))
BIN = BUILD / "bin"
PATIENCE_S = 60  # how long an event may take before the test gives up: the machine may be busy
# The emulated band sensor for tests: its board boots at once and its client is in a hurry. As they are by default: end_to_end_demo
# and end_to_end_kernel.
BAND = "chronojump_force:boot=100:wait=50:unloaded=1000:pace=2"
BAND_BIND = 'driver = "chronojump_force"\nparams = { boot = 0.2 }\n'
DEVICES = f"concept2_pm5,{BAND},hid_scale:size=platform"


def rounds(default):
    return int(os.environ.get("PATELLA_ROUNDS", default))


def demo_visitor():
    """scripts/demo_visitor as a module: the kiosk under Xvfb, with a pointer on its screen."""
    sys.dont_write_bytecode = True
    loader = importlib.machinery.SourceFileLoader("demo_visitor", str(ROOT / "scripts/demo_visitor"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("demo_visitor", loader))
    loader.exec_module(module)
    return module


def make_config(folder, station_lines):
    """A copy of the demo configuration with parameters replaced: {"tke": {"reps": 50, "sides": '"none"'}}. Its force sensor is BAND."""
    config = pathlib.Path(folder) / "config"
    shutil.copytree(ROOT / "config/demo", config)
    bind = 'driver = "chronojump_force"\n'
    band = config / "stations/tke.toml"
    text = band.read_text()
    assert bind in text
    band.write_text(text.replace(bind, BAND_BIND))
    for station, lines in station_lines.items():
        path = config / "stations" / f"{station}.toml"
        text = path.read_text()
        for key, value in lines.items():
            text, found = re.subn(rf"(?m)^{key} = .*$", f"{key} = {value}", text)
            if not found:
                text = text.replace("[params]\n", f"[params]\n{key} = {value}\n", 1)
        path.write_text(text)
    return config


class Line:
    """One printed occurrence: "12.340 rep n=3 counted=yes side=left peak_n=61.2"."""

    def __init__(self, text):
        self.text = text
        time_text, _, rest = text.partition(" ")
        self.t_s = float(time_text)
        self.kind, _, fields = rest.partition(" ")
        self.fields = {}
        for key, quoted, plain in re.findall(r'(\w+)=(?:"((?:[^"\\]|\\.)*)"|(\S*))', fields):
            self.fields[key] = quoted if quoted else plain

    def __repr__(self):
        return self.text


class Run:
    """`patella session STATION --headless` under `patella-emulator run KINDS`."""

    def __init__(self, kinds, state, config, station, *more, emulator=None):
        self.state = pathlib.Path(state)
        self.lines = []
        self.raw = []
        self.queue = queue.Queue()
        session = [str(BIN / "patella"), "--config", str(config), "--state", str(state), "session", station, "--headless", *more]
        if emulator is None:
            command = [str(BIN / "patella-emulator"), "run", kinds, "--seed", "3", "--", *session]
        else:
            command = session
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                        env=emulator or os.environ.copy())
        self.errors = []
        self.threads = [threading.Thread(target=self._read, daemon=True), threading.Thread(target=self._read_errors, daemon=True)]
        for thread in self.threads:
            thread.start()

    def _read(self):
        for text in self.process.stdout:
            text = text.rstrip("\n")
            self.raw.append(text)
            try:
                line = Line(text)
            except ValueError:
                continue
            self.lines.append(line)
            self.queue.put(line)
        self.queue.put(None)

    def _read_errors(self):
        for text in self.process.stderr:
            self.errors.append(text.rstrip("\n"))

    def emulator(self, command):
        """Types a fault or a movement."""
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()

    def wait_line(self, condition, patience_s=PATIENCE_S):
        """The next line for which the condition holds; earlier ones are passed over."""
        end = time.monotonic() + patience_s
        while True:
            try:
                line = self.queue.get(timeout=max(0.01, end - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"no such line within {patience_s} s.\n{self.story()}") from None
            if line is None:
                raise AssertionError(f"the program ended first.\n{self.story()}")
            if condition(line):
                return line

    def wait_kind(self, kind, patience_s=PATIENCE_S):
        return self.wait_line(lambda line: line.kind == kind, patience_s)

    def wait_end(self, patience_s=PATIENCE_S):
        try:
            status = self.process.wait(patience_s)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"the program did not end within {patience_s} s.\n{self.story()}") from None
        for thread in self.threads:
            thread.join(5)
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            stream.close()
        return status

    def story(self):
        return "\n".join(["-- lines", *self.raw[-40:], "-- errors", *self.errors[-25:]])

    def kiosk_pid(self):
        """The session's process: a child of the emulator."""
        for pid in descendants(self.process.pid):
            if command_of(pid).split("/")[-1] == "patella":
                return pid
        return None

    def host_pid(self, plugin):
        """The child that runs this plugin; waits for it."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            for pid in descendants(self.process.pid):
                try:
                    words = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
                    maps = pathlib.Path(f"/proc/{pid}/maps").read_text()
                except OSError:
                    continue
                if words and words[0].endswith(b"patella-plugin-host") and f"/{plugin}.so" in maps:
                    return pid
            time.sleep(0.02)
        raise AssertionError(f"no child runs {plugin}.\n{self.story()}")

    def kill(self):
        if self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def command_of(pid):
    try:
        return os.readlink(f"/proc/{pid}/exe")
    except OSError:
        return ""


def descendants(pid):
    found = []
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/children") as file:
                for child in file.read().split():
                    found.append(int(child))
                    found += descendants(int(child))
    except OSError:
        pass
    return found


def patella(state, *arguments, check=True):
    return subprocess.run([str(BIN / "patella"), "--state", str(state), *arguments], check=check, capture_output=True, text=True)


def sessions(state):
    return json.loads(patella(state, "sessions", "--json").stdout)


class TemporaryFolder:
    """Removed unless the test failed, so that there is something to look at."""

    def __enter__(self):
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="patella-test-"))
        return self.path

    def __exit__(self, kind, value, trace):
        if kind is None:
            shutil.rmtree(self.path, ignore_errors=True)
        else:
            print(f"what was left: {self.path}")


def send(pid, which):
    try:
        os.kill(pid, which)
        return True
    except ProcessLookupError:
        return False
