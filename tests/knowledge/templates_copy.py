"""A copy of the shipped templates in which a test may plant a fault."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from bot.shipped import shipped_folder

SHIPPED = shipped_folder("templates")


@dataclass(frozen=True, slots=True)
class TemplatesCopy:
    path: Path

    @classmethod
    def into(cls, folder: Path) -> "TemplatesCopy":
        return cls(Path(shutil.copytree(SHIPPED, folder / "templates")))

    def replace(self, file: str, old: str, new: str) -> int:
        """Put `new` in the place of the first `old`, which has to be there; the line on which that is."""
        text = (self.path / file).read_text("utf-8")
        assert old in text, f"{file} no longer holds {old!r}"
        (self.path / file).write_text(text.replace(old, new, 1), "utf-8")
        return text[: text.index(old)].count("\n") + 1

    def write(self, file: str, text: str) -> None:
        (self.path / file).write_text(text, "utf-8")
