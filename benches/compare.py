#!/usr/bin/env python3
"""Measures offprint side by side with what a reader would search a library with instead: fzf, skim, ripgrep, SQLite's
FTS5 with a prefix index, and tantivy.

    benches/compare.py PROGRAM LIBRARY.json [--runs 5] [--query "graph neural netw"] [--tantivy PROGRAM]

The library is CSL-JSON with one item a line. fzf, skim and ripgrep get one line a paper, with its title and authors;
FTS5, tantivy and offprint also search abstracts. Every number is CPU time of all threads, in milliseconds.

*A key*: fzf, skim and offprint run in a pseudo-terminal and are typed at, and each key counts until the program is idle
again; FTS5 and tantivy answer the query as typed so far, its last word taken as a beginning, sixty best rows and the
number of all; ripgrep is run anew for each key. *The query*: one process from its start to the answer on its standard
output. *Made in*: the index. What is not installed is left out. tantivy is measured by a program of its own, which is
named by --tantivy: `PROGRAM index LIBRARY FOLDER` makes its index, `PROGRAM keys FOLDER QUERY` prints a line a key:
what was typed, milliseconds and hits, separated by tabs.
"""
import argparse
import json
import os
import resource
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import process  # noqa: E402


def papers(path):
    with open(path, encoding="utf-8") as library:
        for line in library:
            line = line.strip().rstrip(",")
            if line.startswith("{"):
                item = json.loads(line)
                names = "; ".join(
                    f"{name.get('given', '')} {name.get('family', '')}".strip() for name in item.get("author", [])
                )
                yield item["id"], item.get("title", ""), names, item.get("abstract", "")


def children_cpu():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (used.ru_utime + used.ru_stime) * 1000


def run(command, stdin=None):
    """CPU milliseconds of a process, and its output."""
    before = children_cpu()
    with open(stdin or os.devnull, "rb") as source:
        done = subprocess.run(command, stdin=source, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    return children_cpu() - before, done.stdout


class Typed(process.App):
    """A program in a pseudo-terminal that is typed at."""

    def __init__(self, command, ready, size=(120, 40)):
        # A shell opens the lines for it and is replaced by it.
        self.command = command
        super().__init__(command[0], command[1:], size)
        self.until(ready, 60)
        self.until_idle(quiet=0.4)


def typed_keys(command, query, runs, before, ready):
    values = []
    for _ in range(runs):
        app = Typed(command, ready)
        if before:
            app.key(before)
        values.extend(app.key(bytes([letter])) for letter in query.encode())
        app.close()
    return values


def sqlite(lines, query, runs, folder):
    path = os.path.join(folder, "fts5.db")
    begun = time.process_time()
    base = sqlite3.connect(path)
    base.execute("CREATE VIRTUAL TABLE papers USING fts5(id UNINDEXED, title, authors, body, prefix='2 3')")
    base.executemany("INSERT INTO papers VALUES (?, ?, ?, ?)", lines)
    base.commit()
    made = (time.process_time() - begun) * 1000

    def words(typed):
        all_words = typed.split()
        last = "" if typed.endswith(" ") else "*"
        return " ".join(f'"{word}"' for word in all_words[:-1]) + f' "{all_words[-1]}"{last}'

    def ask(typed):
        asked = words(typed)
        rows = base.execute("SELECT id FROM papers WHERE papers MATCH ? ORDER BY rank LIMIT 60", (asked,)).fetchall()
        base.execute("SELECT count(*) FROM papers WHERE papers MATCH ?", (asked,)).fetchone()
        return rows

    keys = []
    for _ in range(runs):
        for end in range(1, len(query) + 1):
            begun = time.process_time()
            ask(query[:end])
            keys.append((time.process_time() - begun) * 1000)
    base.close()
    program = shutil.which("sqlite3")
    whole = []
    if program:
        ask = f"SELECT id FROM papers WHERE papers MATCH '{words(query)}' ORDER BY rank LIMIT 60"
        whole = [run([program, path, ask])[0] for _ in range(runs)]
    return made, keys, whole


def tantivy(program, library, query, runs, folder):
    index = os.path.join(folder, "tantivy")
    made, _ = run([program, "index", library, index])
    keys, whole = [], []
    for _ in range(runs):
        _, out = run([program, "keys", index, query])
        keys.extend(float(line.split(b"\t")[1]) for line in out.splitlines() if line.count(b"\t") == 2)
        # Opening the index and one answer; the program asks three times.
        whole.append(run([program, "once", index, query])[0])
    return made, keys, whole


def row(name, made, keys, whole):
    def cell(values, of):
        return f"{of(values):9.1f}" if values else "        -"

    spread = f"{min(keys):.1f}-{max(keys):.1f}" if keys else "-"
    made = f"{made:9.0f}" if made else "        -"
    print(f"{name:12} {made} {cell(keys, statistics.median)} {cell(keys, max)} {cell(whole, statistics.median)}   {spread}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("library")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--query", default="graph neural netw")
    parser.add_argument("--tantivy")
    arguments = parser.parse_args()
    program, library = os.path.abspath(arguments.program), os.path.abspath(arguments.library)
    query, runs = arguments.query, arguments.runs
    with tempfile.TemporaryDirectory() as folder:
        lines = os.path.join(folder, "lines.txt")
        all_papers = list(papers(library))
        with open(lines, "w", encoding="utf-8") as out:
            out.writelines(f"{title}\t{authors}\n" for _, title, authors, _ in all_papers)
        print(f"{len(all_papers)} papers, {os.path.getsize(library) / 1e6:.0f} MB; "
              f"{os.path.getsize(lines) / 1e6:.0f} MB of titles and authors; {query!r}, {runs} runs, CPU ms")
        print(f"{'':12} {'made in':>9} {'key':>9} {'worst':>9} {'query':>9}   keys from-to")

        os.environ["XDG_CACHE_HOME"] = os.path.join(folder, "cache")
        made, _ = run([program, "--library", library, "search", "--limit", "1", "--", "anything"])
        keys = typed_keys([program, library], query, runs, b"/", lambda out: b"1/" in out)
        whole = [run([program, "--library", library, "search", "--limit", "60", "--", query])[0] for _ in range(runs)]
        row("offprint", made, keys, whole)

        count = str(len(all_papers)).encode()
        for name, options in (("fzf", []), ("sk", [])):
            found = shutil.which(name)
            if not found:
                continue
            shell = ["/bin/sh", "-c", f'exec "{found}" < "{lines}"']
            keys = typed_keys(shell, query, runs, None, lambda out: count in out)
            whole = [run([found, *options, "--filter", query], lines)[0] for _ in range(runs)]
            row(name, None, keys, whole)
        ripgrep = shutil.which("rg")
        if ripgrep:
            asked = lambda typed: [ripgrep, "-i", "-N", "-e", typed.strip().replace(" ", ".*"), lines]  # noqa: E731
            keys = [run(asked(query[:end]))[0] for _ in range(runs) for end in range(1, len(query) + 1)]
            whole = [run(asked(query))[0] for _ in range(runs)]
            row("ripgrep", None, keys, whole)
        row("FTS5", *sqlite(all_papers, query, runs, folder))
        if arguments.tantivy:
            row("tantivy", *tantivy(os.path.abspath(arguments.tantivy), library, query, runs, folder))


if __name__ == "__main__":
    main()
