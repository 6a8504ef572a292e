"""Real touch without a touch panel: Xorg with its dummy screen and its socket-fed input driver. A client comes in by touch, and
pain stop answers to a second finger while a palm rests on the glass. Skipped where Xorg or one of the drivers is missing, or
without root, which Xorg needs here."""
import os
import pathlib
import socket
import struct
import subprocess
import sys
import time
import types
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support/python"))
import run_tests
from patella_run import BIN, DEVICES, PATIENCE_S, TemporaryFolder, demo_visitor, make_config, sessions
from screen_words import says

visitor = demo_visitor()

XORG = pathlib.Path("/usr/lib/xorg/Xorg")
DRIVERS = [pathlib.Path("/usr/lib/xorg/modules") / name for name in ("input/inputtest_drv.so", "drivers/dummy_drv.so")]
WIDTH, HEIGHT = 1920, 1080
CONFIGURATION = """
Section "ServerFlags"
  Option "AutoAddDevices" "false"
  Option "DontVTSwitch" "true"
EndSection
Section "Device"
  Identifier "card"
  Driver "dummy"
  VideoRam 65536
EndSection
Section "Monitor"
  Identifier "panel"
  HorizSync 5-200
  VertRefresh 5-200
  Modeline "1920x1080" 148.50 1920 2008 2052 2200 1080 1084 1089 1125 +hsync +vsync
EndSection
Section "Screen"
  Identifier "screen"
  Device "card"
  Monitor "panel"
  DefaultDepth 24
  SubSection "Display"
    Depth 24
    Modes "1920x1080"
    Virtual 1920 1080
  EndSubSection
EndSection
Section "InputDevice"
  Identifier "glass"
  Driver "inputtest"
  Option "SocketPath" "{folder}/glass"
  Option "DeviceType" "Touch"
  Option "TouchCount" "5"
EndSection
Section "InputDevice"
  Identifier "pointer"
  Driver "inputtest"
  Option "SocketPath" "{folder}/pointer"
  Option "DeviceType" "PointerAbsolute"
  Option "CorePointer" "true"
EndSection
Section "InputDevice"
  Identifier "keys"
  Driver "inputtest"
  Option "SocketPath" "{folder}/keys"
  Option "DeviceType" "Keyboard"
  Option "CoreKeyboard" "true"
EndSection
Section "ServerLayout"
  Identifier "layout"
  Screen "screen"
  InputDevice "pointer" "CorePointer"
  InputDevice "keys" "CoreKeyboard"
  InputDevice "glass"
EndSection
"""


class Glass:
    """Fingers on the emulated panel. One connection a server run: the driver does not survive a second."""
    CLIENT_VERSION, WAIT_FOR_SYNC, TOUCH = 0, 1, 6  # xf86ITEventType
    BEGIN, END = 18, 20  # XI_TouchBegin, XI_TouchEnd

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        end = time.monotonic() + PATIENCE_S
        while True:
            try:
                self.socket.connect(str(path))
                break
            except OSError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)
        self.socket.sendall(struct.pack("<IiHH", 12, self.CLIENT_VERSION, 1, 0))
        self.answer(12)

    def answer(self, length):
        while length > 0:
            got = self.socket.recv(length)
            if not got:
                raise visitor.Gone("the X server closed the panel")
            length -= len(got)

    def send(self, kind, finger, x, y):
        valuators = [x / WIDTH * 65535, y / HEIGHT * 65535] + [0.0] * 62
        event = struct.pack("<IiIII8s4x64d64d", 1056, self.TOUCH, finger, kind, 0, b"\x03" + b"\0" * 7, *valuators, *([0.0] * 64))
        self.socket.sendall(event)
        self.socket.sendall(struct.pack("<Ii", 8, self.WAIT_FOR_SYNC))
        self.answer(8)

    def down(self, finger, x, y):
        self.send(self.BEGIN, finger, x, y)

    def up(self, finger, x, y):
        self.send(self.END, finger, x, y)


class TouchKiosk(visitor.Kiosk):
    def start_screen(self):
        configuration = self.out / "xorg.conf"
        configuration.write_text(CONFIGURATION.format(folder=self.out))
        read_end, write_end = os.pipe()
        self.xvfb = subprocess.Popen([str(XORG), "-displayfd", str(write_end), "-config", str(configuration), "-logfile", str(self.out / "xorg.log"),
                                      "-noreset", "-novtswitch", "-sharevts", "vt7", "-nolisten", "tcp"],
                                     pass_fds=[write_end], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(write_end)
        with os.fdopen(read_end) as numbers:
            self.display = ":" + numbers.readline().strip()
        if self.display == ":":
            raise unittest.SkipTest("Xorg does not start here: " + (self.out / "xorg.log").read_text()[-300:])
        self.glass = Glass(self.out / "glass")
        self.finger = 0

    def touch(self, x, y):
        self.finger += 1
        self.glass.down(self.finger, x, y)
        self.glass.up(self.finger, x, y)


@unittest.skipUnless(XORG.exists() and all(driver.exists() for driver in DRIVERS) and os.geteuid() == 0,
                     "needs root, and the packages xserver-xorg-core and xserver-xorg-video-dummy")
class Touch(unittest.TestCase):
    def test_pain_stop_answers_while_a_palm_rests_on_the_glass(self):
        with TemporaryFolder() as folder:
            state = folder / "state"
            state.mkdir()
            config = make_config(folder, {"tke": {"reps": 30, "sides": '"none"'}})
            kiosk = TouchKiosk(types.SimpleNamespace(bin=BIN, out=folder, config=str(config), size=f"{WIDTH}x{HEIGHT}", kinds=DEVICES), state)
            try:
                kiosk.start()
                visitor.arrive(kiosk, "tke", "guest", 1)  # every step of it by touch
                x, y, w, h = kiosk.control("pain_stop")["rect"]
                time.sleep(0.5)
                kiosk.glass.down(900, 700, 400)  # the palm, on nothing that can be touched; it stays
                kiosk.glass.down(901, x + w // 2, y + h // 2)
                kiosk.screen("pain_stop")  # on press: neither finger has left the glass
                kiosk.glass.up(901, x + w // 2, y + h // 2)
                kiosk.glass.up(900, 700, 400)
                kiosk.tap_all(["pain_6"], "next")
                kiosk.tap_to("next", "after")
                kiosk.answer_how_it_was("pain_4", "effort_5")
                kiosk.wait("everything saved", lambda s: says(s, "Everything is saved"))
            finally:
                kiosk.stop()
            self.assertEqual([s["outcome"] for s in sessions(state)], ["stopped_for_pain"])


if __name__ == "__main__":
    run_tests.main()
