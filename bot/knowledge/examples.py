"""Posts that the text model learns from, one JSON object a line; the file's name is their label."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import ValidationError

from bot.knowledge.articles import Strict
from bot.knowledge.source import KnowledgeError, Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """`label` is an article's id, `out-of-scope`, or the name of a problem that has no article yet."""

    label: str
    language: str
    title: str
    text: str
    also: tuple[str, ...] = ()  # labels that are right as well
    line: int = 0  # of its file


class ExampleRow(Strict):
    lang: str
    title: str = ""
    text: str
    also: tuple[str, ...] = ()


def read_examples(text: str, *, label: str, file: str) -> tuple[Example, ...]:
    """All rows of one file; the problems of all of them in one error."""
    examples, problems = [], []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = ExampleRow.model_validate(json.loads(line))
        except json.JSONDecodeError as error:
            problems.append(Problem(file, number, "", f"not JSON: {error.msg}", "write one JSON object a line"))
        except ValidationError as error:
            problems.extend(_row_problems(error, file, number))
        else:
            examples.append(
                Example(label=label, language=row.lang, title=row.title, text=row.text, also=row.also, line=number)
            )
    if problems:
        raise KnowledgeError(*problems)
    return tuple(examples)


def _row_problems(error: ValidationError, file: str, number: int) -> Iterator[Problem]:
    known = ", ".join(ExampleRow.model_fields)
    for details in error.errors(include_url=False):
        key = ".".join(str(part) for part in details["loc"])
        message = details["msg"][:1].lower() + details["msg"][1:]
        yield Problem(file, number, key, message, f"a row has {known}")
