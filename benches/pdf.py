#!/usr/bin/env python3
"""Measures reading a PDF in a terminal that shows pictures: CPU time of the program and of the reader of PDFs it starts.

    benches/pdf.py PROGRAM FILE.pdf... [--runs 5] [--terminal sixel|kitty|iterm2]

For each file: CPU milliseconds (median, worst) from the key that opens it until its first page stands on the screen as a
picture, its text beside it; from the key that turns the page until the next page, which was drawn ahead, stands there;
and what everything costs that is done for it, pages ahead and the text of the whole document included.
"""
import argparse
import glob
import os
import shutil
import subprocess
import sys
import tempfile
import time

from process import App, cpu, summary

SIZE = (170, 45)
# What the terminal answers, and what begins and ends a picture that it gets.
TERMINALS = {
    "sixel": (b"\x1bP>|XTerm(379)\x1b\\\x1b[6;17;8t\x1b[?63;1;2;4;6;9;15;22c\x1b[0n", b"\x1bP", b"\x1b\\"),
    "kitty": (
        b"\x1b_Gi=31;OK\x1b\\\x1bP>|kitty(0.41.1)\x1b\\\x1b[6;17;8t\x1b[?62;c\x1b[0n",
        "\U0010eeee".encode(),
        b"\x1b[",
    ),
    "iterm2": (b"\x1bP>|iTerm2 3.5.0\x1b\\\x1b[6;17;8t\x1b[?62;4c\x1b[0n", b"\x1b]1337;File=", b"\x07"),
}
QUESTION = b"\x1b_Gi=31"


def children(pid):
    """Processes that the program has started and that are there."""
    found = []
    for path in glob.glob("/proc/[0-9]*/stat"):
        try:
            with open(path) as stat:
                text = stat.read()
        except OSError:
            continue
        if int(text.rsplit(")", 1)[1].split()[1]) == pid:
            found.append(int(text.split()[0]))
    return found


def ended(pid):
    """CPU milliseconds of children that have ended, to the clock tick."""
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[13]) + int(fields[14])) * 1000 / os.sysconf("SC_CLK_TCK")


def all_cpu(pid):
    return cpu(pid) + sum(cpu(child) for child in children(pid)) + ended(pid)


def idle(app, quiet=0.3, seconds=60):
    """Waits until nobody works any more; the time used so far."""
    end = time.time() + seconds
    before, since = all_cpu(app.pid), time.time()
    while time.time() < end:
        app.read(0.01)
        now = all_cpu(app.pid)
        if now != before:
            before, since = now, time.time()
        elif time.time() - since > quiet:
            break
    return before


def picture(app, key, begins, ends):
    """Presses a key; CPU and wall milliseconds until the whole picture that it brings has come."""
    before, start = all_cpu(app.pid), len(app.output)
    begun = time.time()
    app.press(key)

    def is_there(out):
        at = out.find(begins, start)
        return at >= 0 and out.find(ends, at + len(begins)) >= 0

    if not app.until(is_there, 20):
        sys.exit(f"no picture: {app.output[-300:]!r}")
    return all_cpu(app.pid) - before, (time.time() - begun) * 1000


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("files", nargs="+")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--terminal", choices=TERMINALS, default="sixel")
    arguments = parser.parse_args()
    program = os.path.abspath(arguments.program)
    answers, begins, ends = TERMINALS[arguments.terminal]
    for name in ("TMUX", "STY", "SSH_CONNECTION", "SSH_TTY", "TERM_PROGRAM", "LC_TERMINAL", "KONSOLE_VERSION"):
        os.environ.pop(name, None)
    if arguments.terminal == "iterm2":
        os.environ["TERM_PROGRAM"] = "iTerm.app"
    for file in arguments.files:
        home = tempfile.mkdtemp()
        os.environ["HOME"] = home
        library = os.path.join(home, "library.json")
        with open(library, "w") as out:
            out.write('[{"id": "a", "type": "article-journal", "title": "The paper"}]')
        shutil.copy(file, os.path.join(home, "a.pdf"))
        subprocess.run([program, "--library", library, "attach", "a", os.path.join(home, "a.pdf")], check=True)
        first, first_wall, turned, turned_wall, everything = [], [], [], [], []
        for _ in range(arguments.runs):
            app = App(program, [library], SIZE)
            if not app.until(lambda out: b"1/1" in out, 20):
                sys.exit(f"no frame with papers: {app.output[-500:]!r}")
            before = idle(app)
            # The answers lie ready, as those of a fast terminal do.
            app.press(b"P")
            at = len(app.output)
            if not app.until(lambda out: QUESTION in out[at:], 20):
                sys.exit("the terminal was not asked")
            asked = time.time()
            _, wall = picture(app, answers, begins, ends)
            first.append(all_cpu(app.pid) - before)
            first_wall.append((time.time() - asked) * 1000)
            everything.append(idle(app) - before)
            for _ in range(3):
                used, wall = picture(app, b"l", begins, ends)
                turned.append(used)
                turned_wall.append(wall)
                idle(app)
            app.close()
        print(f"{os.path.basename(file)}, {os.path.getsize(file) / 1e3:.0f} kB, {arguments.terminal}, {arguments.runs} runs")
        summary("first page on the screen", first)
        summary("  by the clock", first_wall)
        summary("next page, drawn ahead", turned)
        summary("  by the clock", turned_wall)
        summary("all that is done for it", everything)
        shutil.rmtree(home)


if __name__ == "__main__":
    main()
