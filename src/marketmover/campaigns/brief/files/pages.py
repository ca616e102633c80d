"""HTML into text: a line a block, quotes marked as in a mail, nothing that the reader of the page does not see."""

import re
from html.parser import HTMLParser

_PAGE = re.compile(r"\s*(?:<\?xml[^>]{0,200}>\s*)?<(?:!doctype html|html|body|div|table|p)\b", re.IGNORECASE)
_BLOCKS = frozenset(
    (
        "p", "div", "br", "tr", "li", "ul", "ol", "dl", "dt", "dd", "table", "h1", "h2", "h3", "h4", "h5", "h6",
        "blockquote", "section", "article", "header", "footer", "hr", "label", "legend", "option", "pre",
    )
)  # fmt: skip
_SKIPPED = frozenset(("style", "script", "head", "title", "template", "noscript"))
_VOID = frozenset(("br", "hr", "img", "input", "meta", "link", "col", "wbr", "area", "base", "source"))
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|font-size\s*:\s*0(?![.\d])")
_FOLDED = re.compile(r"quote|moz-cite|yahoo_quoted")
_RUN_OF_BLANKS = re.compile(r"[^\S\xa0]+")


def is_page(text: str) -> bool:
    """Whether a text is HTML rather than words."""
    return _PAGE.match(text) is not None


def text_of_html(html: str) -> str:
    """The text of an HTML part: a line a block, quotes marked by `> `, no styles or scripts, nothing hidden."""
    reader = _HtmlText()
    reader.feed(html)
    reader.close()
    return reader.text()


class _HtmlText(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = [""]
        self._quotes = 0
        self._unseen: list[str] = []
        """The open elements from the first one that is not shown."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a line at a block."""
        given = dict(attrs)
        if self._unseen:
            if tag == self._unseen[0]:
                self._unseen.append(tag)
            return
        if tag not in _VOID and (tag in _SKIPPED or _HIDDEN.search((given.get("style") or "").lower())):
            self._unseen.append(tag)
            return
        if tag in _BLOCKS:
            self._lines.append("")
        if tag in ("p", "hr") or (tag == "div" and _FOLDED.search((given.get("class") or "").lower())):
            self._lines.append("")
        self._quotes += tag == "blockquote"
        if tag in ("td", "th"):
            self._cell()
        if tag == "li":
            self._lines[-1] += "- "

    def handle_endtag(self, tag: str) -> None:
        """End a line at a block."""
        if self._unseen:
            if tag == self._unseen[0]:
                self._unseen.pop()
            return
        if tag in _BLOCKS:
            self._lines.append("")
        self._quotes -= tag == "blockquote" and self._quotes > 0

    def handle_data(self, data: str) -> None:
        """Add text to the present line."""
        if self._unseen:
            return
        words = _RUN_OF_BLANKS.sub(" ", data)
        if words.strip() and not self._lines[-1] and self._quotes:
            self._lines[-1] = "> " * min(self._quotes, 20)
        self._lines[-1] += words.lstrip() if not self._lines[-1].strip(" >") else words

    def _cell(self) -> None:
        """Part two cells of a row: a label that ends in a colon from its value by a blank, others by a bar."""
        line = self._lines[-1]
        if line.strip(" >"):
            self._lines[-1] += " | " if " | " in line or not line.rstrip().endswith(":") else " "

    def text(self) -> str:
        """What was read."""
        return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in self._lines)).strip() + "\n"
