"""Runs the unittest cases of the calling file so that ctest never says "Passed" of what was not tried: exit status 0 when
every case was tried and passed, 1 when one failed, 77 (ctest: skipped) when one or more were not tried, each named."""
import sys
import unittest

SKIPPED = 77


def main():
    result = unittest.main(verbosity=2, exit=False).result
    if not result.wasSuccessful():
        sys.exit(1)
    for case, why in result.skipped:
        print(f"skipped: {case.id()}: {why}")
    if result.skipped or result.testsRun == 0:
        print(f"{result.testsRun - len(result.skipped)} of {result.testsRun} cases were tried")
        sys.exit(SKIPPED)
