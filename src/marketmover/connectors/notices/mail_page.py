"""A message as the HTML of a mail: one column, inline styles and a table, since many readers know no more."""

from markupsafe import Markup

from marketmover.charts import join, name_of, tag
from marketmover.monitoring.notices import REPEATED, STEPS, Message, Notice, heading_of

_FONT = "font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"
_INK, _MUTED, _LINE, _PAPER, _SHEET, _ACCENT = "#191c20", "#5b626c", "#e2ddd3", "#f6f3ed", "#ffffff", "#0d5c63"
_COLOURS = {"info": ("#0d5c63", "#d3e6e4"), "warning": ("#7a4a00", "#fdf0e1"), "critical": ("#9b1c1c", "#fde8e8")}
_OVER = ("#1f5f2e", "#e2f1e4")
_COLUMN = (
    "max-width:600px;margin:0 auto;border-spacing:0;table-layout:fixed;overflow-wrap:anywhere;word-break:break-word;"
    f"{_FONT}"
)
_BADGE = "display:inline-block;padding:3px 10px;border-radius:12px;font-size:13px;font-weight:600"
_BOX = f"margin:0 0 12px;padding:16px;border:1px solid {_LINE};border-radius:8px;background:{_SHEET}"
_BUTTON = (
    "display:inline-block;margin:16px 0 0;padding:12px 20px;border-radius:6px;font-size:16px;font-weight:600;"
    f"text-decoration:none;background:{_ACCENT};color:#ffffff"
)
_STYLES = (
    "@media (prefers-color-scheme: dark) {"
    " .paper { background: #121416 !important; } .sheet { background: #191c1f !important; }"
    " .ink { color: #ece9e3 !important; } .muted { color: #a5abb3 !important; }"
    " .line { border-top-color: #33383e !important; border-right-color: #33383e !important;"
    " border-bottom-color: #33383e !important; } }"
)


def html_of(message: Message) -> str:
    """The mail's page; its first words are what a phone shows beside the subject."""
    heading, first = heading_of(message), message.notices[0]
    several = bool(message.digest) or len(message.notices) > 1
    preview = heading if several else f"{STEPS[first.step]} · {first.severity}. {first.body}"
    parts = [
        *([_paragraph(REPEATED, _MUTED, "muted")] if message.repeated else []),
        *(
            [tag("h1", heading, class_="ink", style=f"margin:0 0 16px;font-size:22px;line-height:1.3;color:{_INK}")]
            if several
            else []
        ),
        *(_notice(notice) for notice in message.notices),
        tag(
            "p",
            "Sent by marketmover. Who is told what, and when, stands in notices.toml.",
            class_="muted",
            style=f"margin:16px 4px 0;font-size:13px;line-height:1.5;color:{_MUTED}",
        ),
    ]
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", heading),
        tag("style", Markup(_STYLES)),  # noqa: S704 - our own
    )
    hidden = "display:none;max-height:0;overflow:hidden;mso-hide:all"
    column = tag("td", *parts, style="padding:16px 12px")
    table = tag("table", tag("tr", column), role="presentation", width="100%", style=_COLUMN)
    body = tag("body", tag("div", preview, style=hidden), table, class_="paper", style=f"margin:0;background:{_PAPER}")
    return f"<!doctype html>\n{tag('html', head, body, lang='en')}\n"


def _notice(notice: Notice) -> Markup:
    ink, ground = _OVER if notice.step == "resolved" else _COLOURS[notice.severity]
    badge = f"{_BADGE};color:{ink};background:{ground}"
    title = f"margin:10px 0 8px;font-size:18px;line-height:1.35;font-weight:650;color:{_INK}"
    parts = [
        tag("span", f"{STEPS[notice.step]} · {notice.severity}", style=badge),
        tag("h2", name_of(notice.title), class_="ink", style=title),
        _paragraph(notice.body, _INK, "ink"),
        *(_fact(name, value) for name, value in notice.facts),
        *([_button(notice.link)] if notice.link else []),
    ]
    box = f"{_BOX};border-left:4px solid {ink}"
    return tag("div", *parts, class_="sheet line", style=box)


def _fact(name: str, value: str) -> Markup:
    label = tag("span", name, class_="muted", style=f"display:block;font-size:13px;color:{_MUTED}")
    words = tag("span", value, class_="ink", style=f"color:{_INK}")
    return tag("p", join(label, words), style="margin:10px 0 0;font-size:16px;line-height:1.45")


def _paragraph(text: str, colour: str, kind: str) -> Markup:
    return tag("p", text, class_=kind, style=f"margin:0;font-size:16px;line-height:1.5;color:{colour}")


def _button(link: str) -> Markup:
    return tag("a", "Open", href=link, style=_BUTTON)
