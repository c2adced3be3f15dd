"""Serves the page: the whole of it, its parts when something changed, and what people do on it."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib import resources

from aiohttp import web

from bot.playground.control import Control
from bot.playground.model import Place, Thread
from bot.playground.page import views
from bot.playground.page.explanation import Explanation
from bot.playground.people import User
from bot.playground.world import World

_STATIC = {"style.css": "text/css", "page.js": "text/javascript"}
#: Nothing from elsewhere may be loaded, whatever a message contains.
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
}
MAX_TEXT = 2000
MAX_TITLE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    title: str
    text: str


class Page:
    """`explain` gives the decisions about a thread, oldest first."""

    def __init__(
        self,
        world: World,
        control: Control,
        *,
        samples: Sequence[Sample] = (),
        explain: Callable[[int], Sequence[Explanation]] = lambda _: (),
    ) -> None:
        self._world = world
        self._control = control
        self._samples = samples
        self._explain = explain
        self._change = asyncio.Event()  # the next one
        self._is_closing = False
        world.listen(lambda _: self.changed())

    def add_to(self, app: web.Application) -> None:
        app.router.add_get("/", self._whole)
        app.router.add_get("/page/parts", self._parts)
        app.router.add_get("/page/changes", self._changes)
        app.router.add_get("/page/{name:style.css|page.js}", self._static)
        app.router.add_post("/page/samples", self._press_sample)
        app.router.add_post("/page/posts", self._write_post)
        app.router.add_post("/page/posts/{post}/replies", self._write_reply)
        app.router.add_post("/page/posts/{post}/messages/{message}/presses", self._press_button)
        app.on_shutdown.append(self._close)

    def changed(self) -> None:
        """Something on the page is no longer true; also to be called when there is a new explanation."""
        past, self._change = self._change, asyncio.Event()
        past.set()

    async def _whole(self, request: web.Request) -> web.Response:
        place = self._selected(request)
        text = views.document(
            **self._regions(place),
            samples=views.samples([sample.title for sample in self._samples]),
            selected=place,
        )
        return web.Response(text=text, content_type="text/html", headers=_HEADERS)

    async def _parts(self, request: web.Request) -> web.Response:
        return web.json_response(self._regions(self._selected(request)), headers=_HEADERS)

    async def _changes(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events; each says only that the parts should be fetched anew."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", **_HEADERS})
        await response.prepare(request)
        with suppress(ConnectionError):
            while not self._is_closing:
                change = self._change
                await response.write(b"data: changed\n\n")
                await change.wait()
        return response

    async def _close(self, _: web.Application) -> None:
        self._is_closing = True
        self.changed()

    async def _static(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        text = resources.files(__package__).joinpath("static", name).read_text("utf-8")
        return web.Response(text=text, content_type=_STATIC[name], headers=_HEADERS)

    async def _press_sample(self, request: web.Request) -> web.Response:
        form = await _form(request)
        number = form.get("sample", "")
        if not number.isdecimal() or int(number) >= len(self._samples):
            raise web.HTTPBadRequest(text="There is no such sample.")
        sample = self._samples[int(number)]
        return self._show(self._control.create_post(sample.title, sample.text), request)

    async def _write_post(self, request: web.Request) -> web.Response:
        form = await _form(request)
        title, text = form.get("title", "").strip(), form.get("text", "").strip()
        if not title or len(title) > MAX_TITLE or len(text) > MAX_TEXT:
            raise web.HTTPBadRequest(text=f"A post needs a title of at most {MAX_TITLE} characters.")
        return self._show(self._control.create_post(title, text), request)

    async def _write_reply(self, request: web.Request) -> web.Response:
        place = self._place(request.match_info["post"])
        form = await _form(request)
        text = form.get("text", "").strip()
        if place is None or not text or len(text) > MAX_TEXT:
            raise web.HTTPBadRequest(text="A reply needs a post that is still there, and a text.")
        self._control.reply(place, text, by=self._person(form.get("by", "asker")))
        return self._show(place, request)

    async def _press_button(self, request: web.Request) -> web.Response:
        place = self._place(request.match_info["post"])
        form = await _form(request)
        number = request.match_info["message"]
        known = {**place.messages, **place.whispers} if place is not None else {}
        message = known.get(int(number)) if number.isdecimal() else None
        if place is None or message is None:
            raise web.HTTPBadRequest(text="That message is gone.")
        by_id = form.get("by_id", "")
        person = self._world.users.get(int(by_id)) if by_id.isdecimal() else None
        try:
            self._control.press(message, form.get("button", ""), by=person or self._person(form.get("by", "asker")))
        except ValueError as no:
            raise web.HTTPBadRequest(text=str(no)) from None
        return self._show(place, request)

    def _show(self, place: Place, request: web.Request) -> web.Response:
        """Back to the page; scripts get the address instead of being sent there."""
        address = f"/?post={place.id}#thread"
        if "application/json" in request.headers.get("Accept", ""):
            return web.json_response({"address": address})
        raise web.HTTPSeeOther(address)

    def _regions(self, place: Place | None) -> dict[str, str]:
        return {
            "posts": views.post_list(self._world, place),
            "thread": views.thread_view(self._world, place),
            "why": views.why_panel(self._explain(place.id) if place else ()),
        }

    def _selected(self, request: web.Request) -> Place | None:
        wanted = self._place(request.query.get("post", ""))
        return wanted or max(self._world.threads, key=lambda thread: thread.id, default=None)

    def _place(self, number: str) -> Place | None:
        """What the page shows one of: a post, or the moderators' channel."""
        place = self._world.places.get(int(number)) if number.isdecimal() else None
        return place if isinstance(place, Thread) or place is self._world.moderators else None

    def _person(self, name: str) -> User:
        person: User = getattr(self._world.cast, name if name in views.PEOPLE else "asker")
        return person


async def _form(request: web.Request) -> dict[str, str]:
    """What somebody filled in on this very page; another site may not post here through their browser."""
    origin = request.headers.get("Origin")
    if origin not in (None, f"http://{request.host}"):
        raise web.HTTPForbidden(text="Only the page itself may do this.")
    return {name: str(value) for name, value in (await request.post()).items()}
