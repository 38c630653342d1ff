#!/usr/bin/env python3
"""Measures the whole program in a pseudo-terminal, as a reader meets it: CPU time of all its threads.

    benches/process.py PROGRAM LIBRARY [--runs 5] [--query "graph neural"] [--cite ID]

Prints CPU milliseconds (median, worst), first without a cache, then with one: until the first frame with papers, until
everything is indexed, for each key of a query, for moving the cursor, and while idle; and memory. Keys without a cache are
typed while the index is made; the thread that makes it is not counted to them. With --cite also that command as a whole
process. CPU time comes from /proc/PID/task/*/schedstat.
"""
import argparse
import fcntl
import glob
import os
import pty
import resource
import select
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time


def cpu(pid, without=None):
    """CPU milliseconds of the process so far, but for threads of a name."""
    total = 0
    for path in glob.glob(f"/proc/{pid}/task/*/schedstat"):
        try:
            if without:
                with open(path.replace("schedstat", "comm")) as comm:
                    if comm.read().strip() == without:
                        continue
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

    def until_idle(self, quiet=0.08, seconds=900, without=None):
        """Waits until no CPU time is used for a while; returns the time used so far."""
        end = time.time() + seconds
        before, since = cpu(self.pid, without), time.time()
        while time.time() < end:
            self.read(0.005)
            now = cpu(self.pid, without)
            if now != before:
                before, since = now, time.time()
            elif time.time() - since > quiet:
                break
        return before

    def press(self, keys):
        os.write(self.fd, keys)

    def key(self, keys, without=None):
        before = self.until_idle(without=without)
        self.press(keys)
        return self.until_idle(without=without) - before

    def close(self):
        try:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        except OSError:
            pass
        os.close(self.fd)


def summary(name, values, unit="ms"):
    values = sorted(values)
    if values:
        print(f"{name:42} median {statistics.median(values):9.2f}   worst {values[-1]:9.2f} {unit}   n={len(values)}")


def has_papers(out):
    """The first frame ends with the status line, which names the place in the list."""
    return b" 1/" in out or b"1/" in out


def opened(program, library):
    app = App(program, [library], (120, 40))
    if not app.until(has_papers, 20):
        sys.exit(f"no frame with papers: {app.output[-500:]!r}")
    return app


def children_cpu():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (used.ru_utime + used.ru_stime) * 1000


def whole(command):
    before = children_cpu()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
    return children_cpu() - before


def cold(program, library, query, runs):
    first, keys, indexed, highest = [], [], [], []
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as folder:
            os.environ["XDG_CACHE_HOME"] = folder
            app = opened(program, library)
            first.append(cpu(app.pid))
            time.sleep(os.path.getsize(library) / 400e6)
            app.key(b"/", "library")
            keys.extend(app.key(bytes([letter]), "library") for letter in query.encode())
            app.key(b"\x1b", "library")
            app.until_idle(quiet=0.5)
            indexed.append(cpu_with_ended_threads(app.pid))
            highest.append(memory(app.pid)[0])
            app.close()
    summary("without a cache: first frame", first)
    summary("without a cache: a key", keys)
    summary("without a cache: all of it", indexed)
    summary("without a cache: highest resident memory", highest, "MB")
    made = []
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as folder:
            os.environ["XDG_CACHE_HOME"] = folder
            made.append(whole([program, "--library", library, "search", "--limit", "1", "--", "anything"]))
    summary("the index alone (offprint search)", made)


def warm(program, library, query, runs, cite, kept):
    first, ready, keys, moves, idle, highest, private, cites = [], [], [], [], [], [], [], []
    with tempfile.TemporaryDirectory() as folder:
        folder = kept or folder
        os.environ["XDG_CACHE_HOME"] = folder
        app = opened(program, library)
        app.until_idle(quiet=1.0)
        app.close()
        for _ in range(runs):
            app = opened(program, library)
            first.append(cpu(app.pid))
            app.until_idle(quiet=0.4)
            ready.append(cpu_with_ended_threads(app.pid))
            app.key(b"/")
            keys.extend(app.key(bytes([letter])) for letter in query.encode())
            app.key(b"\r")
            app.key(b"\x1b")
            moves.extend(app.key(b"j") for _ in range(20))
            before = cpu(app.pid)
            time.sleep(1.0)
            idle.append(cpu(app.pid) - before)
            peak, anonymous = memory(app.pid)
            highest.append(peak)
            private.append(anonymous)
            app.close()
        if cite:
            cites = [whole([program, "--library", library, "cite", cite]) for _ in range(max(runs, 5))]
        sizes = sum(os.path.getsize(path) for path in glob.glob(f"{folder}/offprint/index/*.index"))
    summary("first frame", first)
    summary("all ready, first page included", ready)
    summary(f"a key of {query!r}", keys)
    summary("cursor down: page, similar papers, frame", moves)
    summary("idle, in one second", idle)
    summary("highest resident memory", highest, "MB")
    summary("private memory", private, "MB")
    summary("offprint cite, whole process", cites)
    print(f"{'the cache':42} {sizes / 1e6:.0f} MB")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("library")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--cold-runs", type=int, default=3)
    parser.add_argument("--query", default="graph neural netw")
    parser.add_argument("--cite")
    parser.add_argument("--cache", help="a folder for XDG_CACHE_HOME that is kept, instead of a new one")
    arguments = parser.parse_args()
    program, library = os.path.abspath(arguments.program), os.path.abspath(arguments.library)
    load = os.getloadavg()[0]
    size = os.path.getsize(library) / 1e6
    print(f"{os.path.basename(library)}, {size:.1f} MB, {arguments.runs} runs, load {load:.1f}")
    warm(program, library, arguments.query, arguments.runs, arguments.cite, arguments.cache)
    if arguments.cold_runs:
        cold(program, library, arguments.query, arguments.cold_runs)


if __name__ == "__main__":
    main()
