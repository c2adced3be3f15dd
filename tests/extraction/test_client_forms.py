"""Every way in which clients print an error is read alike."""

import pytest

from bot.extraction import Catalogue, Vocabulary, read
from tests.extraction.forms import FORMS, Form


@pytest.mark.parametrize("form", FORMS, ids=lambda form: f"form-{form.number}")
def test_the_innermost_message_of_a_clients_form_is_read(
    form: Form, vocabulary: Vocabulary, catalogue: Catalogue
) -> None:
    report = read("", form.printed, vocabulary, catalogue)
    error = next((error for error in report.errors if error.message.startswith(form.message)), None)
    assert error is not None, [error.message for error in report.errors]
    assert error.status == form.status
    assert error.provider == form.provider
    assert form.fields.items() <= error.fields.items()


@pytest.mark.parametrize("form", FORMS, ids=lambda form: f"form-{form.number}")
def test_a_form_says_one_thing_about_codes_models_and_client(
    form: Form, vocabulary: Vocabulary, catalogue: Catalogue
) -> None:
    report = read("", form.printed, vocabulary, catalogue)
    assert [code.value for code in report.status_codes] == ([form.status] if form.status else [])
    assert tuple(model.value for model in report.model_ids) == form.models
    if form.client:
        assert report.client is not None
        assert report.client.value == form.client
    if form.provider:
        assert form.provider in [provider.value for provider in report.providers]


def test_every_form_of_the_facts_has_a_sample() -> None:
    assert [form.number for form in FORMS] == list(range(1, 44))


@pytest.mark.parametrize("form", FORMS, ids=lambda form: f"form-{form.number}")
@pytest.mark.parametrize("wrapping", ["```\n{}\n```", "> {}", "it says\n\n{}\n\nany idea?", "`{}`"])
def test_what_people_put_around_a_form_does_not_hide_its_message(
    form: Form, wrapping: str, vocabulary: Vocabulary, catalogue: Catalogue
) -> None:
    text = wrapping.format(form.printed.replace("\n", "\n> ") if wrapping.startswith(">") else form.printed)
    messages = [error.message for error in read("help", text, vocabulary, catalogue).errors]
    assert any(message.startswith(form.message) for message in messages), messages
