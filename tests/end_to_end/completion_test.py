#!/usr/bin/env python3
"""What a shell offers: `tocsin completion SHELL`, and the answers that the scripts ask the program for. Bash is driven as a
person does, through a terminal.

    completion_test.py PROGRAM SOURCE_DIR
"""

import os
import pty
import re
import select
import shutil
import subprocess
import sys
import time
import unittest

from program import DEADLINE, PROGRAM, Folder, run


def offered(*words):
    done = run("__complete", *words)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return [line.split("\t")[0] for line in done.stdout.splitlines()]


class Candidates(unittest.TestCase):
    def test_commands_options_words_files_and_rule_types(self):
        types = re.findall(r"^(\w+)$", run("rules").stdout, re.M)
        for words, expected in ((("re",), ["replay"]), (("replay", "--st"), ["--stats", "--strict"]),
                                (("check", ""), ["--help", "--config", "--today"]), (("check", "--config", "a"), [":files"]),
                                (("check", "--config=a",), [":files"]), (("check", "--config", "a", ""), ["--help", "--today"]),
                                (("check", "--config=a", "--"), ["--help", "--today"]), (("replay", "--dead-letter", ""), [":directories"]),
                                (("replay", "--from", ""), []), (("replay", "--format", ""), ["text", "ndjson"]),
                                (("replay", "--format=t"), ["--format=text"]), (("replay", "--format", "x"), []),
                                (("tail", "url", "--severity", "c"), ["critical"]), (("rules", ""), types),
                                (("tail", "--symbol", "A", "--sy"), ["--symbol"]), (("tail", "--active", "--act"), []),
                                (("rules", "staleness", "--pl"), ["--plugins"]), (("rules", "--json-schema="),
                                                                                  ["--json-schema=rules",
                                                                                   "--json-schema=config"]),
                                (("completion", ""), ["bash", "zsh", "fish"]), (("nonsense", ""), []),
                                (("check", "--nonsense=",), []),
                                (("rules", "--", "--"), []), (("--ve",), ["--version", "--verbose"])):
            with self.subTest(words):
                self.assertEqual(offered(*words), expected)
        self.assertEqual(offered(), offered(""))

    def test_every_command_and_option_of_the_help_is_offered(self):
        commands = re.findall(r"^  ([a-z]+) ", run("--help").stdout.split("Subcommands:")[1], re.M)
        self.assertEqual(offered(""), commands)
        self.assertIn("completion", commands)
        for command in commands:
            options = re.findall(r"^  (?:-\w,)?(--[a-z-]+)", run(command, "--help").stdout, re.M)
            self.assertEqual(offered(command, "-"), options)


class Bash:
    """A bash on a terminal of its own, with the script in it. C-g shows the line as it stands."""

    def __init__(self, folder):
        script = folder.write("completion.bash", run("completion", "bash").stdout)
        start = folder.write("rc", f"PS1=\nbind 'set bell-style none'\nbind 'set enable-bracketed-paste off'\nsource '{script}'\n"
                                   f"complete -F _tocsin {PROGRAM}\n"
                                   "bind -x '\"\\C-g\": printf \"\\n<%s>\\n\" \"$READLINE_LINE\"'\necho re''ady\n")
        self.child, self.terminal = pty.fork()
        if self.child == 0:
            os.chdir(folder.path)
            os.environ["TERM"] = "dumb"
            os.execvp("bash", ["bash", "--noprofile", "--rcfile", str(start), "-i"])
        self.wait_for(rb"ready")

    def wait_for(self, pattern):
        end, seen = time.monotonic() + DEADLINE, b""
        while not (found := re.search(pattern, seen)):
            if not select.select([self.terminal], [], [], max(0, end - time.monotonic()))[0]:
                raise AssertionError(f"waited in vain for {pattern}; saw {seen}")
            seen += os.read(self.terminal, 65536)
        return found

    def completed(self, line):
        """The line after a tab; then it is rubbed out."""
        os.write(self.terminal, line.encode() + b"\t\x07")
        shown = self.wait_for(rb"<([^>]*)>\r?\n")[1].decode()
        os.write(self.terminal, b"\x05\x15")
        return shown

    def close(self):
        os.close(self.terminal)
        os.waitpid(self.child, 0)


class Shells(unittest.TestCase):
    def setUp(self):
        self.folder = Folder(long_name__yaml="", other__txt="")
        self.folder.write("desk configs/x", "")
        self.addCleanup(self.folder.close)

    def test_bash_completes_on_a_terminal(self):
        bash = Bash(self.folder)
        self.addCleanup(bash.close)
        for typed, completed in (("rep", "replay "), ("replay --form", "replay --format "),
                                 ("replay --format nd", "replay --format ndjson "),
                                 ("replay --format=nd", "replay --format=ndjson "),
                                 ("rules --json-schema=c", "rules --json-schema=config "),
                                 ("check --config long", "check --config long_name.yaml "),
                                 ("check --config=long", "check --config=long_name.yaml "),
                                 ("replay --dead-letter de", "replay --dead-letter desk\\ configs/"),
                                 ("rules stal", "rules staleness "),
                                 ("tail ws://127.0.0.1:8787/ --sev", "tail ws://127.0.0.1:8787/ --severity "),
                                 ("tail --symbol A --severity crit", "tail --symbol A --severity critical "),
                                 ("replay --format q", "replay --format q")):
            with self.subTest(typed):
                self.assertEqual(bash.completed(f"{PROGRAM} {typed}"), f"{PROGRAM} {completed}")

    def test_each_shell_can_read_its_script(self):
        read = 0
        for shell in ("bash", "zsh", "fish"):
            script = self.folder.write(f"completion.{shell}", run("completion", shell).stdout)
            self.assertIn("__complete", script.read_text(encoding="utf-8"))
            if shutil.which(shell) is None:
                continue
            with self.subTest(shell):
                done = subprocess.run([shell, "-n", script], capture_output=True, text=True, check=False)
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                read += 1
        self.assertGreater(read, 0)
        self.assertEqual(run("completion", "csh").returncode, 2)

    @unittest.skipUnless(shutil.which("fish"), "no fish here")
    def test_fish_offers_the_same(self):
        script = self.folder.write("tocsin.fish", run("completion", "fish").stdout)
        home = {**os.environ, "HOME": str(self.folder.path)}
        for typed, expected in (("rep", ["replay"]), ("replay --format=", ["--format=text", "--format=ndjson"]),
                                ("check --config long", ["long_name.yaml"]),
                                ("check --config=long", ["--config=long_name.yaml"]), ("rules stal", ["staleness"]),
                                ("replay --from ", [])):
            with self.subTest(typed):
                done = subprocess.run(["fish", "--no-config", "-c", f"source {script}; complete -C '{PROGRAM} {typed}'"], text=True,
                                      check=False, capture_output=True, cwd=self.folder.path, env=home)
                self.assertEqual(sorted(line.split("\t")[0] for line in done.stdout.splitlines()), sorted(expected), done.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
