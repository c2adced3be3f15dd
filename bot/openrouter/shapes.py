"""The service's answers as values. Whatever has not the expected shape is left out; the rest still counts."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal

from bot.extraction import Catalogue
from bot.helpdesk.ports import Endpoints, LiveCatalogue, ServedBy
from bot.openrouter.api import Unavailable

#: A list that is shorter than this, or than half of the one before, is an error of the service and no news.
FEWEST_MODELS = 50
MAX_ID = 120
MAX_NAME = 60
_MILLION = 1_000_000


def read_models(answer: object, *, before: Catalogue, read_at: datetime) -> LiveCatalogue:
    """What is no longer listed becomes past. Raises `Unavailable` for a list that cannot be true."""
    current: set[str] = set()
    prices: dict[str, tuple[str, str]] = {}
    for row in _rows(answer):
        model_id = row.get("id")
        if (
            not isinstance(model_id, str)
            or "/" not in model_id
            or len(model_id) > MAX_ID
            or model_id.split() != [model_id]
        ):
            continue
        model_id = model_id.lower()
        current.add(model_id)
        if (price := _price(row.get("pricing"))) is not None:
            prices[model_id] = price
    if len(current) < max(FEWEST_MODELS, len(before.current) // 2):
        raise Unavailable(f"a list of {len(current)} models")
    past = (before.past | before.current) - current
    return LiveCatalogue(
        read_at=read_at, catalogue=Catalogue(current=frozenset(current), past=frozenset(past)), prices=prices
    )


def read_endpoints(answer: object, *, read_at: datetime) -> Endpoints:
    data = answer.get("data") if isinstance(answer, Mapping) else None
    if not isinstance(data, Mapping) or not isinstance(data.get("endpoints"), list):
        raise Unavailable("no list of endpoints")
    served_by = tuple(
        ServedBy(provider=name, is_up=_is_up(row.get("status")), uptime=_uptime(row))
        for row in _rows({"data": data["endpoints"]})
        if isinstance(name := row.get("provider_name"), str) and 0 < len(name) <= MAX_NAME
    )
    return Endpoints(read_at=read_at, served_by=served_by)


def _rows(answer: object) -> Iterator[Mapping[str, object]]:
    rows = answer.get("data") if isinstance(answer, Mapping) else None
    if not isinstance(rows, list):
        raise Unavailable("no list")
    yield from (row for row in rows if isinstance(row, Mapping))


def _is_up(status: object) -> bool:
    """0 is normal; what each negative number means is documented nowhere."""
    return not isinstance(status, int | float) or status >= 0


def _uptime(row: Mapping[str, object]) -> float | None:
    for name in ("uptime_last_5m", "uptime_last_30m"):
        value = row.get(name)
        if isinstance(value, int | float) and 0 <= value <= 100:
            return float(value)
    return None


def _price(pricing: object) -> tuple[str, str] | None:
    """Of a million tokens, in and out, as people write money; None where nothing is to be paid by the token."""
    if not isinstance(pricing, Mapping):
        return None
    amounts = [_money(pricing.get(name)) for name in ("prompt", "completion")]
    return (amounts[0], amounts[1]) if amounts[0] is not None and amounts[1] is not None else None


def _money(per_token: object) -> str | None:
    if not isinstance(per_token, str) or len(per_token) > 30:
        return None
    try:
        amount = Decimal(per_token) * _MILLION
        if not 0 < amount < _MILLION:
            return None
    except ArithmeticError:  # no number, or one that no price is
        return None
    return f"{amount:.2f}" if amount >= Decimal("0.01") else f"{amount:.4f}"
