"""`python -m benchmarks [NAME …]`: figures as one JSON object, with what they were measured on."""

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import (
    burst,
    catch_up,
    diagnose,
    end_to_end,
    first_answer,
    hostile,
    many_articles,
    nearest_id,
    pictures,
    process,
    recognition,
)
from bot.settings import Settings, load_settings

BENCHMARKS: dict[str, Callable[[Settings], dict[str, object]]] = {
    "diagnose": lambda settings: diagnose.measure(settings.templates_dir),
    "recognition": recognition.measure,
    "many_articles": many_articles.measure,
    "hostile": lambda settings: hostile.measure(settings.templates_dir),
    "nearest_id": nearest_id.measure,
    "pictures": pictures.measure,
    "first_answer": first_answer.measure,
    "end_to_end": end_to_end.measure,
    "burst": burst.measure,
    "catch_up": catch_up.measure,
    "process": process.measure,
    "growth": process.measure_growth,
}
#: What in its figures must not be; `python -m benchmarks` fails when there is any.
FAULTS: dict[str, Callable[[Mapping[str, Any]], list[str]]] = {"hostile": hostile.faults}
#: Takes a quarter of an hour, so it runs only when it is named.
ONLY_BY_NAME = frozenset({"growth"})


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measures speed, memory and quality.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"only these: {', '.join(BENCHMARKS)}")
    parser.add_argument("--picture", type=Path, metavar="FILE", help="draw the figures, too; needs heron[charts]")
    parser.add_argument(
        "--from", dest="earlier", type=Path, metavar="JSON", help="draw an earlier report, measure nothing"
    )
    given = parser.parse_args()
    if unknown := set(given.names) - BENCHMARKS.keys():
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
    report = json.loads(given.earlier.read_text("utf-8")) if given.earlier else measured(given.names)
    if given.picture:
        from benchmarks.picture import draw  # matplotlib takes a second, and is an extra

        draw(report, given.picture)
    print(json.dumps(report, indent=2))
    if given.earlier is None and (found := faults(report)):
        sys.exit("\n".join(found))


def faults(report: Mapping[str, Any]) -> list[str]:
    return [fault for name, of in FAULTS.items() if name in report for fault in of(report[name])]


def measured(names: list[str]) -> dict[str, object]:
    settings = load_settings()
    report: dict[str, object] = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {
            "python": platform.python_version(),
            "system": platform.system(),
            "cpus": os.cpu_count(),
            "load": round(os.getloadavg()[0], 1),  # before anything began: above a half, something else was running
        },
    }
    for name in names or [name for name in BENCHMARKS if name not in ONLY_BY_NAME]:
        sys.stderr.write(f"{name} …\n")
        report[name] = BENCHMARKS[name](settings)
    return report


if __name__ == "__main__":
    main()
