"""What holds for every text whatsoever."""

from hypothesis import given
from hypothesis import strategies as st

from bot.extraction import Catalogue, Report, Span, Vocabulary, mask, read
from bot.knowledge.community import Community
from bot.knowledge.source import parse
from tests.extraction.conftest import TEMPLATES, ids
from tests.extraction.forms import FORMS
from tests.extraction.samples import FAKE_KEY, FAKE_TAIL, FAKE_USER, strings_in

# Hypothesis builds many posts per test: the vocabulary is a constant of the module, not a fixture.
VOCABULARY: Vocabulary = parse((TEMPLATES / "community.yaml").read_text("utf-8"), Community, file="c").vocabulary()
CATALOGUE = Catalogue(current=ids("model_ids.txt"), past=ids("model_ids_past.txt"))

ODD = st.characters(categories=("Cs", "Cc", "Cf", "Mn", "Lo", "So", "Po", "Zs", "Lu"))
PIECES = st.one_of(
    st.text(st.characters(), max_size=30),
    st.text(ODD, max_size=10),
    st.sampled_from([form.printed for form in FORMS]),
    st.sampled_from(
        ["{", "}", '"', "\\", "'", "\n", "> ", "```", "429", " is not a valid model ID", "qwen/qwen3-coder"]
    ),
    st.sampled_from(
        ["Bearer ", "sk-or-v1-", "https://a:", "@example.com", "token=", "eyJ", "-----BEGIN PRIVATE KEY-----"]
    ),
    st.sampled_from(list(VOCABULARY.error_sentences)),
)
POSTS = st.lists(PIECES, max_size=8).map("".join)
SECRETS = st.sampled_from(
    [
        FAKE_KEY,
        FAKE_USER,
        f"sk-or-v1-{FAKE_TAIL[:20]}\n{FAKE_TAIL[20:]}",
        "ghp_FAKE0123456789abcdefghijklmnopqrstuv",
        "jane.fake@example.com",
        "sk-proj-FAKE0123456789abcdefABCDEF",
    ]
)


def spans_of(report: Report) -> list[Span]:
    texts = (*report.model_ids, *report.spoken_models, *report.providers, *report.generation_ids, *report.request_ids)
    spans = [one.span for one in (*texts, report.client, report.refused_by) if one]
    spans += [one.span for one in (*report.status_codes, report.retry_after_s) if one]
    return [*spans, *(one.span for one in report.secrets), *(one.span for one in report.errors), *report.quoted]


@given(title=POSTS, text=POSTS)
def test_every_text_is_read_and_every_span_lies_in_it(title: str, text: str) -> None:
    report = read(title, text, VOCABULARY, CATALOGUE)
    assert 0 <= report.title_length <= len(report.text)
    for span in spans_of(report):
        assert 0 <= span.start < span.end <= len(report.text)
    report.text.encode()


@given(title=POSTS, text=POSTS)
def test_a_span_shows_the_words_that_prove_the_value(title: str, text: str) -> None:
    report = read(title, text, VOCABULARY, CATALOGUE)
    for one in (*report.model_ids, *report.providers, *report.generation_ids, *report.request_ids):
        assert report.text[one.span.start : one.span.end].lower() == one.value.lower()
    for code in report.status_codes:
        assert report.text[code.span.start : code.span.end] == str(code.value)
    for secret in report.secrets:
        assert report.text[secret.span.start : secret.span.end].endswith("removed›")


@given(before=POSTS, secret=SECRETS, after=POSTS)
def test_no_string_of_a_report_holds_a_secret(before: str, secret: str, after: str) -> None:
    report = read("help", f"{before} {secret} {after}", VOCABULARY, CATALOGUE)
    core = secret.partition("_")[2] or secret[9:] if "@" not in secret else secret
    known = f"{before}\n{after}"
    for string in strings_in(report):
        flat = "".join(string.split())
        for piece in ("".join(core.split())[:16], "".join(core.split())[-16:]):
            assert piece not in flat or piece in "".join(known.split())


@given(text=POSTS)
def test_masking_again_changes_nothing(text: str) -> None:
    once = mask(text, VOCABULARY)
    again = mask(once.text, VOCABULARY)
    assert (again.text, again.secrets) == (once.text, ())


@given(text=POSTS, cap_bytes=st.integers(200, 2000))
def test_the_cap_holds_for_every_text(text: str, cap_bytes: int) -> None:
    masked = mask(text * 5, VOCABULARY, cap_bytes=cap_bytes)
    assert len(masked.text.encode()) <= cap_bytes
    for secret in masked.secrets:
        assert 0 <= secret.span.start <= secret.span.end <= len(masked.text)


@given(title=POSTS, text=POSTS)
def test_reading_a_masked_text_again_finds_no_secret(title: str, text: str) -> None:
    report = read(title, text, VOCABULARY, CATALOGUE)
    assert read("", report.text, VOCABULARY, CATALOGUE).secrets == ()
