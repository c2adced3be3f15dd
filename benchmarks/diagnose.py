"""`heron diagnose` as a person runs it, on the shipped examples: a cold start, and the time a post in a long run."""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

COLD_STARTS = 9


def posts(templates: Path) -> list[dict[str, str]]:
    rows = []
    for path in sorted((templates / "examples").glob("*.jsonl")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            row = json.loads(line)
            rows.append({"id": f"{path.stem}-{number}", "title": row.get("title") or "", "text": row["text"]})
    return rows


def run(command: Sequence[str], given: str = "") -> str:
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command[1:])} ended with {done.returncode}:\n{done.stderr}")
    return done.stdout


def median_wall_ms(command: Sequence[str], given: str = "") -> float:
    """One run to warm the disk's cache, then the median of several."""
    run(command, given)
    times = []
    for _ in range(COLD_STARTS):
        start = time.perf_counter()
        run(command, given)
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def took_us(work: Callable[[], object]) -> int:
    start = time.perf_counter_ns()
    work()
    return (time.perf_counter_ns() - start) // 1000


def spread(times_us: Iterable[int]) -> dict[str, float]:
    ordered = sorted(times_us)
    if not ordered:
        raise SystemExit("no post was diagnosed, so there is nothing to measure")
    return {
        "median": statistics.median(ordered),
        "p95": ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))],
        "max": ordered[-1],
    }


def measure(templates: Path) -> dict[str, object]:
    heron = (sys.executable, "-m", "bot", "diagnose", "-", "--json")
    lines = [json.dumps(post, ensure_ascii=False) for post in posts(templates)]
    bare = median_wall_ms((sys.executable, "-c", "pass"))
    cold = median_wall_ms(heron, f"{lines[0]}\n" if lines else "")
    answers = [json.loads(line) for line in run(heron, "".join(f"{line}\n" for line in lines)).splitlines()]
    return {
        "posts": len(answers),
        "a_post_us": spread(answer["elapsed_us"] for answer in answers),
        "cold_start_ms": round(cold),
        "python_alone_ms": round(bare),
        "cold_start_ratio": round(cold / bare, 1),
    }
