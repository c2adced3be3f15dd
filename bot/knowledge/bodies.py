"""Cuts the text of an article's file into front matter and body, and a body into its sections. Lines stay text."""

import re

from bot.knowledge.articles import HEADING, SECTIONS, Body, Line
from bot.knowledge.source import KnowledgeError, Problem

FENCE = "---"
ITEM = re.compile(r"- +(?P<text>\S.*)")
LISTS = ("steps", "more_steps")


def split_front_matter(text: str, file: str) -> tuple[str, str, int]:
    """The YAML between the two `---` lines, the body, and the line on which the body begins."""
    lines = text.split("\n")
    if lines[0].rstrip() != FENCE:
        raise KnowledgeError(Problem(file, 1, "", "no front matter", "begin the file with a line of three dashes: ---"))
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() == FENCE:
            return "\n".join(lines[1:number]), "\n".join(lines[number + 1 :]), number + 2
    raise KnowledgeError(Problem(file, 1, "", "the front matter has no end", "put a line --- between it and the body"))


def read_body(text: str, *, file: str, first_line: int = 1) -> Body:
    """A body from its text: a lead of one line, then sections under their headings."""
    reader = _BodyReader(file)
    for number, line in enumerate(text.split("\n"), start=first_line):
        reader.take(line.rstrip(), number)
    return reader.body(first_line)


def lines_of(text: str) -> tuple[Line, ...]:
    """The lines of a message; blank ones at both ends are left out, spaces at a line's beginning stay."""
    lines = [Line(text=line.rstrip(), number=number) for number, line in enumerate(text.split("\n"), start=1)]
    while lines and not lines[0].text:
        del lines[0]
    while lines and not lines[-1].text:
        del lines[-1]
    return tuple(lines)


class _BodyReader:
    def __init__(self, file: str) -> None:
        self.file = file
        self.section = "lead"
        self.lines: dict[str, list[Line]] = {"lead": []}
        self.headings: dict[str, int] = {}
        self.problems: list[Problem] = []

    def take(self, line: str, number: int) -> None:
        if heading := HEADING.match(line):
            self._open(heading["name"], number)
        elif line.startswith("#"):
            self._refuse(number, f"`{line}` is no heading of an article", f"write one of {_headings()}")
        elif line:
            self._add(line, number)

    def body(self, first_line: int) -> Body:
        if not self.lines["lead"]:
            self._refuse(first_line, "the body has no lead", "begin it with one line that says who refused and why")
        for section, number in self.headings.items():
            if not self.lines[section]:
                self._refuse(number, "the section is empty", "write it, or delete the heading", section)
        if self.problems:
            raise KnowledgeError(*sorted(self.problems))
        return Body(
            lead=self.lines["lead"][0],
            **{name: tuple(self.lines.get(name, ())) for name in SECTIONS.values()},
        )

    def _open(self, name: str, number: int) -> None:
        section = SECTIONS.get(name)
        if section is None:
            self._refuse(number, f"`{name}` is no section of an article", f"write one of {_headings()}")
            section = f"unknown-{number}"
        elif section in self.headings:
            self._refuse(number, f"`{name}` stands twice", f"join it with line {self.headings[section]}", section)
        else:
            self.headings[section] = number
        self.section = section
        self.lines.setdefault(section, [])

    def _add(self, line: str, number: int) -> None:
        if self.section == "lead" and self.lines["lead"]:
            self._refuse(
                number,
                "a second line before the first heading",
                "put it under `## Why`, or join it with the lead",
                "lead",
            )
            return
        if self.section in LISTS:
            item = ITEM.fullmatch(line)
            if not item:
                self._refuse(
                    number, "not an item of a list", "begin the line with `- `; an item is one line", self.section
                )
                return
            line = item["text"]
        self.lines[self.section].append(Line(text=line, number=number))

    def _refuse(self, number: int, message: str, cure: str, key: str = "") -> None:
        self.problems.append(Problem(self.file, number, key, message, cure))


def _headings() -> str:
    return ", ".join(f"`## {name}`" for name in SECTIONS)
