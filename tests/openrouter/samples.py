"""Answers as the service gives them, shortened to what is read and a little more."""

from typing import Any

Json = dict[str, Any]


def model(model_id: str, *, prompt: str = "0.00000022", completion: str = "0.00000095") -> Json:
    return {
        "id": model_id,
        "canonical_slug": model_id,
        "name": model_id,
        "pricing": {"prompt": prompt, "completion": completion, "request": "0"},
        "expiration_date": None,
    }


def models(*more: Json, count: int = 60) -> Json:
    return {"data": [*more, *(model(f"lamp/wick-{number}") for number in range(count))], "total_count": count}


def endpoint(provider: str, *, status: int = 0, uptime: float | None = 99.5) -> Json:
    return {"name": provider, "provider_name": provider, "tag": provider, "status": status, "uptime_last_5m": uptime}


def endpoints(*rows: Json) -> Json:
    return {"data": {"id": "a/b", "endpoints": list(rows)}}


def feed(*items: tuple[str, str, str]) -> bytes:
    rows = "".join(
        f"<item><title>{title}</title><pubDate>{at}</pubDate><description><![CDATA[{text}]]></description></item>"
        for title, at, text in items
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Status</title>{rows}</channel></rss>'.encode()
