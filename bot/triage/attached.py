"""What the asker is told about their attachments: what was read in them, or, honestly, that it could not be."""

from bot.triage.plans import Part, Words
from bot.triage.situation import Situation

MOST = 4
#: Words of an error from which on it is the error itself and no label beside it.
TELLING_WORDS = 4


def what_was_read(s: Situation) -> tuple[Part, ...]:
    """So that they can tell when it was misread; nothing when the attachments name nothing."""
    return (*_read_in_pictures(s), *_about_files(s))


def about_attachments(s: Situation) -> tuple[Part, ...]:
    """Beside the open question."""
    if s.posts.report.pictured:
        return what_was_read(s)
    # A file that was read, or not, is news; that a picture would do as well is not needed then.
    offer = (Words(name="question-open-picture"),) if s.view.reads_pictures else ()
    return _about_files(s) or offer


def show_an_error(s: Situation) -> bool:
    """Whether an attachment shows the error's text, so that it must not be asked for."""
    return any(
        (s.posts.is_pictured(e.span) or s.posts.is_filed(e.span)) and len(e.message.split()) >= TELLING_WORDS
        for e in s.posts.report.errors
    )


def _read_in_pictures(s: Situation) -> tuple[Part, ...]:
    report = s.posts.report
    found = [f"HTTP {code.value}" for code in report.status_codes if s.posts.is_pictured(code.span)]
    found += [f.value for f in (*report.model_ids, *report.providers) if s.posts.is_pictured(f.span)]
    if not found:
        return ()
    return (Words(name="picture-read", values={"known": tuple(dict.fromkeys(found))[:MOST]}),)


def _about_files(s: Situation) -> tuple[Part, ...]:
    if s.posts.unread_files:
        return (Words(name="file-unread"),)
    return (Words(name="file-cut"),) if s.posts.cut_files else ()
