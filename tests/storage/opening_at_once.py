"""A program for a test: opens new SQLite files from four processes at the same moment and counts who was refused.

A program of its own, since it forks, which a test with threads should not.
"""

import contextlib
import multiprocessing
import sqlite3
import sys
from multiprocessing.synchronize import Barrier
from pathlib import Path

from bot.storage.engine import set_up_sqlite

FILES, PROCESSES = 100, 4


def open_all(folder: Path, together: Barrier) -> None:
    refused = 0
    for number in range(FILES):
        together.wait()
        with contextlib.closing(sqlite3.connect(folder / f"{number}.db")) as connection:
            try:
                set_up_sqlite(connection)
            except sqlite3.OperationalError:
                refused += 1
    sys.exit(refused)


def main() -> None:
    context = multiprocessing.get_context("fork")
    together = context.Barrier(PROCESSES)
    openers = [context.Process(target=open_all, args=(Path(sys.argv[1]), together)) for _ in range(PROCESSES)]
    for opener in openers:
        opener.start()
    for opener in openers:
        opener.join()
    sys.stdout.write(f"refused: {sum(opener.exitcode or 0 for opener in openers)}\n")


if __name__ == "__main__":
    main()
