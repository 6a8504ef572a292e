"""Programs that know nothing of Patella, on emulated devices: what they see has to be a device.

Each needs a package of its own and is skipped with a sentence when it is missing."""
import os
import pathlib
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import termios
import time
import tty
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support/python"))
import run_tests  # noqa: E402

TOOL = str(pathlib.Path(os.environ["PATELLA_BUILD_DIR"]) / "bin/patella-emulator")
PATIENCE_S = 30


def needs(program, package):
    return unittest.skipUnless(shutil.which(program), f"{program} is not installed (package {package})")


def run(kinds, *program):
    """The program's output and exit status below the emulator."""
    done = subprocess.run([TOOL, "run", kinds, "--", *program], stdin=subprocess.PIPE, capture_output=True, text=True,
                          timeout=PATIENCE_S, errors="replace")
    return done.stdout, done.returncode, done.stderr


def below(kinds, role, python=sys.executable):
    """Runs a part of this file as the program."""
    return run(kinds, python, __file__, role)


def python_with(module):
    """This Python or the system's, whichever has the module."""
    for python in (sys.executable, "/usr/bin/python3"):
        if pathlib.Path(python).exists() and not subprocess.run([python, "-c", f"import {module}"], capture_output=True).returncode:
            return python
    return None


# ---- what runs as the program ------------------------------------------------------------------------------------


def csafe_exchange():
    """As the public rowing tools talk to a monitor: pyusb, detach, claim, write a frame, read a frame, check it."""
    import usb.core
    import usb.util

    device = usb.core.find(idVendor=0x17A4)
    if device.is_kernel_driver_active(0):
        device.detach_kernel_driver(0)
    usb.util.claim_interface(device, 0)
    interface = device[0][(0, 0)]
    end_in, end_out = interface[0].bEndpointAddress, interface[1].bEndpointAddress
    print("product", usb.util.get_string(device, device.iProduct))

    def ask(contents):
        checksum = 0
        stuffed = []
        for byte in contents:
            checksum ^= byte
        for byte in [*contents, checksum]:
            stuffed += [0xF3, byte & 3] if 0xF0 <= byte <= 0xF3 else [byte]
        frame = [0x01, 0xF1, *stuffed, 0xF2]
        device.write(end_out, frame + [0] * (21 - len(frame)), timeout=2000)
        reply = list(device.read(end_in, 64, timeout=2000))
        body, at = [], reply.index(0xF1) + 1
        while reply[at] != 0xF2:
            if reply[at] == 0xF3:
                at += 1
                body.append(0xF0 | reply[at])
            else:
                body.append(reply[at])
            at += 1
        total = 0
        for byte in body:
            total ^= byte
        assert total == 0, "checksum"
        return body[:-1]

    version = ask([0x91])
    print("model", version[5], "maker", version[3])
    print("serial", bytes(ask([0x94])[3:12]).decode())
    end = time.monotonic() + 20
    while time.monotonic() < end:
        cadence = ask([0xA7])
        if cadence[3] > 60:
            power = ask([0xB4])
            print("cadence", cadence[3] | cadence[4] << 8, "power", power[3] | power[4] << 8)
            return
        time.sleep(0.1)
    print("nobody pedals")


def termios_exchange():
    """Python's own termios on the port: raw, 115200, ask for the version until the board has booted."""
    port = os.open("/dev/ttyUSB0", os.O_RDWR | os.O_NOCTTY)
    tty.setraw(port)
    settings = termios.tcgetattr(port)
    settings[4] = settings[5] = termios.B115200
    termios.tcsetattr(port, termios.TCSANOW, settings)
    text, end = b"", time.monotonic() + 20
    while b"Force_Sensor-0.6\r\n" not in text and time.monotonic() < end:
        os.write(port, b"get_version:")
        while select.select([port], [], [], 1.5)[0]:
            text += os.read(port, 1000)
    os.write(port, b"start_capture:")
    while text.count(b";") < 12 and time.monotonic() < end:
        if select.select([port], [], [], 1)[0]:
            text += os.read(port, 1000)
    print(text.replace(b"\0", b"").decode(errors="replace"))


