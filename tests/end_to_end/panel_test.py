"""The kiosk stays on its screen: on a real X server its panel is switched off and on, given other modes and turned; blanking is off
while it runs; a window manager's wish to close is refused; and the kiosk is never up without somebody who would start it again."""
import ctypes
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import types
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support/python"))
from patella_run import BIN, DEVICES, PATIENCE_S, TemporaryFolder, demo_visitor, descendants, make_config, sessions
from screen_words import shows_count

visitor = demo_visitor()

XORG = pathlib.Path("/usr/lib/xorg/Xorg")
DUMMY = pathlib.Path("/usr/lib/xorg/modules/drivers/dummy_drv.so")
CONFIGURATION = """
Section "ServerFlags"
  Option "AutoAddDevices" "false"
  Option "DontVTSwitch" "true"
  Option "BlankTime" "10"
EndSection
Section "Device"
  Identifier "card"
  Driver "dummy"
  VideoRam 131072
EndSection
Section "Monitor"
  Identifier "panel"
  HorizSync 5-300
  VertRefresh 5-300
  Modeline "1920x1080" 148.50 1920 2008 2052 2200 1080 1084 1089 1125 +hsync +vsync
  Modeline "1280x800" 83.50 1280 1352 1480 1680 800 803 809 831 -hsync +vsync
  Modeline "800x480" 29.50 800 824 896 992 480 483 493 500 -hsync +vsync
  Modeline "1080x1920" 148.50 1080 1168 1212 1360 1920 1924 1929 1965 +hsync +vsync
  Option "DPMS" "true"
EndSection
Section "Screen"
  Identifier "screen"
  Device "card"
  Monitor "panel"
  DefaultDepth 24
  SubSection "Display"
    Depth 24
    Modes "1920x1080" "1280x800" "800x480" "1080x1920"
    Virtual 1920 1920
  EndSubSection
EndSection
Section "ServerLayout"
  Identifier "layout"
  Screen "screen"
EndSection
"""


