"""Draws pages as pictures with a headless Chromium, and spoils them the way pictures are spoilt on their way."""

import io
from collections.abc import Sequence

from PIL import Image, ImageFilter
from playwright.sync_api import Error, sync_playwright
from playwright.sync_api import Page as Tab

from tests.browser import ARGUMENTS, CHROMIUM
from tests.screenshots.pages import Page


def photograph(pages: Sequence[Page]) -> dict[str, bytes]:
    """A picture of each page, by its name."""
    assert CHROMIUM is not None
    taken: dict[str, bytes] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        for page in pages:
            tab = browser.new_page(
                viewport={"width": page.width, "height": page.height}, device_scale_factor=page.scale
            )
            tab.set_content(f'<body style="margin:0">{page.body}</body>')
            taken[page.name] = spoilt(_seen(tab), page)
            tab.close()
        browser.close()
    return taken


def _seen(tab: Tab) -> bytes:
    """Under load Chromium may say that it is unable to capture its first picture; then it is asked once more."""
    try:
        return tab.screenshot()
    except Error:
        return tab.screenshot()


def spoilt(png: bytes, page: Page) -> bytes:
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    if page.rotated:
        picture = picture.rotate(page.rotated, resample=Image.Resampling.BICUBIC, expand=True, fillcolor="#404040")
    if page.blur:
        picture = picture.filter(ImageFilter.GaussianBlur(page.blur))
    out = io.BytesIO()
    if page.jpeg is None:
        picture.save(out, "PNG")
    else:
        picture.save(out, "JPEG", quality=page.jpeg)
    return out.getvalue()
