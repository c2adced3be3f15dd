"""The community file: what it must hold, and what is refused."""

import re

import pytest

from bot.extraction import Catalogue, Vocabulary, read
from bot.extraction.error_sentences import find_sentences
from bot.extraction.words import Words
from bot.knowledge.community import Community
from bot.knowledge.source import KnowledgeError, parse
from tests.extraction.conftest import TEMPLATES

TEXT = (TEMPLATES / "community.yaml").read_text("utf-8")


@pytest.fixture(scope="module")
def community() -> Community:
    return parse(TEXT, Community, file="community.yaml")


def test_everybody_whom_an_article_may_hand_over_to_is_a_destination(community: Community) -> None:
    wanted = {"moderators", "support", "organisation-admin", "app-maker", "provider"}
    assert wanted <= {destination.id for destination in community.destinations}
    support = community.destination("support")
    assert support is not None
    assert support.address
    assert support.bring


def test_an_unknown_destination_or_client_is_none(community: Community) -> None:
    assert community.destination("nobody") is None
    assert community.client("No Such App") is None


def test_every_client_has_one_name_and_no_alias_names_two(community: Community) -> None:
    aliases = [alias.lower() for client in community.clients for alias in client.aliases]
    assert len(aliases) == len(set(aliases))
    assert len({client.name for client in community.clients}) == len(community.clients)


def test_every_known_sentence_is_found_in_itself(vocabulary: Vocabulary) -> None:
    for sentence in vocabulary.error_sentences:
        plain = re.sub(r"[()]", "", sentence).replace("*", "x-1")
        assert find_sentences(Words.of(plain), vocabulary), sentence


@pytest.mark.parametrize(
    ("change", "key", "words"),
    [
        (("  key_prefix:", "  key_prefixx:"), "service.key_prefixx", "key_prefix"),
        (("kind: generation", "kind: generations"), "id_shapes", "kind"),
        (("pattern: '(?<![A-Za-z0-9_-])req-", "pattern: '(?<![A-Za-z0-9_-]req-"), "id_shapes", "no regular expression"),
        (("[A-Za-z0-9]{12,40}(?![A-Za-z0-9_-])'", "(?:[A-Za-z0-9]+)+'"), "id_shapes", "repetition"),
    ],
)
def test_a_mistake_names_its_line_and_key(change: tuple[str, str], key: str, words: str) -> None:
    assert change[0] in TEXT
    with pytest.raises(KnowledgeError) as raised:
        parse(TEXT.replace(*change), Community, file="community.yaml")
    told = str(raised.value)
    assert re.search(r"community\.yaml:[0-9]+:", told)
    assert key in told
    assert words in told


def test_another_community_needs_no_list_of_this_one() -> None:
    text = """
service: {name: Garden, hosts: [garden.example.com], key_prefix: "gd_"}
destinations: [{id: support, name: the gardeners, bring: a leaf}]
id_shapes: [{kind: "secret:garden-key", pattern: "gd_[a-z0-9]{16,40}"}]
providers: {names: [], slugs: []}
clients: []
layers: {}
"""
    vocabulary = parse(text, Community, file="community.yaml").vocabulary()
    report = read("", "gd_fake0123456789abcdef gives 429", vocabulary, Catalogue(current=frozenset(), past=frozenset()))
    assert report.text == "‹key removed› gives 429"
    assert [secret.kind for secret in report.secrets] == ["garden-key"]
    assert [code.value for code in report.status_codes] == [429]
