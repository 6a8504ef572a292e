#!/usr/bin/env python3
"""Looks whether each source compiles by itself. In a build that joins sources, one can use what another one before it has included.

    sources_alone.py BUILD [PART]     PART: only sources whose path has it in it
"""
import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys


def alone(build, part):
    """Command and folder for each source of a joined file."""
    for entry in json.loads((build / "compile_commands.json").read_text()):
        joined = pathlib.Path(entry["directory"], entry["file"])
        if not re.fullmatch(r"unity_\d+_cxx\.cxx", joined.name):
            continue  # it is compiled by itself anyway
        words = shlex.split(entry["command"])
        while "ccache" in words[0] or "=" in words[0]:
            words = words[1:]
        words = [word for word in words[: words.index("-o")] if word != "-c"] + ["-fsyntax-only"]
        for source in re.findall(r'^#include "(.+)"$', joined.read_text(), re.MULTILINE):
            if part in source:
                yield source, words + [source], entry["directory"]


def compiles(job):
    source, command, folder = job
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    return source, done.returncode, done.stderr


def main():
    build, part = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2] if len(sys.argv) > 2 else ""
    jobs, bad = list(alone(build, part)), 0
    with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        for source, status, said in pool.map(compiles, jobs):
            if status != 0:
                bad += 1
                print(f"{source} does not compile by itself:\n{said}", flush=True)
    print(f"{len(jobs)} joined sources, {bad} of them do not compile by themselves")
    return 1 if bad or not jobs else 0


if __name__ == "__main__":
    sys.exit(main())
