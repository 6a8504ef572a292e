"""Builds the guest's whole file system as one cpio archive ("newc", as the kernel's Documentation/driver-api/early-userspace says):
programs with their libraries, kernel modules in the order of loading, and whatever files are handed in."""
import lzma
import pathlib
import re
import stat
import subprocess
import tempfile


def without_debug_information(path):
    """A guest that is all memory is quicker when it is small. Without binutils the program is taken as it is."""
    with tempfile.NamedTemporaryFile() as small:
        try:
            done = subprocess.run(["strip", "--strip-debug", "-o", small.name, str(path)], stderr=subprocess.DEVNULL)
        except FileNotFoundError:
            return path.read_bytes()
        return pathlib.Path(small.name).read_bytes() if done.returncode == 0 else path.read_bytes()


class Initramfs:
    def __init__(self):
        self.entries = {}  # path without leading slash → (mode, contents)

    def folder(self, path):
        parts = pathlib.PurePosixPath(path.lstrip("/")).parts
        for end in range(1, len(parts) + 1):
            self.entries.setdefault("/".join(parts[:end]), (stat.S_IFDIR | 0o755, b""))

    def file(self, path, contents, mode=0o644):
        path = path.lstrip("/")
        if "/" in path:
            self.folder(path.rsplit("/", 1)[0])
        self.entries[path] = (stat.S_IFREG | mode, contents)

    def link(self, path, target):
        path = path.lstrip("/")
        self.folder(path.rsplit("/", 1)[0])
        self.entries[path] = (stat.S_IFLNK | 0o777, target.encode())

    def program(self, source, path):
        """A program or library with everything that the loader would load for it."""
        self.file(path, without_debug_information(pathlib.Path(source)), 0o755)
        listed = subprocess.run(["ldd", str(source)], capture_output=True, text=True).stdout
        for library in re.findall(r"(?:=> |^\s+)(/\S+) \(", listed, re.M):
            if library.lstrip("/") not in self.entries:
                self.file(library, pathlib.Path(library).read_bytes(), 0o755)

    def write(self, path):
        with open(path, "wb") as archive:
            for number, (name, (mode, contents)) in enumerate(sorted(self.entries.items()) + [("TRAILER!!!", (0, b""))]):
                fields = [number + 1, mode, 0, 0, 1, 0, len(contents), 0, 0, 0, 0, len(name) + 1, 0]
                head = b"070701" + b"".join(b"%08X" % field for field in fields) + name.encode() + b"\0"
                archive.write(head + bytes(-len(head) % 4) + contents + bytes(-len(contents) % 4))
        return pathlib.Path(path).stat().st_size


def module_bytes(path):
    data = path.read_bytes()
    return lzma.decompress(data) if path.suffix == ".xz" else data


def add_modules(initramfs, root, names):
    """The modules and what they depend on, each below /modules; returns the names that the kernel package lacks."""
    found = {path.name.split(".ko")[0].replace("-", "_"): path for path in pathlib.Path(root).rglob("*.ko*")}
    order, missing = [], []

    def add(name):
        if name in order or name in missing:
            return
        if name not in found:
            missing.append(name)
            return
        data = module_bytes(found[name])
        depends = re.search(rb"(?:^|\0)depends=([^\0]*)\0", data)
        for other in (depends.group(1).decode().split(",") if depends else []):
            if other:
                add(other.replace("-", "_"))
        order.append(name)
        initramfs.file(f"modules/{name}.ko", data)

    for name in names:
        add(name)
    initramfs.file("modules/order", "".join(f"{name}.ko\n" for name in order).encode())
    return missing
