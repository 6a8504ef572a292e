#!/usr/bin/env python3
"""packaging/udev/60-patella.rules against the drivers: every device that a driver names by vendor gets its permissions.

Each plugin.toml of devices/ is read; a USB id needs a line that grants the node and keeps the device awake, a serial id a line
that grants the tty and keeps ModemManager away. With udevadm of systemd 254 or newer the syntax is checked too.
"""
import fnmatch
import pathlib
import re
import shutil
import subprocess
import sys
import tomllib

ROOT = pathlib.Path(__file__).resolve().parents[2]
RULES = ROOT / "packaging/udev/60-patella.rules"
NEEDED = {
    "usb": ['TAG+="uaccess"', 'GROUP="plugdev"', 'MODE="0660"', 'ATTR{power/control}="on"'],
    "tty": ['TAG+="uaccess"', 'ENV{ID_MM_DEVICE_IGNORE}="1"'],
}


def rules():
    """(section, vendor pattern, product pattern or None, line) of each line that names a vendor."""
    for line in RULES.read_text().splitlines():
        vendor = re.search(r'ATTRS?\{idVendor\}=="([^"]+)"', line)
        if line.startswith("#") or not vendor:
            continue
        product = re.search(r'ATTRS?\{idProduct\}=="([^"]+)"', line)
        yield "tty" if 'SUBSYSTEM=="tty"' in line else "usb", vendor.group(1), product.group(1) if product else None, line


def fits(pattern, value):
    return any(fnmatch.fnmatchcase(value, part) for part in pattern.split("|"))


def granted(section, vendor, product):
    """A line of the section that takes this id and does all that is needed."""
    for place, vendors, products, line in rules():
        if place != section or not fits(vendors, vendor):
            continue
        if products is not None and (product is None or not fits(products, product)):
            continue
        if all(words in line for words in NEEDED[section]):
            return True
    return False


def main():
    failures, seen = [], 0
    for path in sorted(ROOT.glob("devices/*/plugin.toml")):
        if path.parent.name == "template":
            continue
        device = tomllib.loads(path.read_text())["device"]
        section = "tty" if device["transport"] == "serial" else "usb"
        for match in device["matches"]:
            if "vendor" not in match:
                continue  # by usage page: the makers' ids stand in the rules one by one
            seen += 1
            vendor = f"{match['vendor']:04x}"
            product = f"{match['product']:04x}" if "product" in match else None
            if not granted(section, vendor, product):
                failures.append(f"{path.parent.name}: {vendor}:{product or '*'} ({section}) has no line with {' '.join(NEEDED[section])}")
    text = RULES.read_text()
    for goto in re.findall(r'GOTO="(\w+)"', text):
        if f'LABEL="{goto}"' not in text:
            failures.append(f"GOTO {goto} has no LABEL")
    if int(RULES.name.split("-")[0]) >= 73:
        failures.append("the file's number must be below 73, where uaccess is acted upon")
    if re.search(r'idVendor\}=="[^"]*[A-F]', text) or re.search(r'idProduct\}=="[^"]*[A-F]', text):
        failures.append("the kernel writes ids in small letters; one with a capital never fits")
    udevadm = shutil.which("udevadm")
    if udevadm and "verify" in subprocess.run([udevadm, "--help"], capture_output=True, text=True).stdout:
        # Groups of the machine are not looked up: a build machine need not have them.
        checked = subprocess.run([udevadm, "verify", "--resolve-names=never", str(RULES)], capture_output=True, text=True)
        if checked.returncode != 0:
            failures.append(checked.stdout + checked.stderr)
        print("syntax checked by udevadm verify")
    if seen < 5:
        failures.append(f"only {seen} ids were found: the test looks in the wrong place")
    for failure in failures:
        print("FAILED: " + failure)
    print(f"{seen} ids of drivers, {len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
