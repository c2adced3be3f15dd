"""Reads one YAML text into a pydantic model; every error names file, line, key and cure.

What the text means is not known here.
"""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

M = TypeVar("M", bound=BaseModel)

Path = tuple[str | int, ...]

#: libyaml is ten times as fast; the two readers understand the same language.
LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

INTEGER = re.compile(r"-?(0|[1-9][0-9]*)\Z")
NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?\Z")
LITERALS: Mapping[str, bool | None] = {"true": True, "false": False, "null": None, "": None}

#: What to do about libyaml's complaints, by words of theirs.
YAML_CURES = {
    "mapping values are not allowed": "put quotes around a text that contains `: `",
    "found unexpected end of stream": "close the quote",
    "found undefined alias": "put quotes around a text that starts with `*`",
    "cannot start any token": "put quotes around a text that starts with a sign such as ` @ % `",
    "did not find expected": "close the bracket or quote, and indent every key of a block alike",
    "could not find expected ':'": "write `key: value`",
}

#: What to do about pydantic's complaints, by their type.
MODEL_CURES = {
    "missing": "add it",
    "string_type": "put quotes around it",
    "int_type": "write a whole number without quotes",
    "int_parsing": "write a whole number without quotes",
    "tuple_type": "write a list: [first, second]",
    "list_type": "write a list: [first, second]",
    "model_type": "write keys and values: {key: value}",
    "dict_type": "write keys and values: {key: value}",
    "too_short": "add at least one",
    "string_too_long": "shorten it",
    "string_too_short": "write more",
    "date_from_datetime_parsing": "write a day as 2026-11-24",
    "date_parsing": "write a day as 2026-11-24",
}


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something that the writer of a file has to mend, and how."""

    file: str
    line: int
    key: str  # dotted, places in lists counted from 1: `when.2.status`
    message: str
    cure: str

    def __str__(self) -> str:
        key = f" {self.key}:" if self.key else ""
        return f"{self.file}:{self.line}:{key} {self.message} ({self.cure})"


class KnowledgeError(Exception):
    """The templates cannot be used; `problems` has everything that is wrong with them, not only the first thing."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*problems)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


def parse(text: str, model: type[M], *, file: str, first_line: int = 1) -> M:
    """Read `text`, which starts at `first_line` of `file`; all but numbers, true, false and null stays text."""
    tree = _Tree(file=file, first_line=first_line)
    value = tree.read(text)
    if tree.problems:
        raise KnowledgeError(*sorted(tree.problems))
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise KnowledgeError(*_model_problems(error, model, tree)) from None