class XorgKiosk(visitor.Kiosk):
    def start_screen(self):
        configuration = self.out / "xorg.conf"
        configuration.write_text(CONFIGURATION)
        read_end, write_end = os.pipe()
        self.xvfb = subprocess.Popen([str(XORG), "-displayfd", str(write_end), "-config", str(configuration), "-logfile", str(self.out / "xorg.log"),
                                      "-noreset", "-novtswitch", "-sharevts", "vt7", "-nolisten", "tcp"],
                                     pass_fds=[write_end], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(write_end)
        with os.fdopen(read_end) as numbers:
            self.display = ":" + numbers.readline().strip()
        if self.display == ":":
            raise unittest.SkipTest("Xorg does not start here: " + (self.out / "xorg.log").read_text()[-300:])
        self.env = dict(os.environ, DISPLAY=self.display)

    def x(self, *command):
        return subprocess.run(command, env=self.env, check=True, capture_output=True, text=True).stdout


def child_of(kiosk):
    """The kiosk itself, below the parent that starts it again."""
    for pid in descendants(kiosk.kiosk.pid):
        try:
            if b"--child" in pathlib.Path(f"/proc/{pid}/cmdline").read_bytes():
                return pid
        except OSError:  # it has ended meanwhile
            continue
    return None


def await_that(what, condition, patience_s=PATIENCE_S):
    """Seconds until it held."""
    began = time.monotonic()
    while not condition():
        if time.monotonic() - began > patience_s:
            raise AssertionError(f"not within {patience_s} s: {what}")
        time.sleep(0.02)
    return time.monotonic() - began


def alive(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def wish_to_close(display, title):
    """What a window manager sends for Alt+F4: WM_DELETE_WINDOW."""
    x = ctypes.CDLL("libX11.so.6")
    x.XOpenDisplay.restype = ctypes.c_void_p
    for name in ("XDefaultRootWindow", "XInternAtom"):
        getattr(x, name).restype = ctypes.c_ulong
    connection = ctypes.c_void_p(x.XOpenDisplay(display.encode()))
    root = ctypes.c_ulong(x.XDefaultRootWindow(connection))

    def windows(parent):
        count, children = ctypes.c_uint(), ctypes.POINTER(ctypes.c_ulong)()
        unused = ctypes.c_ulong()
        x.XQueryTree(connection, parent, ctypes.byref(unused), ctypes.byref(unused), ctypes.byref(children), ctypes.byref(count))
        return [children[i] for i in range(count.value)]

    def name_of(window):
        name = ctypes.c_char_p()
        x.XFetchName(connection, ctypes.c_ulong(window), ctypes.byref(name))
        return (name.value or b"").decode()

    class Message(ctypes.Structure):
        _fields_ = [("type", ctypes.c_int), ("serial", ctypes.c_ulong), ("send_event", ctypes.c_int), ("display", ctypes.c_void_p),
                    ("window", ctypes.c_ulong), ("message_type", ctypes.c_ulong), ("format", ctypes.c_int), ("data", ctypes.c_long * 5),
                    ("pad", ctypes.c_long * 24)]

    target = next(w for w in windows(root) if name_of(w) == title)
    message = Message(type=33, window=target, format=32, display=connection.value)  # ClientMessage
    message.message_type = x.XInternAtom(connection, b"WM_PROTOCOLS", 0)
    message.data[0] = x.XInternAtom(connection, b"WM_DELETE_WINDOW", 0)
    x.XSendEvent(connection, ctypes.c_ulong(target), 0, ctypes.c_long(0), ctypes.byref(message))
    x.XCloseDisplay(connection)


def make_kiosk(kind, folder, config, size="1920x1080"):
    state = folder / "state"
    state.mkdir()
    return kind(types.SimpleNamespace(bin=BIN, out=folder, config=str(config), size=size, kinds=DEVICES), state)


@unittest.skipUnless(XORG.exists() and DUMMY.exists() and os.geteuid() == 0,
                     "needs root, and the packages xserver-xorg-core and xserver-xorg-video-dummy")
class Panel(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="patella-test-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.kiosk = make_kiosk(XorgKiosk, self.folder, make_config(self.folder, {}))

    def tearDown(self):
        self.kiosk.stop()

    def outputs(self):
        """The one that is on, and one where another monitor could be."""
        text = self.kiosk.x("xrandr")
        return tuple(re.search(rf"^(\S+) {state}", text, re.M).group(1) for state in ("connected", "disconnected"))

    def window(self):
        """Place and size of the kiosk's window in pixels."""
        found = self.kiosk.x("xdotool", "search", "--name", "^Patella$").split()
        text = self.kiosk.x("xdotool", "getwindowgeometry", "--shell", found[-1])
        return tuple(int(re.search(rf"^{key}=(-?\d+)", text, re.M).group(1)) for key in ("X", "Y", "WIDTH", "HEIGHT"))

    def covers(self, w, h, x0=0):
        """The window covers the panel and the mirror says that each control lies on it."""
        if self.window() != (x0, 0, w, h):
            return False
        with self.kiosk.changed:
            boxes = [c["rect"] for c in self.kiosk.shown.get("controls", [])]
        widest = max((x + cw for x, _, cw, _ in boxes), default=0)
        return bool(boxes) and widest > w * 0.9 and all(x >= 0 and y >= 0 and x + cw <= w and y + ch <= h for x, y, cw, ch in boxes)

    def test_the_window_follows_the_panel(self):
        self.kiosk.start()
        self.kiosk.screen("home")
        name, other = self.outputs()
        await_that("full screen at the start", lambda: self.covers(1920, 1080))
        for mode in ("1280x800", "800x480", "1080x1920", "1920x1080"):
            w, h = map(int, mode.split("x"))
            self.kiosk.x("xrandr", "--output", name, "--mode", mode)
            print(f"mode {mode}: covered after {await_that('covers ' + mode, lambda: self.covers(w, h)):.2f} s")
        self.kiosk.x("xrandr", "--output", name, "--off")
        time.sleep(1.5)  # time passes while the panel is off
        self.kiosk.x("xrandr", "--output", name, "--mode", "1280x800")
        print(f"off and on: covered after {await_that('covers the panel again', lambda: self.covers(1280, 800)):.2f} s")
        self.kiosk.x("xrandr", "--addmode", other, "800x480")
        self.kiosk.x("xrandr", "--output", name, "--off", "--output", other, "--mode", "800x480")
        print(f"another monitor: covered after {await_that('covers the other monitor', lambda: self.covers(800, 480)):.2f} s")
        self.kiosk.x("xrandr", "--output", name, "--mode", "1280x800", "--pos", "800x0", "--primary")
        print(f"the first one beside it: covered after {await_that('covers the first monitor', lambda: self.covers(1280, 800, 800)):.2f} s")
        self.kiosk.x("xrandr", "--output", other, "--off", "--output", name, "--pos", "0x0")
        await_that("covers it alone", lambda: self.covers(1280, 800))
        self.kiosk.tap_to("station_tke", "who")  # and what is drawn there answers to a touch

    def test_blanking_is_off_while_the_kiosk_runs(self):
        self.kiosk.start_screen()
        self.kiosk.start_screen = lambda: None  # it is there already
        self.kiosk.x("xset", "s", "300", "60")
        before = self.kiosk.x("xset", "q")
        dpms = "does not have the DPMS" not in before  # Xorg's dummy driver has none
        print("this server has DPMS" if dpms else "this server has no DPMS: only its screen saver is looked at")
        if dpms:
            self.kiosk.x("xset", "dpms", "400", "500", "600")
            before = self.kiosk.x("xset", "q")
        self.assertRegex(before, r"timeout:\s+300\s+cycle:\s+60")
        self.kiosk.start()
        self.kiosk.screen("home")
        during = self.kiosk.x("xset", "q")
        self.assertRegex(during, r"timeout:\s+0\b")
        self.assertRegex(during, r"prefer blanking:\s+no")
        if dpms:
            self.assertRegex(during, r"Standby: 0\s+Suspend: 0\s+Off: 0")
        self.kiosk.kiosk.terminate()
        self.kiosk.kiosk.wait(PATIENCE_S)
        self.assertEqual(self.kiosk.x("xset", "q").split("Screen Saver:")[1], before.split("Screen Saver:")[1])


class Supervision(unittest.TestCase):
    def with_kiosk(self, act, parent=True, fullscreen=True):
        with TemporaryFolder() as folder:
            config = make_config(folder, {"tke": {"reps": 30, "sides": '"none"', "hold_s": 0}})
            if not fullscreen:
                text = (config / "kiosk.toml").read_text()
                (config / "kiosk.toml").write_text("fullscreen = false\n" + re.sub(r"(?m)^fullscreen\b.*\n", "", text))
            kiosk = make_kiosk(visitor.Kiosk, folder, config, "1280x720")
            try:
                kiosk.start(parent)
                act(kiosk)
            finally:
                kiosk.stop()
            return sessions(folder / "state")

    def test_a_wish_to_close_the_window_is_refused(self):
        def act(kiosk):
            kiosk.screen("home")
            pid = child_of(kiosk)
            wish_to_close(kiosk.display, "Patella")
            log = kiosk.state / "kiosk.log"
            await_that("the wish is in the log", lambda: "asked the kiosk's window to close" in log.read_text() or not alive(pid))
            self.assertTrue(alive(pid))
            kiosk.tap_to("station_tke", "who")
            self.assertEqual(child_of(kiosk), pid)
        self.with_kiosk(act)

    def test_a_developer_may_close_a_window(self):
        def act(kiosk):
            kiosk.screen("home")
            wish_to_close(kiosk.display, "Patella")
            self.assertEqual(kiosk.kiosk.wait(PATIENCE_S), 0)
        self.with_kiosk(act, fullscreen=False)

    def test_a_kiosk_that_ends_unasked_is_started_again(self):
        def act(kiosk):
            kiosk.screen("home")
            pid = child_of(kiosk)
            os.kill(pid, signal.SIGTERM)  # its exit status is 0, and nobody has told the parent
            await_that("another kiosk", lambda: (child_of(kiosk) or pid) != pid)
            kiosk.mirror.wait(PATIENCE_S)
            kiosk.look()
            kiosk.screen("home")
        self.with_kiosk(act)

    def test_without_its_parent_the_kiosk_ends_and_its_session_is_offered_again(self):
        def act(kiosk):
            visitor.arrive(kiosk, "tke", "guest", 1)
            kiosk.wait("the second repetition: the first is over", lambda s: shows_count(s, 2, 30))
            pid = child_of(kiosk)
            parent = int(pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
            os.kill(parent, signal.SIGKILL)
            print(f"the kiosk ended {await_that('the kiosk ends', lambda: not alive(pid)):.2f} s after its parent")
            kiosk.kiosk.wait(PATIENCE_S)
            kiosk.mirror.wait(PATIENCE_S)
            xvfb = kiosk.xvfb
            kiosk.start(True)  # as whoever starts the parent would
            xvfb.terminate()
            kiosk.screen("resume_offer")
            kiosk.tap_to("close_interrupted", "home")
        stored = self.with_kiosk(act)
        self.assertEqual([s["outcome"] for s in stored], ["interrupted"])
        self.assertGreaterEqual(stored[0]["reps"], 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
