"""What is true at present, as values with the time of their reading. Who reads it is not known here."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.extraction import Catalogue, closest_models
from bot.extraction.catalogue_index import base
from bot.triage.plans import Value

#: Age at which a reading says nothing about the present any more.
MAX_AGE = {"catalogue": timedelta(hours=3), "endpoints": timedelta(minutes=6), "incident": timedelta(minutes=15)}
#: Likeness from which on an id is told as the one that was meant.
NEAREST = 82.0
#: Share of requests that went through in the last minutes, below which a provider counts as failing.
FAILING_UPTIME = 60.0
FREE = ":free"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedBy:
    """One provider that has the model. `uptime` is of the last minutes, in percent; None where nobody measured."""

    provider: str
    is_up: bool = True
    uptime: float | None = None

    @property
    def is_failing(self) -> bool:
        return not self.is_up or (self.uptime is not None and self.uptime < FAILING_UPTIME)


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoints:
    """Which providers serve a model; none when it has no endpoint."""

    read_at: datetime
    served_by: tuple[ServedBy, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveCatalogue:
    """`catalogue` holds the past ids as well; `prices` are of a million tokens, by id, in and out."""

    read_at: datetime
    catalogue: Catalogue
    prices: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    read_at: datetime
    title: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """Everything is optional: an answer is right without it."""

    catalogue: LiveCatalogue | None = None
    endpoints: Mapping[str, Endpoints] = field(default_factory=dict)  # by model id, lower case
    incident: Incident | None = None

    def fresh(self, now: datetime) -> "Live":
        """Without what is too old to speak of the present."""

        def is_fresh(kind: str, read_at: datetime) -> bool:
            return now - read_at <= MAX_AGE[kind]

        return replace(
            self,
            catalogue=self.catalogue if self.catalogue and is_fresh("catalogue", self.catalogue.read_at) else None,
            endpoints={m: e for m, e in self.endpoints.items() if is_fresh("endpoints", e.read_at)},
            incident=self.incident if self.incident and is_fresh("incident", self.incident.read_at) else None,
        )


def live_values(live: Live, model: str | None, provider: str | None) -> dict[str, Value]:
    """What an article may print about the present; `live` is fresh. Nothing that is not known appears."""
    values: dict[str, Value] = {}
    if live.incident is not None:
        values |= {"incident": live.incident.title, "incident_since": _clock(live.incident.since)}
    if model is None:
        return values
    if live.catalogue is not None:
        values |= _catalogue_values(live.catalogue, model)
    endpoints = live.endpoints.get(model.lower())
    if endpoints is not None:
        values |= _endpoint_values(endpoints, provider)
    return values


def _catalogue_values(known: LiveCatalogue, model: str) -> dict[str, Value]:
    asked = model.lower()
    if asked in known.catalogue.current:
        return {}
    paid = asked.removesuffix(FREE)
    if asked.endswith(FREE) and paid in known.catalogue.current:
        price = known.prices.get(paid)
        found: dict[str, Value] = {"no_free_variant": paid, "listed_at": _clock(known.read_at)}
        return found if price is None else {**found, "paid_price": f"${price[0]} in, ${price[1]} out"}
    plain = base(asked)
    if not plain or plain in known.catalogue.current:  # somebody's own preset; a suffix that the list never has
        return {}
    nearest = next(iter(closest_models(model, known.catalogue, limit=1, floor=NEAREST)), None)
    if nearest is None:
        return {"unlisted_model": model, "listed_at": _clock(known.read_at)}
    return {"unlisted_model": model, "nearest_model": nearest[0], "listed_at": _clock(known.read_at)}


def _endpoint_values(endpoints: Endpoints, provider: str | None) -> dict[str, Value]:
    names = tuple(dict.fromkeys(one.provider for one in endpoints.served_by))
    working = tuple(dict.fromkeys(one.provider for one in endpoints.served_by if not one.is_failing))
    found: dict[str, Value] = {"seen_at": _clock(endpoints.read_at)}
    if working:
        found["serving_providers"] = working
    same = [one for one in endpoints.served_by if provider and one.provider.lower() == provider.lower()]
    if len(names) == 1 and (same or provider is None):  # an error that blames another knows of more than one
        found["only_provider"] = names[0]
    if same and all(one.is_failing for one in same):
        found["failing_provider"] = same[0].provider
        uptimes = [one.uptime for one in same if one.uptime is not None]
        if uptimes:
            found["failing_uptime"] = f"{max(uptimes):.0f} %"
        others = tuple(name for name in working if name != same[0].provider)
        if others:
            found["working_providers"] = others
    return found


def _clock(moment: datetime) -> str:
    return f"{moment:%H:%M} UTC"
