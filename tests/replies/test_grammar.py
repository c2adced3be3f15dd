"""What the grammar of templates accepts can be compiled; what is nested too deeply is refused like any mistake."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment, TemplateSyntaxError, nodes

from bot.knowledge.articles import Line
from bot.replies.compile import MESSAGE_VALUES, Templates
from bot.replies.grammar import DEEPEST, TOO_DEEP, check_grammar
from tests.shipped_knowledge import Ready

KNOWN = {**dict.fromkeys(MESSAGE_VALUES, "acme"), "client_setting": lambda _: "acme"}
DEEP = {
    "conditions": lambda n: "{% if model %}" * n + "x" + "{% endif %}" * n,
    "parentheses": lambda n: "{{ " + "(" * n + "model" + ")" * n + " }}",
    "conditional values": lambda n: "{{ " + "model if status else (" * n + "model" + ")" * n + " }}",
    "negations": lambda n: "{{ " + "not " * n + "model }}",
    "filters": lambda n: "{{ model" + " | code" * n + " }}",
    "alternatives": lambda n: "{{ model" + " or model" * n + " }}",
    "branches": lambda n: "{% if model %}a" + "{% elif status %}b" * n + "{% endif %}",
}

values = st.sampled_from(["model", "status", "'a'", "7", "facts.api_base", "client_setting('base_url')"])
expressions = st.recursive(
    values,
    lambda inner: st.one_of(
        st.builds("({} if {} else {})".format, inner, inner, inner),
        st.builds("({} {} {})".format, inner, st.sampled_from(["and", "or", "~", "==", "<", "in"]), inner),
        st.builds("(not {})".format, inner),
        st.builds("({} | {})".format, inner, st.sampled_from(["code", "list", "round_down"])),
    ),
    max_leaves=30,
)
lines = st.recursive(
    st.one_of(st.builds("{{{{ {} }}}}".format, expressions), st.sampled_from(["words", "}", ""])),
    lambda inner: st.one_of(
        st.builds("{{% if {} %}}{}{{% elif {} %}}{}{{% endif %}}".format, expressions, inner, expressions, inner),
        st.builds("{}{}".format, inner, inner),
    ),
    max_leaves=12,
)


def is_accepted(tree: nodes.Template) -> bool:
    try:
        check_grammar(tree)
    except TemplateSyntaxError:
        return False
    return True


@settings(max_examples=60)
@given(lines)
def test_what_the_grammar_accepts_can_be_compiled(text: str) -> None:
    environment = Environment(autoescape=False)
    environment.filters = {"code": str, "list": str, "round_down": str}
    tree = environment.parse(text)
    if is_accepted(tree):
        environment.from_string(tree)


@pytest.mark.parametrize("nested", DEEP)
def test_a_line_of_few_levels_is_rendered(ours: Ready, nested: str) -> None:
    assert Templates(ours.base).render(Line(text=DEEP[nested](DEEPEST // 2 - 2), number=1), KNOWN)


@pytest.mark.parametrize("levels", [5 * DEEPEST, 100 * DEEPEST])
@pytest.mark.parametrize("nested", sorted(DEEP.keys() - {"parentheses", "branches"}))
def test_a_line_of_many_levels_is_refused(ours: Ready, nested: str, levels: int) -> None:
    with pytest.raises(TemplateSyntaxError, match=TOO_DEEP):
        Templates(ours.base).render(Line(text=DEEP[nested](levels), number=1), KNOWN)


def test_parentheses_alone_are_no_levels_until_the_parser_gives_up(ours: Ready) -> None:
    templates = Templates(ours.base)
    assert templates.render(Line(text=DEEP["parentheses"](DEEPEST), number=1), KNOWN) == "acme"
    with pytest.raises(TemplateSyntaxError, match=TOO_DEEP):
        templates.render(Line(text=DEEP["parentheses"](100 * DEEPEST), number=1), KNOWN)


def test_branches_side_by_side_are_one_level(ours: Ready) -> None:
    assert Templates(ours.base).render(Line(text=DEEP["branches"](100 * DEEPEST), number=1), KNOWN) == "a"
