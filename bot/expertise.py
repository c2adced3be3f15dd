"""A templates folder made ready for use: loaded, indexed and learnt.

What was learnt is kept, since it takes a second.
"""

import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from zipfile import BadZipFile

from bot.knowledge.knowledge_base import KnowledgeBase
from bot.knowledge.loader import load
from bot.recognition.learning import learn
from bot.recognition.textmodel import TextModel
from bot.replies.compile import Templates
from bot.triage.view import Knowledge

#: Where learnt weights are kept, beside the database.
CACHE = Path("var/cache")
#: Models that are kept: of these templates, and of a few that somebody may go back to.
KEPT_MODELS = 4
#: Learning takes seconds; one that hangs is given up, and the caller learns by itself.
LONGEST_S = 120.0
#: Raised when features or learning change, so that nobody reads weights that belong to other code.
MODEL_FORMAT = 9


def expertise(
    templates: Path, cache: Path | None = CACHE, *, learns_apart: bool = False
) -> tuple[Knowledge, Templates]:
    """`learns_apart` is for whoever stays: what learning leaves in memory goes with the process that learnt."""
    base = load(templates)
    compiled = Templates(base)
    if learns_apart and cache is not None and not _kept(base, cache).exists():
        compiled.check()
        _learn_apart(templates, cache)
    return Knowledge.of(base, text_model(base, cache, compiled.check)), compiled


def _learn_apart(templates: Path, cache: Path) -> None:
    command = (sys.executable, "-m", "bot.expertise", str(templates), str(cache))
    with suppress(OSError, subprocess.TimeoutExpired):
        subprocess.run(command, check=False, timeout=LONGEST_S, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _kept(base: KnowledgeBase, cache: Path) -> Path:
    return cache / f"text-model-{MODEL_FORMAT}-{base.hash[:20]}.npz"


def text_model(base: KnowledgeBase, cache: Path | None, check: Callable[[], None] = lambda: None) -> TextModel:
    """The model of this very knowledge base: read from the cache folder, or learnt and kept there.

    A kept model also says that these templates were checked.
    """
    if cache is None:
        check()
        return learn(base)
    path = _kept(base, cache)
    try:
        return TextModel.load(path)
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):  # missing, cut short, or not ours
        check()
        model = learn(base)
    with suppress(OSError):  # a read-only folder costs a second at every start, nothing else
        model.save(path)
        _forget_old(cache)
    return model


def _forget_old(cache: Path) -> None:
    kept = sorted(cache.glob("text-model-*.npz"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in kept[KEPT_MODELS:]:
        path.unlink(missing_ok=True)


if __name__ == "__main__":
    expertise(Path(sys.argv[1]), Path(sys.argv[2]))
