"""What pages are made of: terminals, chats, toasts, tables, desktops. Nothing of them is anybody's."""

from dataclasses import dataclass
from html import escape

MONO = "font-family:'DejaVu Sans Mono','Liberation Mono',monospace"
SANS = "font-family:'Liberation Sans','DejaVu Sans',sans-serif"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One screenshot to be: how it looks, and the code and model id that a reader has to find in it."""

    name: str
    body: str
    width: int = 900
    height: int = 420
    scale: float = 1.0
    jpeg: int | None = None  # quality; None for PNG
    rotated: float = 0.0  # degrees
    blur: float = 0.0
    status: int | None = None
    model: str | None = None


def terminal(*lines: str, background: str = "#1e1e1e", colour: str = "#d4d4d4", size: int = 14) -> str:
    text = "\n".join(escape(line) for line in lines)
    style = f"{MONO};font-size:{size}px;white-space:pre-wrap;overflow-wrap:anywhere;padding:16px;height:100vh"
    return f'<div style="background:{background};color:{colour};{style}">{text}</div>'


def toast(title: str, text: str, *, behind: str = "#0f1115", colour: str = "#f87171", card: str = "#1f2430") -> str:
    return f"""<div style="background:{behind};height:100vh;{SANS}">
      <div style="position:absolute;right:24px;bottom:24px;width:420px;background:{card};border-left:4px solid {colour};
        border-radius:8px;padding:14px 16px;color:#e5e7eb;font-size:14px">
        <div style="color:{colour};font-weight:700;margin-bottom:6px">{escape(title)}</div>
        <div style="overflow-wrap:anywhere">{escape(text)}</div></div></div>"""


def chat(model: str, question: str, error: str, *, dark: bool = True, size: int = 15) -> str:
    """A chat program with the model's name on top and the error as a red bubble."""
    ground, ink, bubble = ("#17181c", "#e6e6e6", "#2a2c33") if dark else ("#ffffff", "#1f2328", "#eef1f5")
    red = "#ff7b72" if dark else "#b42318"
    asked = f"background:{bubble};border-radius:14px;padding:10px 14px;max-width:70%;margin:0 0 14px auto"
    refused = f"border:1px solid {red};color:{red};border-radius:10px;padding:12px 14px;overflow-wrap:anywhere"
    return f"""<div style="background:{ground};color:{ink};height:100vh;{SANS};font-size:{size}px;padding:18px">
      <div style="font-size:{size - 2}px;opacity:.8;margin-bottom:18px">Model: <b>{escape(model)}</b></div>
      <div style="{asked}">{escape(question)}</div><div style="{refused}">{escape(error)}</div></div>"""


def table(heading: str, columns: tuple[str, ...], rows: tuple[tuple[str, ...], ...], *, above: str = "") -> str:
    head = "".join(f'<th style="text-align:left;padding:8px 14px;color:#667085">{escape(c)}</th>' for c in columns)
    body = "".join(
        "<tr>"
        + "".join(f'<td style="padding:8px 14px;border-top:1px solid #e4e7ec">{escape(c)}</td>' for c in row)
        + "</tr>"
        for row in rows
    )
    return f"""<div style="background:#fff;color:#101828;height:100vh;{SANS};font-size:14px;padding:24px">
      <h2 style="margin:0 0 12px">{escape(heading)}</h2>{above}
      <table style="border-collapse:collapse;margin-top:12px"><tr>{head}</tr>{body}</table></div>"""


def desktop(window: str, *, left: int, top: int, width: int, height: int) -> str:
    """A window on a large desktop with icons and a task bar."""
    icon = f"position:absolute;left:24px;color:#fff;{SANS};font-size:12px;text-align:center"
    square = "width:48px;height:48px;background:#ffffff33;border-radius:8px;margin:auto"
    names = ("Home", "Trash", "Projects", "Notes", "Music")
    icons = "".join(
        f'<div style="{icon};top:{24 + 92 * number}px"><div style="{square}"></div>{name}</div>'
        for number, name in enumerate(names)
    )
    place = f"left:{left}px;top:{top}px;width:{width}px;height:{height}px"
    bar = f"position:absolute;bottom:0;left:0;right:0;height:36px;background:#0008;color:#ddd;{SANS};font-size:12px"
    return f"""<div style="background:linear-gradient(135deg,#234,#637);height:100vh;position:relative">{icons}
      <div style="position:absolute;{place};overflow:hidden;border-radius:8px">{window}</div>
      <div style="{bar};line-height:36px;padding-left:16px">14:05 · 24 Nov</div></div>"""
