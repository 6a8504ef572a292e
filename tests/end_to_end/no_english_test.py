"""Nothing on the screen that was not translated. The kiosk speaks the pseudo-language, in which each sentence of a catalogue stands in
brackets; what stands outside of them is a number, a unit, or the name of somebody or something."""
import json
import os
import re
import subprocess
import sys
import types
import unittest

os.environ["PATELLA_LANGUAGE"] = "qps"
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../support/python"))
from patella_run import BIN, DEVICES, TemporaryFolder, demo_visitor, make_config, sessions  # noqa: E402
from screen_words import says  # noqa: E402

visitor = demo_visitor()
PIN, WRONG = "274961", "274962"
# The same in every language: units, and what the site, its people and its sensors are called.
NAMES = {"N", "kg", "rpm", "bpm", "W", "s", "min", "m", "kJ", "Patella", "demo", "Anna", "Tomas", "Ingrid", "Yusuf", "K", "R", "S", "A", "Berg", "M",
         "Physio", "C", "x", "tty", "usb", "ttyUSB", "hidraw"}


def outside(text):
    """What is left of a text when everything in brackets is taken out, from the innermost. One that was cut off has no end."""
    while True:
        less = re.sub(r"\[[^\[\]]*\]", "", text)
        if less == text:
            return re.sub(r"\[.*(…|$)", "", text)
        text = less


class NoEnglish(unittest.TestCase):
    def collect(self, kiosk):
        """Every text and every label that the screen has, and on which screen it first was."""
        seen = {}

        def follow():
            for line in kiosk.mirror.stdout:
                shown = json.loads(line)
                for text in [*shown.get("texts", []), *(control["label"] for control in shown.get("controls", []))]:
                    seen.setdefault(text, shown.get("screen"))
                with kiosk.changed:
                    kiosk.shown = shown
                    kiosk.changed.notify_all()

        kiosk.follow = follow
        return seen

    def test_a_visit_and_the_staff_area(self):
        with TemporaryFolder() as folder:
            state = folder / "state"
            state.mkdir()
            config = make_config(folder, {"tke": {"sets": 1, "reps": 3, "sides": '"none"', "hold_s": 1}, "wall_sit": {"sets": 2, "hold_s": 5, "rest_s": 3}})
            subprocess.run([BIN / "patella", "--config", config, "--state", state, "staff", "add", "M. Berg", "--role", "physio"],
                           input=f"{PIN}\n{PIN}\n", text=True, check=True, stdout=subprocess.DEVNULL)
            kiosk = visitor.Kiosk(types.SimpleNamespace(bin=BIN, out=folder, config=str(config), size="1280x720", kinds=DEVICES), state)
            seen = self.collect(kiosk)
            try:
                kiosk.start()
                kiosk.screen("home")
                for station in ("wall_sit", "tke"):
                    visitor.arrive(kiosk, station, "client_C-0001", 1)
                    visitor.exercise(kiosk, station)
                    visitor.leave(kiosk, station, 3)
                visitor.arrive(kiosk, "bike_warm_up", "guest", 7)  # staff are told
                kiosk.tap("pause")
                kiosk.control("resume")
                kiosk.tap("resume")
                kiosk.tap_to("pain_stop", "pain_stop")
                kiosk.tap_all(["pain_6", "place_0"], "next")
                kiosk.tap("call_staff")
                kiosk.tap_to("next", "after")
                kiosk.answer_how_it_was("pain_4", "effort_5")
                kiosk.tap_to("done", "home")
                kiosk.move("unplug chronojump_force")
                self.staff(kiosk)
            finally:
                kiosk.stop()
            self.assertEqual(len(sessions(state)), 3)
        self.assertGreater(len(seen), 150)
        left = {}
        for text, screen in seen.items():
            words = [w for w in re.findall(r"[A-Za-zÀ-ž]+", outside(text)) if w not in NAMES]
            if words:
                left.setdefault(screen, []).append(text)
        self.assertEqual(left, {})

    def staff(self, kiosk):
        kiosk.tap_to("staff_open", "staff_sign_in")
        self.sign_in(kiosk, WRONG)
        kiosk.wait("the refusal", lambda s: says(s, "This PIN is wrong"))
        self.sign_in(kiosk, PIN)
        kiosk.screen("staff_notices")
        kiosk.tap_to("staff_sensors", "staff_sensors")
        kiosk.move("plug chronojump_force")
        button = kiosk.wait("a sensor to calibrate", lambda s: next((c["id"] for c in s["controls"] if c["id"].startswith("calibrate_")), None))
        kiosk.tap_to(button, "staff_calibrate")
        kiosk.tap("key_0")
        kiosk.tap("take_point")
        kiosk.wait("the wait for a still reading", lambda s: says(s, "Let it hang still") or says(s, "{0}: the sensor said {1}"))
        kiosk.tap_to("back", "staff_sensors")

    def sign_in(self, kiosk, pin):
        for digit in pin:
            kiosk.tap(f"key_{digit}")
        kiosk.tap("staff_accept")


if __name__ == "__main__":
    unittest.main(verbosity=2)
