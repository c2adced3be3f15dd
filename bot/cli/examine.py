"""`python -m bot.cli.examine TEMPLATES CACHE DAY`: what a running Heron starts to try changed templates before it takes
them over. Reading, checking and learning take seconds of a whole core, which no connection should have to share."""

import json
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path

from bot.authoring.check import problems_of
from bot.expertise import text_model
from bot.knowledge.loader import load
from bot.knowledge.source import KnowledgeError


def examine(templates: Path, cache: Path, today: date) -> dict[str, object]:
    """Either `problems`, or the `hash` of what may be used and is learnt now."""
    try:
        base = load(templates)
    except KnowledgeError as error:
        return {"problems": [asdict(problem) for problem in error.problems]}
    if problems := problems_of(base, templates, today):
        return {"problems": [asdict(problem) for problem in problems]}
    text_model(base, cache)
    return {"hash": base.hash}


if __name__ == "__main__":
    folder, kept, day = sys.argv[1:]
    print(json.dumps(examine(Path(folder), Path(kept), date.fromisoformat(day))))
