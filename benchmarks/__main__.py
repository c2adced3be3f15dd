"""`python -m benchmarks`: every figure as one JSON object, with what it was measured on."""

import json
import os
import platform

from benchmarks import burst, catch_up, diagnose, first_answer, hostile
from bot.settings import load_settings


def main() -> None:
    settings = load_settings()
    templates = settings.templates_dir
    report = {
        "machine": {"python": platform.python_version(), "system": platform.system(), "cpus": os.cpu_count()},
        "diagnose": diagnose.measure(templates),
        "hostile": hostile.measure(templates),
        "first_answer": first_answer.measure(settings),
        "burst": burst.measure(settings),
        "catch_up": catch_up.measure(settings),
    }
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
