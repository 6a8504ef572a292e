"""Every program, plugin and library of the build has the distribution's hardening: read from the files with readelf."""
import pathlib
import re
import subprocess
import sys
import unittest

BUILD = pathlib.Path(sys.argv.pop())


def readelf(*arguments):
    return subprocess.run(["readelf", "-W", *arguments], check=True, capture_output=True, text=True).stdout


class Hardening(unittest.TestCase):
    def setUp(self):
        self.files = [path for folder in ("bin", "plugins") for path in sorted((BUILD / folder).rglob("*"))
                      if path.is_file() and path.suffix in ("", ".so") and path.read_bytes()[:4] == b"\x7fELF"]
        names = {path.name for path in self.files}
        for expected in ("patella", "patella-plugin-host", "band_reps.so", "chronojump_force.so"):
            self.assertIn(expected, names)

    def test_no_file_is_without(self):
        for path in self.files:
            with self.subTest(file=path.name):
                heads, dynamic = readelf("-h", "-l", path), readelf("-d", path)
                self.assertTrue(re.search(r"Type:\s+DYN", heads), "its address is fixed")
                self.assertTrue("GNU_RELRO" in heads, "its tables stay writable")
                self.assertTrue(re.search(r"\(FLAGS_1\).*\bNOW\b|\(BIND_NOW\)", dynamic), "it is bound late")
                self.assertTrue(path.suffix == ".so" or re.search(r"\(FLAGS_1\).*\bPIE\b", dynamic), "it is no PIE")
                stack = re.search(r"GNU_STACK.*", heads)
                self.assertTrue(stack and "RWE" not in stack.group(), "its stack can be executed")

    def test_stacks_and_copies_are_checked(self):
        for name in ("patella", "patella-plugin-host"):
            symbols = readelf("--dyn-syms", BUILD / "bin" / name)
            with self.subTest(file=name):
                self.assertTrue("__stack_chk_fail" in symbols, "no canaries")
                self.assertTrue(re.search(r"__(?!stack)\w+_chk@", symbols), "no checked copies")


if __name__ == "__main__":
    unittest.main(verbosity=2)
