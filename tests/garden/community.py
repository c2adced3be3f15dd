"""A second community, invented: Beetkeeper, which waters vegetables from a shed. Nothing in it knows the first one.

What Heron says to everybody alike comes from the shipped messages; those that name a service are Beetkeeper's own. All
of them lie in one folder, as those of a small community may.
"""

import shutil
from pathlib import Path

from bot.shipped import shipped_folder

OWN = Path(__file__).parent / "templates"
TOKEN = "btk-shed-FAKE0c4f19ab77de52aa"
ALLOTMENT = "plot_fake0000fake1111"


def write_garden(folder: Path) -> Path:
    """A templates folder inside `folder`."""
    templates = Path(shutil.copytree(OWN, folder / "templates"))
    shipped = shipped_folder("templates")
    shutil.copy(shipped / "phrases.yaml", templates)
    for message in shipped.glob("messages/*/*.md"):
        is_english = "." not in message.stem
        if is_english and not (templates / "messages" / message.name).exists():
            shutil.copy(message, templates / "messages")
    return templates