class Programs(unittest.TestCase):
    @unittest.skipUnless(python_with("usb"), "pyusb is not installed (package python3-usb)")
    def test_pyusb_talks_csafe_to_a_bike_monitor(self):
        out, status, errors = below("concept2_pm5", "csafe", python_with("usb"))
        self.assertEqual(status, 0, errors)
        self.assertIn("product Concept2 Performance Monitor 5 (PM5)", out)
        self.assertIn("model 5 maker 22", out)
        self.assertIn("serial 430228525", out)
        self.assertRegex(out, r"cadence [678]\d power \d\d")

    def test_termios_reads_a_force_sensor(self):
        out, status, errors = below("chronojump_force:boot=100:wait=20", "termios")
        self.assertEqual(status, 0, errors)
        self.assertIn("Force_Sensor-0.6", out)
        self.assertIn("Starting capture...", out)
        self.assertRegex(out, r"\r?\n968;-?\d+\.\d\d")

    @needs("lsusb", "usbutils")
    def test_lsusb_lists_all(self):
        out, status, errors = run("concept2_pm5,chronojump_force,hid_scale", "lsusb")
        self.assertEqual(status, 0, errors)
        for ids in ("17a4:0003", "0403:6001", "0922:8003"):
            self.assertIn(ids, out)

    @needs("lsusb", "usbutils")
    def test_lsusb_reads_all_descriptors(self):
        out, _, errors = run("hid_scale", "lsusb", "-v", "-d", "0922:8003")
        self.assertIn("bInterfaceClass         3", out, errors)
        self.assertIn("DYMO", out)
        self.assertIn("0x82  EP 2 IN", out)

    @needs("usbhid-dump", "usbutils")
    def test_usbhid_dump_reads_a_scale(self):
        """The public tool for HID devices: report descriptor, and the reports as they come."""
        out, status, errors = run("hid_scale", "usbhid-dump", "-d", "0922", "-e", "descriptor")
        self.assertEqual(status, 0, errors)
        self.assertIn("05 8D 09 20 A1 01", out)  # usage page: weighing devices
        script = "timeout -s INT 3 usbhid-dump -d 0922 -e stream -t 2000"
        out, _, errors = run("hid_scale", "sh", "-c", script)
        reports = [line for line in out.splitlines() if re.fullmatch(r" 03 0[1-7]( [0-9A-F]{2}){4}", line)]
        self.assertGreaterEqual(len(reports), 5, out + errors)

    @needs("antpm-downloader", "antpm")
    def test_antpm_opens_a_channel_of_an_ant_stick(self):
        """A program for sports watches: there is none in the air, but the stick takes its whole set-up."""
        for _ in range(3):
            with tempfile.TemporaryDirectory() as home:
                (pathlib.Path(home) / ".config/antpm").mkdir(parents=True)
                script = f"HOME={home} timeout -s INT 8 antpm-downloader --v 6 2>&1"
                out, _, _ = run("ant_plus", "sh", "-c", script)
            # It begins to listen for an answer after it has asked, and misses one that is there by then: its own race.
            if "waitForResponse failed" not in out.partition("Searching")[0]:
                break
        for said in ("Opened vid=0x0fcf, pid=0x1008 OK", "MESG_STARTUP_MSG_ID startup=CommandReset", "MESG_CHANNEL_STATUS_ID chan=00 chanSt=Searching"):
            self.assertIn(said, out)
        refused = [line for line in out.splitlines() if "mCode=" in line and "RESPONSE_NO_ERROR" not in line and "EVENT_" not in line]
        self.assertEqual(refused, [])

    @needs("socat", "socat")
    def test_socat_bridges_the_port(self):
        # Text in after the board has booted, text out.
        script = "(sleep 0.5; printf get_version:; sleep 1) | socat -t1 - /dev/ttyUSB0,raw,echo=0,b115200"
        out, status, errors = run("chronojump_force:boot=100:wait=20", "sh", "-c", script)
        self.assertEqual(status, 0, errors)
        self.assertIn("Force_Sensor-0.6", out)

    @needs("picocom", "picocom")
    def test_picocom_opens_the_port(self):
        # picocom wants a terminal for itself, which script gives it.
        script = "(sleep 0.5; printf get_version:; sleep 1) | picocom -q -b 115200 --exit-after 1500 /dev/ttyUSB0"
        out, _, errors = run("chronojump_force:boot=100:wait=20", "script", "-qec", f"sh -c '{script}'", "/dev/null")
        self.assertIn("Force_Sensor-0.6", out, errors)


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1] in ("csafe", "termios"):
        signal.alarm(PATIENCE_S)
        {"csafe": csafe_exchange, "termios": termios_exchange}[sys.argv[1]]()
    else:
        run_tests.main()
