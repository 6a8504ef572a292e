"""What README's first command builds: the preset `run`, from nothing, in a folder of its own. What it compiles was mostly compiled for
the tests already, from the same files with the same options (no header is made during a build): such an object is taken from there.
Everything else is done: configured without the tests, the other objects compiled, the texts made, all programs and plugins linked.

    run_preset_test.py SOURCE BUILD            the test; BUILD is the folder of the preset `ci`, all built
    run_preset_test.py --compile BUILD COMMAND...   what CMake runs instead of the compiler COMMAND"""
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys

# What a file is compiled with in BUILD may be stricter, not other.
ONLY_STRICTER = {"-Werror"}


def options(command, folder):
    """The compiler and its options, without the folder that is built in, what runs the compiler, and where it notes dependencies."""
    words = [word.replace(str(folder), "BUILD") for word in command]
    compiler = next(i for i, word in enumerate(words) if re.fullmatch(r"(.*/)?(cc|c\+\+|gcc|g\+\+|clang|clang\+\+)(-[0-9]+)?", word))
    words = iter(words[compiler:])
    kept = []
    for word in words:
        if word in ("-MT", "-MF"):
            next(words)
        elif word != "-MD" and word not in ONLY_STRICTER:
            kept.append(word)
    return kept


def same_text(one, one_folder, other, other_folder):
    """Of files that CMake made in the two folders: they name the files that they join. Any other file is one of the sources."""
    if not one.is_relative_to(one_folder):
        return one == other
    return other.is_file() and one.read_text().replace(str(one_folder), "BUILD") == other.read_text().replace(str(other_folder), "BUILD")


def compiled_before(build, here, command):
    """The object in `build` that this command would make again, or None."""
    output, source = (pathlib.Path(command[command.index(flag) + 1]) for flag in ("-o", "-c"))
    known = json.loads((build / "objects.json").read_text()).get(str(output))
    if known is None or options(shlex.split(known), build) != options(command, here):
        return None
    other_source = pathlib.Path(str(source).replace(str(here), str(build)))
    return build / output if same_text(source, here, other_source, build) and (build / output).is_file() else None


def compile_or_take(build, command):
    here = pathlib.Path.cwd()
    known = compiled_before(build, here, command)
    if known is None:
        print("compiled:", command[command.index("-o") + 1], flush=True)
        os.execvp(command[0], command)
    output = here / command[command.index("-o") + 1]
    output.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(known, output)


def note_objects(build):
    """Objects of `build` and how each was made."""
    entries = json.loads((build / "compile_commands.json").read_text())
    objects = {re.search(r" -o (\S+) ", entry["command"]).group(1): entry["command"] for entry in entries}
    (build / "objects.json").write_text(json.dumps(objects))


def main(source, build):
    work = build / "run_preset"
    shutil.rmtree(work, ignore_errors=True)
    note_objects(build)
    launcher = f"{sys.executable};{pathlib.Path(__file__).resolve()};--compile;{build}"
    subprocess.run(["cmake", "--preset", "run", "-B", work, f"-DCMAKE_C_COMPILER_LAUNCHER={launcher}", f"-DCMAKE_CXX_COMPILER_LAUNCHER={launcher}"],
                   cwd=source, check=True)
    subprocess.run(["cmake", "--build", work, "--target", "run"], check=True)
    subprocess.run([work / "bin/patella", "--version"], check=True)
    subprocess.run([work / "bin/patella-emulator", "list"], check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    if sys.argv[1] == "--compile":
        compile_or_take(pathlib.Path(sys.argv[2]), sys.argv[3:])
    else:
        main(pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve())
