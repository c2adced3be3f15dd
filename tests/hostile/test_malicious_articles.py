"""A pull request with a malicious article: what it may not write is refused by file and line before it is compiled."""

import shutil
from pathlib import Path

import pytest
from jinja2 import TemplateError

from bot.knowledge.articles import Line
from bot.knowledge.loader import load
from bot.knowledge.source import KnowledgeError
from bot.replies.compile import MESSAGE_VALUES, Templates
from tests.tiny_knowledge import UPSTREAM_DIM, tiny, write_tiny_templates

MALICIOUS = (
    "{{ model.__class__ }}",
    "{{ model.__class__.__mro__[1].__subclasses__() }}",
    "{{ ''.__class__.__base__.__subclasses__() }}",
    "{{ facts._facts }}",
    "{{ facts.__init__.__globals__ }}",
    "{{ facts['__class__'] }}",
    "{{ (facts | list).__len__() }}",
    "{{ client_setting.__globals__ }}",
    "{{ client_setting.__self__._environment }}",
    "{{ client_setting(model) }}",
    "{{ self.__init__ }}",
    "{{ self._TemplateReference__context }}",
    "{{ cycler.__init__.__globals__.os.environ }}",
    "{{ lipsum.__globals__['os'].popen('id').read() }}",
    "{{ config }}",
    "{{ environ }}",
    "{{ get_flashed_messages.__globals__ }}",
    "{{ namespace(x=1) }}",
    "{{ model | attr('__class__') }}",
    "{{ model | map('upper') | join }}",
    "{{ [model] | map(attribute='__class__') }}",
    "{{ model.format(model) }}",
    "{{ '%s' | format(model) }}",
    "{{ 'x' * 999999999 }}",
    "{{ 10 ** 10 ** 8 }}",
    "{{ 9999999999 * 9999999999 }}",
    "{% for a in range(999999999) %}x{% endfor %}",
    "{% for a in model %}{% for b in model %}{% for c in model %}x{% endfor %}{% endfor %}{% endfor %}",
    "{% for a in model recursive %}{{ loop(model) }}{% endfor %}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{% set x = model %}{{ x }}",
    "{% include 'community.yaml' %}",
    "{% import 'os' as os %}",
    "{% extends 'x' %}",
    "{% block x %}{% endblock %}",
    "{% filter code %}x{% endfilter %}",
    "{% call client_setting('error') %}{% endcall %}",
    "{% with x = model %}{{ x }}{% endwith %}",
    "{% autoescape false %}{{ model }}{% endautoescape %}",
    "{% raw %}{{ model }}{% endraw %}{{ [1, 2] }}",
    "{{ model[0:1] }}",
    "{{ {'a': 1} }}",
    "{{ model if model is defined }}",
    "{{ undefined_name }}",
    "{% if model %}" * 200 + "{% endif %}" * 200,
    "{{ " + "(" * 5000 + "model" + ")" * 5000 + " }}",
)
KNOWN = {**dict.fromkeys(MESSAGE_VALUES, "a" * 160)}


@pytest.mark.parametrize("line", MALICIOUS)
def test_a_malicious_line_is_refused_with_file_and_line(line: str, tmp_path: Path) -> None:
    folder = write_tiny_templates(tmp_path)
    article = folder / "articles" / "upstream-dim.md"
    article.write_text(UPSTREAM_DIM.replace("All lamps share one wick.", f"Lamps {line} share."), "utf-8")
    with pytest.raises(KnowledgeError) as refused:
        Templates(load(folder)).check()
    where = UPSTREAM_DIM[: UPSTREAM_DIM.index("All lamps")].count("\n") + 1
    assert {(p.file, p.line) for p in refused.value.problems} == {("articles/upstream-dim.md", where)}


@pytest.mark.parametrize("line", MALICIOUS)
def test_even_unchecked_it_prints_nothing(line: str) -> None:
    templates = tiny().templates
    values = {**KNOWN, "facts": templates.facts, "client_setting": lambda _: None}
    with pytest.raises((TemplateError, AttributeError)):
        templates.render(Line(text=line, number=1), values)


def test_a_bomb_of_front_matter_is_refused(tmp_path: Path) -> None:
    folder = write_tiny_templates(tmp_path)
    bomb = 'a: &a ["x","x"]\n' + "".join(
        f"{n}: &{n} [*{m},*{m},*{m}]\n" for m, n in zip("abcdefghij", "bcdefghijk", strict=True)
    )
    article = folder / "articles" / "upstream-dim.md"
    article.write_text(article.read_text("utf-8").replace("owner: models\n", f"owner: models\n{bomb}"), "utf-8")
    with pytest.raises(KnowledgeError):
        load(folder)


def test_python_in_front_matter_is_text_or_an_error(tmp_path: Path) -> None:
    folder = write_tiny_templates(tmp_path)
    article, made = folder / "articles" / "upstream-dim.md", tmp_path / "made"
    evil = f"owner: !!python/object/apply:pathlib.Path.touch [!!python/object/apply:pathlib.Path ['{made}']]"
    article.write_text(article.read_text("utf-8").replace("owner: models", evil), "utf-8")
    with pytest.raises(KnowledgeError):
        load(folder)
    assert not made.exists()


def test_nothing_outside_its_folder_is_read(tmp_path: Path) -> None:
    folder = write_tiny_templates(tmp_path)
    secret = tmp_path / "secret.md"
    secret.write_text("SECRET-OF-THE-MACHINE", "utf-8")
    copied = shutil.copytree(folder, tmp_path / "copy")
    (copied / "messages" / "answers" / "footer.md").write_text("{% include '../../secret.md' %}", "utf-8")
    with pytest.raises(KnowledgeError):
        Templates(load(copied)).check()
