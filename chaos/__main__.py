"""`python -m chaos --seed N`: a storm on each database. Ends with 0 when every promise held, else with 1."""

import argparse
import asyncio
import json
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from bot.expertise import CACHE, expertise
from bot.settings import load_settings
from bot.triage.view import Policy, View
from chaos.databases import KINDS, NoDatabase, database
from chaos.questions import Questions
from chaos.storm import Report, Storm


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m chaos", description="Kills Heron and looks what it makes of it.")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same posts, troubles and moments")
    parser.add_argument("--database", choices=KINDS, action="append", help="only this one; may be given twice")
    parser.add_argument("--json", action="store_true", help="the whole report as one JSON object")
    parser.add_argument("--logs", type=Path, help="a folder that keeps the logs of all processes")
    given = parser.parse_args()
    out = sys.stderr if given.json else sys.stdout

    def say(line: str) -> None:
        print(line, file=out, flush=True)

    try:
        reports = [_storm(kind, given.seed, given.logs, say) for kind in given.database or KINDS]
    except NoDatabase as error:
        sys.stderr.write(f"{error}\n")
        return 2
    if given.json:
        sys.stdout.write(json.dumps([asdict(report) for report in reports], indent=2) + "\n")
    for report in reports:
        _tell(report, say)
    return int(any(report.violations for report in reports))


def _storm(kind: str, seed: int, logs: Path | None, say: Callable[[str], None]) -> Report:
    folder = Path(tempfile.mkdtemp(prefix="heron-chaos-"))
    try:
        # Learnt once: each process finds the model where it looks for it.
        knowledge, templates = expertise(load_settings({}).templates_dir, cache=folder / CACHE)
        view = View(now=datetime.now(UTC), knowledge=knowledge, policy=Policy.of(knowledge.base.calibration), salt=b"")
        questions = Questions(view, templates, Random(f"{seed} questions"))
        with database(kind, folder) as url:
            return asyncio.run(Storm(database=kind, url=url, seed=seed, folder=folder, questions=questions).run(say))
    finally:
        if logs is not None:
            shutil.copytree(folder, logs / kind, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.npz"))
        shutil.rmtree(folder, ignore_errors=True)


def _tell(report: Report, say: Callable[[str], None]) -> None:
    name, took = report.database, sorted(report.take_overs_s)
    say(f"{name}: {report.kills} kills ({_listed(report.blows)})")
    say(f"{name}: troubles: {_listed(report.troubles)}")
    say(f"{name}: {_listed(report.done)}; {report.deserved} deserve an answer, {report.answers} answers stand")
    if took:
        say(f"{name}: {len(took)} take-overs, the median in {took[len(took) // 2]} s, the longest in {took[-1]} s")
    say(f"{name}: calm after {report.calm_after_s} s, {report.duration_s} s in all, seed {report.seed}")
    for violation in report.violations:
        say(f"{name}: BROKEN: {violation}")
    if report.violations:
        say(f"{name}: again: python -m chaos --seed {report.seed} --database {name} --logs var/chaos")


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items())


if __name__ == "__main__":
    sys.exit(main())
