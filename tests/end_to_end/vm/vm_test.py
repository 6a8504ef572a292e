"""Every device family on a real kernel: boots Debian's kernel in QEMU, plugs the emulated devices into its virtual host controller,
and lets the guest check them (guest_check.cpp). No KVM, no network, no root: plain emulation in which time goes by counted
instructions, so that idle minutes cost nothing and a busy host makes no gap.

Needs PATELLA_BUILD_DIR. PATELLA_GUEST_SECONDS: how long the device nearest to 100 Hz streams without a gap (30); all of them at once
stream for 10 s. Exit status 77: something that the guest needs is not on this machine; the sentence on stdout says what."""
import os
import pathlib
import platform
import re
import shutil
import subprocess
import sys
import threading
import time

import guest_kernel
from initramfs import Initramfs, add_modules

ROOT = pathlib.Path(__file__).resolve().parents[3]
BUILD = pathlib.Path(os.environ["PATELLA_BUILD_DIR"])
WORK = BUILD / "guest"
SECONDS = int(os.environ.get("PATELLA_GUEST_SECONDS", "30"))
LIMIT_S = int(os.environ.get("PATELLA_GUEST_LIMIT_S", "880"))
QEMU = "qemu-system-x86_64"
MODULES = ["vhci_hcd", "usbhid", "hid_generic", "ftdi_sio", "ch341", "cp210x", "cdc_acm", "usb_serial_simple", "ldusb"]
BUSYBOX = "sh mount insmod cut sed grep mkdir sleep dmesg poweroff uname cat head ifconfig ls seq wc".split()
USERS = "root:x:0:0:root:/root:/bin/sh\nkiosk:x:1000:1000:kiosk:/tmp:/bin/sh\n"
GROUPS = "root:x:0:\ntty:x:5:\nkmem:x:15:\ndialout:x:20:kiosk\nlp:x:7:\ndisk:x:6:\ncdrom:x:24:\ntape:x:26:\naudio:x:29:\nvideo:x:44:\n" \
    "plugdev:x:46:kiosk\ninput:x:101:\nsgx:x:102:\nkvm:x:103:\nrender:x:104:\nkiosk:x:1000:\n"


def skip(why):
    print(f"skipped: the test on a real kernel needs {why}")
    sys.exit(77)


def prerequisites():
    if platform.machine() != "x86_64":
        skip("an x86-64 machine: programs and kernel of the guest are this machine's")
    if not shutil.which(QEMU):
        skip("QEMU (package qemu-system-x86); scripts/deps test installs it")
    if not shutil.which("busybox"):
        skip("busybox (package busybox-static); scripts/deps test installs it")
    if not shutil.which("udevadm"):
        skip("udev (package udev); scripts/deps test installs it")
    cache = BUILD / "CMakeCache.txt"
    if cache.exists() and re.search(r"^PATELLA_SANITIZE:STRING=.+", cache.read_text(), re.M):
        skip("programs without a sanitizer: with one they outgrow the guest's memory")
    deb = guest_kernel.package()
    if not deb:
        skip(f"a kernel package in {guest_kernel.folder()}; scripts/deps test fetches it when the network allows")
    return deb


def add_udev(guest):
    guest.program(shutil.which("udevadm"), "bin/udevadm")
    guest.link("bin/systemd-udevd", "udevadm")
    rules = [folder / "50-udev-default.rules" for folder in map(pathlib.Path, ("/usr/lib/udev/rules.d", "/lib/udev/rules.d"))]
    present = [path for path in rules if path.exists()]
    if not present:
        skip("udev's own rules (50-udev-default.rules)")
    guest.file("usr/lib/udev/rules.d/50-udev-default.rules", present[0].read_bytes())
    guest.file("root/60-patella.rules", (ROOT / "packaging/udev/60-patella.rules").read_bytes())


def build_guest(target, modules):
    guest = Initramfs()
    for name in ("proc", "sys", "dev", "run", "tmp", "etc", "root"):
        guest.folder(name)
    guest.program(shutil.which("busybox"), "bin/busybox")
    for name in BUSYBOX:
        guest.link(f"bin/{name}", "busybox")
    add_udev(guest)
    missing = add_modules(guest, modules, MODULES)
    if "vhci_hcd" in missing:
        skip("a kernel with vhci_hcd; cloud kernels have none")
    # Laid out as a build tree, so that `patella` finds its parts.
    guest.file("patella/CMakeCache.txt", b"")
    for name in ("patella", "patella-emulator", "patella-plugin-host"):
        guest.program(BUILD / "bin" / name, f"patella/bin/{name}")
    guest.program(BUILD / "tests/guest_check", "patella/bin/guest_check")
    for manifest in sorted((BUILD / "plugins").glob("*/plugin.toml")):
        name = manifest.parent.name
        library = manifest.parent / f"{name}.so"
        if library.exists() and 'kind = "driver"' in manifest.read_text():
            guest.file(f"patella/plugins/{name}/plugin.toml", manifest.read_bytes())
            guest.program(library, f"patella/plugins/{name}/{name}.so")
    usbip = shutil.which("usbip", path="/usr/sbin:/usr/bin:/sbin:/bin")
    if usbip:
        guest.program(usbip, "bin/usbip")
        guest.file("bin/stock_usbip", (pathlib.Path(__file__).parent / "stock_usbip").read_bytes(), 0o755)
    guest.file("etc/passwd", USERS.encode())
    guest.file("etc/group", GROUPS.encode())
    guest.file("etc/nsswitch.conf", b"passwd: files\ngroup: files\n")
    guest.file("init", (pathlib.Path(__file__).parent / "init").read_bytes(), 0o755)
    return guest.write(target)


def boot(kernel, initramfs):
    words = f"console=ttyS0 quiet loglevel=2 panic=-1 nokaslr mitigations=off patella_seconds={SECONDS}"
    # A PC starts a little slower than QEMU's "microvm", but only there has Debian's kernel timers finer than its 4 ms tick and lets an
    # idle processor sleep through it: minutes of streaming cost a third.
    command = [QEMU, "-M", "pc", "-accel", "tcg,thread=single", "-icount", "shift=3,sleep=off", "-cpu", "Nehalem-v1", "-smp", "1", "-m", "256",
               "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot", "-serial", "stdio",
               "-kernel", str(kernel), "-initrd", str(initramfs), "-append", words]
    lines = []
    guest = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    began = time.monotonic()
    limit = threading.Timer(LIMIT_S, guest.kill)  # a guest that hangs prints nothing
    limit.start()
    try:
        for line in guest.stdout:
            lines.append(line.rstrip())
            print(f"{time.monotonic() - began:6.1f} s  {lines[-1]}", flush=True)
    finally:
        limit.cancel()
        guest.kill()
        guest.wait()
    return lines


def main():
    deb = prerequisites()
    began = time.monotonic()
    kernel = guest_kernel.unpack(deb, WORK)
    size = build_guest(WORK / "initramfs", WORK / "modules")
    print(f"{deb.name}; {size >> 20} MiB of guest made in {time.monotonic() - began:.1f} s", flush=True)
    lines = boot(kernel, WORK / "initramfs")
    passed = any(line.startswith("TESTEND rc=0") for line in lines) and not any(line.startswith("FAILED") for line in lines)
    print("passed" if passed else "FAILED", f"in {time.monotonic() - began:.1f} s")
    sys.exit(0 if passed else 1)


if __name__ == "__main__":
    main()