@dataclass(slots=True)
class _Tree:
    """The YAML nodes of one text as plain values, with the line of each."""

    file: str
    first_line: int
    lines: dict[Path, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)

    def read(self, text: str) -> object:
        if self._has_tabs(text):
            return None
        try:
            node = LOADER(text).get_single_node()
        except yaml.MarkedYAMLError as error:
            self._refuse_syntax(error)
            return None
        except yaml.reader.ReaderError as error:
            line = text[: error.position].count("\n") if isinstance(error.position, int) else 0
            self._refuse(line, (), "a character that does not belong into a text file", "delete it")
            return None
        return {} if node is None else self._value(node, ())

    def line_of(self, path: Path) -> int:
        """The line of the nearest place that the file really has."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, self.first_line)

    def _has_tabs(self, text: str) -> bool:
        for number, line in enumerate(text.split("\n")):
            if "\t" in line[: len(line) - len(line.lstrip())]:
                self._refuse(number, (), "a tab in the indentation", "indent with spaces")
        return bool(self.problems)

    def _refuse(self, line: int, path: Path, message: str, cure: str) -> None:
        self.problems.append(Problem(self.file, self.first_line + line, key_of(path), message, cure))

    def _refuse_syntax(self, error: yaml.MarkedYAMLError) -> None:
        words = error.problem or "not YAML"
        # A quote that is never closed is noticed at the end of the text; the writer looks for its beginning.
        mark = error.context_mark if "end of stream" in words and error.context_mark else error.problem_mark
        cure = next((cure for sign, cure in YAML_CURES.items() if sign in words), "write it as YAML")
        self._refuse(mark.line if mark else 0, (), words, cure)

    def _value(self, node: yaml.Node, path: Path) -> object:
        self.lines.setdefault(path, self.first_line + node.start_mark.line)
        if id(node) in self.seen:
            self._refuse(node.start_mark.line, path, "the same value twice by `&` and `*`", "write it out")
            return None
        self.seen.add(id(node))
        if node.tag.startswith("!") or "python" in node.tag:
            self._refuse(
                node.start_mark.line, path, f"the tag `{node.tag}`", "leave it out, or put quotes around the text"
            )
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self._value(child, (*path, place)) for place, child in enumerate(node.value)]
        return _scalar(node) if isinstance(node, yaml.ScalarNode) else None

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, object]:
        result: dict[str, object] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else ""
            line = key_node.start_mark.line
            if not key:
                self._refuse(
                    line, path, "a key that is not a word", "put quotes around a text that starts with `{` or `[`"
                )
                continue
            if key in result:
                first = self.lines[(*path, key)]
                self._refuse(
                    line, (*path, key), f"the key is given twice (first in line {first})", "keep one of the two"
                )
                continue
            self.lines[(*path, key)] = self.first_line + line
            result[key] = self._value(value_node, (*path, key))
        return result


def _scalar(node: yaml.ScalarNode) -> object:
    text = str(node.value)
    if node.style not in (None, ""):  # quoted or a block
        return text
    if text in LITERALS:
        return LITERALS[text]
    if INTEGER.match(text) and len(text) < 19:
        return int(text)
    return float(text) if NUMBER.match(text) else text


def key_of(path: Path) -> str:
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in path)


def _model_problems(error: ValidationError, model: type[BaseModel], tree: _Tree) -> list[Problem]:
    found: dict[tuple[int, str], Problem] = {}
    for details in error.errors(include_url=False):
        problem = _model_problem(details, model, tree)
        # A value that may have several types is refused once for each of them; one line is enough.
        found.setdefault((problem.line, problem.key), problem)
    return sorted(found.values())


def _model_problem(details: ErrorDetails, model: type[BaseModel], tree: _Tree) -> Problem:
    path = tuple(details["loc"])
    kind = details["type"]
    if kind not in ("missing", "extra_forbidden"):
        while path and path not in tree.lines:  # pydantic adds names of the types that it tried
            path = path[:-1]
    line = tree.line_of(path)
    if kind == "missing":
        return Problem(tree.file, line, key_of(path), "is missing", MODEL_CURES[kind])
    if kind == "extra_forbidden":
        return Problem(
            tree.file, line, key_of(path), "is not a known key", did_you_mean(str(path[-1]), _keys_at(path[:-1], model))
        )
    message = details["msg"].removeprefix("Value error, ")
    message = message[:1].lower() + message[1:]
    given = str(details["input"])
    fallback = f"it is `{given if len(given) <= 60 else given[:57] + '…'}` now"
    return Problem(tree.file, line, key_of(path), message, MODEL_CURES.get(kind, fallback))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The cure for a name that does not exist."""
    names = sorted(known)
    near = difflib.get_close_matches(word, names, n=1, cutoff=0.6)
    return f"did you mean `{near[0]}`?" if near else f"known are {', '.join(names)}"


def _keys_at(path: Path, model: type[BaseModel]) -> set[str]:
    """The keys that `model` knows at `path`."""
    here: set[type[BaseModel]] = {model}
    for part in path:
        fields = [m.model_fields[part] for m in here if isinstance(part, str) and part in m.model_fields]
        if fields:
            here = {found for field_ in fields for found in _models_in(field_.annotation)}
        elif all("root" in m.model_fields for m in here):
            here = {found for m in here for found in _models_in(m.model_fields["root"].annotation)}
    return {name for m in here for name in m.model_fields}


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)
