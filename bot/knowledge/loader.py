"""Reads a templates folder into a KnowledgeBase, or raises one KnowledgeError with the problems of all its files."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from bot.extraction.report import Catalogue
from bot.knowledge.articles import Article, Body, FrontMatter
from bot.knowledge.bodies import lines_of, read_body, split_front_matter
from bot.knowledge.calibration import Calibration
from bot.knowledge.community import Community
from bot.knowledge.examples import Example, read_examples
from bot.knowledge.facts import FactsFile
from bot.knowledge.knowledge_base import ENGLISH, KnowledgeBase, Message
from bot.knowledge.phrases import Phrases
from bot.knowledge.source import KnowledgeError, Problem, parse

M = TypeVar("M", bound=BaseModel)

#: Messages may lie in groups, one level deep.
FILES = ("articles/*.md", "messages/*.md", "messages/*/*.md", "examples/*.jsonl", "vocabulary/*.txt")
ROOT_FILES = ("facts.yaml", "community.yaml", "phrases.yaml", "calibration.json")
_KEBAB = "[a-z0-9]+(?:-[a-z0-9]+)*"
NAME = re.compile(rf"(?:{_KEBAB}/)?(?P<name>{_KEBAB})(?:\.(?P<language>[a-z]{{2,3}}))?")


def load(templates: Path) -> KnowledgeBase:
    """The knowledge base in the folder `templates`. Each file is read once."""
    if not templates.is_dir():
        raise KnowledgeError(Problem(templates.name, 1, "", "there is no such folder", "set TEMPLATES_DIR to one"))
    return _Loader(dict(_contents(templates))).load()


def _contents(templates: Path) -> Iterator[tuple[str, bytes]]:
    """Every file that belongs to the knowledge base, by its path under the folder, in a fixed order."""
    for file in sorted(path.relative_to(templates).as_posix() for kind in FILES for path in templates.glob(kind)):
        yield file, (templates / file).read_bytes()
    for name in ROOT_FILES:
        if (templates / name).is_file():
            yield name, (templates / name).read_bytes()


class _Loader:
    """Goes on after a broken file, so that a writer sees everything that is wrong at once."""

    def __init__(self, contents: Mapping[str, bytes]) -> None:
        self.contents = contents
        self.problems: list[Problem] = []

    def load(self) -> KnowledgeBase:
        articles, messages, examples = self._articles(), self._messages(), self._examples()
        facts = self._model("facts.yaml", FactsFile)
        community = self._model("community.yaml", Community)
        phrases = self._model("phrases.yaml", Phrases)
        calibration = self._model("calibration.json", Calibration) if "calibration.json" in self.contents else None
        catalogue = Catalogue(current=self._model_ids("model_ids.txt"), past=self._model_ids("model_ids_past.txt"))
        if self.problems or facts is None or community is None or phrases is None:
            raise KnowledgeError(*sorted(self.problems))
        return KnowledgeBase(
            articles=articles,
            messages=messages,
            facts=facts.root,
            community=community,
            phrases=phrases,
            examples=examples,
            catalogue=catalogue,
            calibration=calibration,
            hash=self._hash(),
        )

    def _articles(self) -> dict[str, Article]:
        fronts: dict[str, FrontMatter] = {}
        bodies: defaultdict[str, dict[str, Body]] = defaultdict(dict)
        for file, name, language in self._named("articles", ".md"):
            with _Collecting(self.problems):
                if language == ENGLISH:
                    fronts[name], bodies[name][ENGLISH] = self._article(name, file)
                elif f"articles/{name}.md" in self.contents:
                    bodies[name][language] = read_body(self._text(file), file=file)
                else:
                    raise KnowledgeError(_no_english(file, name))
        return {
            name: Article(
                front=front,
                bodies=bodies[name],
                file=f"articles/{name}.md",
                version=self._version(name),
            )
            for name, front in fronts.items()
        }

    def _article(self, name: str, file: str) -> tuple[FrontMatter, Body]:
        yaml_text, body_text, body_line = split_front_matter(self._text(file), file)
        front = body = None
        with _Collecting(self.problems):
            front = parse(yaml_text, FrontMatter, file=file, first_line=2)
            if front.id != name:
                cure = f"write `id: {name}`, or rename the file"
                raise KnowledgeError(Problem(file, _line_of_id(yaml_text), "id", "is not the file's name", cure))
        with _Collecting(self.problems):
            body = read_body(body_text, file=file, first_line=body_line)
        if front is None or body is None:
            raise KnowledgeError  # its problems are collected already
        return front, body

    def _messages(self) -> dict[tuple[str, str], Message]:
        messages: dict[tuple[str, str], Message] = {}
        named = tuple(self._named("messages", ".md"))
        in_english = {name for _, name, language in named if language == ENGLISH}
        for file, name, language in named:
            with _Collecting(self.problems):
                lines = lines_of(self._text(file))
                if not lines:
                    raise KnowledgeError(Problem(file, 1, "", "the message is empty", "write it, or delete the file"))
                if name not in in_english:
                    raise KnowledgeError(_no_english(file, name))
                if other := messages.get((name, language)):
                    cure = "keep one: a message has one name in all folders"
                    raise KnowledgeError(Problem(file, 1, "", f"{other.file} is the same message", cure))
                messages[name, language] = Message(name=name, language=language, lines=lines, file=file)
        return messages

    def _examples(self) -> tuple[Example, ...]:
        examples: list[Example] = []
        for file, label, _ in self._named("examples", ".jsonl"):
            with _Collecting(self.problems):
                examples.extend(read_examples(self._text(file), label=label, file=file))
        return tuple(examples)

    def _model_ids(self, name: str) -> frozenset[str]:
        file = f"vocabulary/{name}"
        if file not in self.contents:
            return frozenset()
        with _Collecting(self.problems):
            lines = (line.strip() for line in self._text(file).split("\n"))
            return frozenset(line for line in lines if line and not line.startswith("#"))
        return frozenset()

    def _model(self, file: str, model: type[M]) -> M | None:
        with _Collecting(self.problems):
            if file not in self.contents:
                raise KnowledgeError(Problem(file, 1, "", "the file is missing", "add it to the templates folder"))
            return parse(self._text(file), model, file=file)
        return None

    def _named(self, folder: str, suffix: str) -> Iterator[tuple[str, str, str]]:
        """File, name and language of everything in a folder; `x.md` is English, `x.zh.md` is Chinese."""
        for file in self.contents:
            if file.startswith(f"{folder}/") and file.endswith(suffix):
                match = NAME.fullmatch(file.removeprefix(f"{folder}/").removesuffix(suffix))
                if match:
                    yield file, match["name"], match["language"] or ENGLISH
                else:
                    cure = f"rename it to `some-name{suffix}` or `some-name.<language>{suffix}`"
                    self.problems.append(Problem(file, 1, "", "a name in its path is not in kebab-case", cure))

    def _text(self, file: str) -> str:
        try:
            text = self.contents[file].decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = self.contents[file][: error.start].count(b"\n") + 1
            raise KnowledgeError(Problem(file, line, "", "not UTF-8", "save the file as UTF-8")) from None
        return text.replace("\r\n", "\n")

    def _version(self, name: str) -> str:
        """Of an article, in all its languages."""
        digest = hashlib.blake2b(digest_size=16)
        for file in self.contents:
            if file.startswith(f"articles/{name}."):
                digest.update(self._text(file).encode())
        return digest.hexdigest()

    def _hash(self) -> str:
        digest = hashlib.blake2b(digest_size=16)
        for file, content in self.contents.items():
            if file != "calibration.json":
                digest.update(f"{file}\0{len(content)}\0".encode())
                digest.update(content)
        return digest.hexdigest()


class _Collecting:
    """Keeps the problems of what goes wrong inside, and goes on behind it."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> bool:
        if isinstance(error, KnowledgeError):
            self.problems.extend(error.problems)
            return True
        return False


def _no_english(file: str, name: str) -> Problem:
    folder = file.rpartition("/")[0]
    return Problem(file, 1, "", "a translation of something that does not exist", f"add {folder}/{name}.md in English")


def _line_of_id(yaml_text: str) -> int:
    lines = yaml_text.split("\n")
    return next((number for number, line in enumerate(lines, start=2) if line.startswith("id:")), 2)
