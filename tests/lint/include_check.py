#!/usr/bin/env python3
"""Reads the include lines: a folder of daemon/ includes only what CMakeLists.txt says that it uses, plugins see include/tocsin/
and the standard library alone, and where time is an input nothing reaches for a clock, chance, hash order or floating point.

A call to a wrong folder fails to link; a wrong #include alone would compile, and this finds it. Prints `file:line: message`.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]')

# Folders and files (as prefixes) whose result may depend on their input alone, and what they may not mention.
DETERMINISTIC = ("daemon/market/", "daemon/alert/", "daemon/series/", "daemon/rules/", "daemon/feed/merge", "plugins/",
                 "include/tocsin/")
FORBIDDEN_INCLUDES = {"base/clock.hpp", "random", "ctime", "time.h", "locale", "locale.h", "clocale", "unordered_map",
                      "unordered_set", "sqlite3.h"}
FORBIDDEN_WORDS = re.compile(r"_clock::now|\b(?:clock_gettime|gettimeofday|double|float|rand|strto[dfl]|setlocale|stod|atof)\b")


def folders_allowed():
    """What each folder may include: its own files and those of the folders that it USES."""
    allowed = {}
    for name, rest in re.findall(r"^tocsin_folder\((\w+)([^)]*)\)", (ROOT / "CMakeLists.txt").read_text(), re.M):
        uses = re.search(r"USES ([a-z_ ]+)", rest)
        allowed[name] = {name, *(uses.group(1).split() if uses else [])}
    if not allowed:
        sys.exit("include_check: CMakeLists.txt has no tocsin_folder line; this check must be taught its new form")
    allowed["cli"] = {"cli", *allowed}
    return allowed


def without_comments(text):
    """The text with comments and string literals blanked, lines kept."""
    pattern = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"', re.S)
    return pattern.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), text)


def check(path, allowed, problems):
    name = path.relative_to(ROOT).as_posix()
    folder = name.split("/")[1] if name.count("/") > 1 else None
    text = path.read_text()
    for number, line in enumerate(text.split("\n"), 1):
        found = INCLUDE.match(line)
        if not found:
            continue
        quoted, target = found.group(1) == '"', found.group(2)
        where = f"{name}:{number}"
        if name.startswith(("plugins/", "include/")):
            beside = quoted and (path.parent / target).is_file() and name.startswith("plugins/")  # what rule types share
            if not beside and (quoted or ("/" in target and not target.startswith("tocsin/"))):
                problems.append(f"{where}: {target}: only the standard library and include/tocsin/ may be seen here")
        elif quoted:
            there = target.split("/")[0] if "/" in target else None
            if name == "daemon/main.cpp":
                if there != "cli":
                    problems.append(f"{where}: {target}: main.cpp hands its arguments to cli/ and uses nothing else")
            elif there is None or there not in allowed.get(folder, set()):
                problems.append(f"{where}: {target}: {folder}/ may include {', '.join(sorted(allowed.get(folder, [])))} only, "
                                "each as \"folder/file.hpp\"")
        if name.startswith(DETERMINISTIC) and (target in FORBIDDEN_INCLUDES or target.startswith("boost/asio")):
            problems.append(f"{where}: {target}: what is decided here must depend on the input alone")
    if name.startswith(DETERMINISTIC):
        for number, line in enumerate(without_comments(text).split("\n"), 1):
            if found := FORBIDDEN_WORDS.search(line):
                problems.append(f"{name}:{number}: {found.group()}: what is decided here must depend on the input alone")


def main():
    allowed, problems = folders_allowed(), []
    files = sorted(path for top in ("daemon", "plugins", "include") for path in (ROOT / top).rglob("*")
                   if path.suffix in (".cpp", ".hpp", ".h"))
    for path in files:
        check(path, allowed, problems)
    print("\n".join(problems) if problems else f"include_check: {len(files)} files, nothing to mend")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
