"""The guest's kernel: a Debian kernel package that scripts/deps has fetched, unpacked once into a folder of the build."""
import lzma
import os
import pathlib
import subprocess
import tarfile

WANTED = ("/drivers/usb/", "/drivers/hid/")


def folder():
    """Where scripts/deps puts the package."""
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.environ.get("HOME", "/tmp"), ".cache")
    return pathlib.Path(os.environ.get("PATELLA_GUEST_KERNEL") or os.path.join(cache, "patella", "guest-kernel"))


def package():
    """The newest package there, or None."""
    packages = sorted(folder().glob("linux-image-*.deb"), key=lambda path: path.stat().st_mtime)
    return packages[-1] if packages else None


def decompressed(image):
    """The ELF kernel inside a bzImage: QEMU starts it at once, while unpacking it in the guest takes seconds. None when it is
    compressed in a way that Python does not know; the bzImage then starts as well."""
    at = image.find(b"\xfd7zXZ\0")
    while at >= 0:
        try:
            kernel = lzma.LZMADecompressor(lzma.FORMAT_XZ).decompress(image[at:])
        except lzma.LZMAError:
            kernel = b""
        if kernel[:4] == b"\x7fELF":
            return kernel
        at = image.find(b"\xfd7zXZ\0", at + 1)
    return None


def unpack(deb, target):
    """Kernel and USB modules of the package below `target`, unless they are there already. Returns the kernel's file."""
    target = pathlib.Path(target)
    stamp, kernel = target / "from", target / "kernel"
    if stamp.exists() and stamp.read_text() == deb.name:
        return kernel
    target.mkdir(parents=True, exist_ok=True)
    unpacking = subprocess.Popen(["dpkg-deb", "--fsys-tarfile", str(deb)], stdout=subprocess.PIPE)
    image = b""
    with tarfile.open(fileobj=unpacking.stdout, mode="r|") as archive:
        for member in archive:
            if not member.isfile():
                continue
            if "/boot/vmlinuz-" in member.name:
                image = archive.extractfile(member).read()
            elif ".ko" in member.name and any(part in member.name for part in WANTED):
                place = target / "modules" / pathlib.PurePosixPath(member.name).name
                place.parent.mkdir(exist_ok=True)
                place.write_bytes(archive.extractfile(member).read())
    if unpacking.wait() != 0 or not image:
        raise RuntimeError(f"{deb} holds no kernel")
    kernel.write_bytes(decompressed(image) or image)
    stamp.write_text(deb.name)
    return kernel
