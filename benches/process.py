#!/usr/bin/env python3
"""Measures the whole program in a pseudo-terminal, as a reader meets it: CPU time of all its threads.

    benches/process.py PROGRAM LIBRARY [--runs 5] [--query "graph neural"]

Prints CPU milliseconds (median, worst) until the first frame with papers, until everything is indexed, for each key of
a query, for moving the cursor, and while idle; and memory. CPU time comes from /proc/PID/task/*/schedstat.
"""
import argparse
import fcntl
import glob
import os
import pty
import select
import signal
import statistics
import struct
import sys
import termios
import time


def cpu(pid):
    """CPU milliseconds of the process so far."""
    total = 0
    for path in glob.glob(f"/proc/{pid}/task/*/schedstat"):
        try:
            with open(path) as stat:
                total += int(stat.read().split()[0])
        except OSError:
            pass
    return total / 1e6


def cpu_with_ended_threads(pid):
    """CPU milliseconds of the process, threads that have ended included, to the clock tick."""
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def memory(pid):
    """Highest resident set and private memory now, in MB."""
    values = {}
    with open(f"/proc/{pid}/status") as status:
        for line in status:
            if line.startswith(("VmHWM", "RssAnon")):
                name, rest = line.split(":")
                values[name] = int(rest.split()[0]) / 1024
    return values.get("VmHWM", 0), values.get("RssAnon", 0)


class App:
    def __init__(self, program, arguments, size):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ.update(TERM="xterm-256color")
            os.environ.pop("TMUX", None)
            os.execv(program, [program, *arguments])
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        self.output = b""

    def read(self, seconds):
        if select.select([self.fd], [], [], seconds)[0]:
            try:
                self.output += os.read(self.fd, 1 << 16)
            except OSError:
                return False
            return True
        return False

    def until(self, predicate, seconds):
        end = time.time() + seconds
        while time.time() < end and not predicate(self.output):
            self.read(0.001)
        return predicate(self.output)

    def until_idle(self, quiet=0.08, seconds=120):
        """Waits until no CPU time is used for a while; returns the time used so far."""
        end = time.time() + seconds
        before, since = cpu(self.pid), time.time()
        while time.time() < end:
            self.read(0.005)
            now = cpu(self.pid)
            if now != before:
                before, since = now, time.time()
            elif time.time() - since > quiet:
                break
        return before

    def press(self, keys):
        os.write(self.fd, keys)

    def key(self, keys):
        before = self.until_idle()
        self.press(keys)
        return self.until_idle() - before

    def close(self):
        try:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        except OSError:
            pass
        os.close(self.fd)


def summary(name, values, unit="ms"):
    values = sorted(values)
    print(f"{name:34} median {statistics.median(values):8.2f}   worst {values[-1]:8.2f} {unit}   n={len(values)}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("library")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--query", default="graph neural netw")
    arguments = parser.parse_args()
    program = os.path.abspath(arguments.program)
    first, indexed, keys, moves, idle, peak, private = [], [], [], [], [], [], []
    for _ in range(arguments.runs):
        app = App(program, [arguments.library], (120, 40))
        # The first frame ends with the status line, which names the place in the list.
        if not app.until(lambda out: b" 1/" in out or b"1/" in out, 20):
            sys.exit(f"no frame with papers: {app.output[-500:]!r}")
        first.append(cpu(app.pid))
        app.until_idle(quiet=0.4)
        indexed.append(cpu_with_ended_threads(app.pid))
        app.key(b"/")
        for letter in arguments.query.encode():
            keys.append(app.key(bytes([letter])))
        app.key(b"\r")
        app.key(b"\x1b")
        for _ in range(20):
            moves.append(app.key(b"j"))
        before = cpu(app.pid)
        time.sleep(1.0)
        idle.append(cpu(app.pid) - before)
        highest, anonymous = memory(app.pid)
        peak.append(highest)
        private.append(anonymous)
        app.close()
    print(f"{os.path.basename(arguments.library)}, {os.path.getsize(arguments.library) / 1e6:.1f} MB, {arguments.runs} runs")
    summary("process start to first frame", first)
    summary("everything indexed", indexed)
    summary(f"a key of {arguments.query!r}", keys)
    summary("cursor down", moves)
    summary("idle, in one second", idle)
    summary("highest resident memory", peak, "MB")
    summary("private memory, indexed", private, "MB")


if __name__ == "__main__":
    main()
