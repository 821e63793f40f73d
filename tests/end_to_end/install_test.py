#!/usr/bin/env python3
"""Installs into an empty directory and uses only what is there: the demo, the unit, the calendars, a plugin built as
docs/writing-a-rule.md says and a calendar written as docs/calendars.md says, from the pages' own text.

    install_test.py PROGRAM SOURCE_DIR      where PROGRAM stands in its build directory

In a page, a line `<!-- file: NAME -->` before a block makes it that file; `<!-- run -->` before a block holds commands, each
after `$ `, and what they print.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

BUILD, SOURCE = pathlib.Path(sys.argv[1]).resolve().parent, pathlib.Path(sys.argv[2]).resolve()
DOCS = SOURCE / "docs"


def run(*command, cwd=None, env=None):
    done = subprocess.run([str(part) for part in command], cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, check=False)
    return done.returncode, done.stdout


def marked_blocks(text):
    """(mark, content) of each fenced block that a comment marks, in order."""
    return re.findall(r"^<!-- (file: \S+|run) -->\n+```[^\n]*\n(.*?)^```$", text, re.M | re.S)


class Installed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="tocsin-install-")
        cls.addClassCleanup(cls.folder.cleanup)
        cls.prefix = pathlib.Path(cls.folder.name) / "prefix"
        status, output = run("cmake", "--install", BUILD, "--prefix", cls.prefix)
        if status != 0:
            raise RuntimeError(output)
        cls.program = cls.prefix / "bin" / "tocsin"

    def passes(self, *command, **options):
        status, output = run(*command, **options)
        self.assertEqual(status, 0, output)
        return output

    def test_the_program_finds_its_plugins_and_plays_the_demo(self):
        demo = ["replay", "--config", self.prefix / "share" / "tocsin" / "demo" / "tocsin.yaml", "--format", "ndjson"]
        installed = self.passes(self.program, *demo)
        self.assertIn('"rule":"nikkei-record-drop"', installed)

    def test_the_configuration_to_begin_with_loads(self):
        self.passes(self.program, "check", "--config", self.prefix / "share" / "tocsin" / "tocsin.yaml")

    def test_each_shell_finds_its_completion(self):
        for shell, path in (("bash", "share/bash-completion/completions/tocsin"), ("zsh", "share/zsh/site-functions/_tocsin"),
                            ("fish", "share/fish/vendor_completions.d/tocsin.fish")):
            with self.subTest(shell):
                self.assertEqual((self.prefix / path).read_text(encoding="utf-8"), self.passes(self.program, "completion", shell))

    def test_the_installed_plugins_are_in_the_schema(self):
        self.assertIn('"record_session_move"', self.passes(self.program, "rules", "--json-schema"))

    @unittest.skipUnless(shutil.which("systemd-analyze"), "no systemd here")
    def test_systemd_has_nothing_to_say_about_the_unit(self):
        unit = self.prefix / "lib" / "systemd" / "system" / "tocsin.service"
        self.assertIn(f"ExecStart={self.program} serve", unit.read_text(encoding="utf-8"))
        self.assertEqual(self.passes("systemd-analyze", "verify", unit), "")

    def test_every_calendar_is_there_and_loads(self):
        calendars = self.prefix / "share" / "tocsin" / "calendars"
        names = sorted(path.stem for path in calendars.iterdir())
        self.assertEqual(names, ["xetr", "xhkg", "xkrx", "xlon", "xnys", "xtks"])
        config = pathlib.Path(self.folder.name) / "calendars.yaml"
        config.write_text("calendars:\n" + "".join(f"  - {calendars / name}.yaml\n" for name in names), encoding="utf-8")
        output = self.passes(self.program, "check", "--config", config, "--today", "2026-01-01")
        for name in names:
            self.assertIn(f"\n{name.upper()}  Fri 2026-01-02  " if name != "xtks" else "\nXTKS  Mon 2026-01-05  ", output)

    def test_the_page_on_writing_a_rule_builds_loads_and_rings_as_it_says(self):
        self.follow(DOCS / "writing-a-rule.md")

    def test_the_page_on_calendars_checks_as_it_says(self):
        self.follow(DOCS / "calendars.md")

    def follow(self, page):
        """Does what the page says in a folder of its own, and sees what it says."""
        blocks = marked_blocks(page.read_text(encoding="utf-8"))
        self.assertTrue(any(mark == "run" for mark, _ in blocks), "the page runs nothing")
        folder = pathlib.Path(self.folder.name) / page.stem
        environment = os.environ | {"PATH": f"{self.prefix / 'bin'}:{os.environ['PATH']}", "CMAKE_PREFIX_PATH": str(self.prefix),
                                    "CMAKE_GENERATOR": "Ninja"}
        for mark, content in blocks:
            if mark != "run":
                path = folder / mark.removeprefix("file: ")
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(content, encoding="utf-8")
                continue
            for command, shown in re.findall(r"^\$ ([^\n]*)\n(.*?)(?=^\$ |\Z)", content, re.M | re.S):
                with self.subTest(command):
                    output = self.passes("bash", "-c", command, cwd=folder, env=environment)
                    if shown.strip():
                        self.assertEqual(output.strip(), shown.strip())


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
