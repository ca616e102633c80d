"""Reads a page strictly: every element closed in order, ids unique, and what it would load from elsewhere."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = {"meta", "br", "hr", "col", "link", "img", "input"}


@dataclass
class HtmlPage(HTMLParser):
    """What a browser would find in a page. `faults` is empty where the page is well formed."""

    source: str
    faults: list[str] = field(default_factory=list[str])
    elements: list[tuple[str, dict[str, str]]] = field(default_factory=list[tuple[str, dict[str, str]]])
    text: str = ""
    _open: list[str] = field(default_factory=list[str])

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.feed(str(self.source))
        self.close()
        self.faults += [f"never closed: {name}" for name in self._open]
        ids = [attributes["id"] for _, attributes in self.elements if "id" in attributes]
        self.faults += [f"id twice: {name}" for name in {name for name in ids if ids.count(name) > 1}]

    def __hash__(self) -> int:
        return id(self)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {key: value or "" for key, value in attrs}))
        if len({key for key, _ in attrs}) != len(attrs):
            self.faults.append(f"attribute twice: {tag}")
        if tag not in _VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {key: value or "" for key, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.faults.append(f"closed out of order: {tag} at {self.getpos()}")

    def handle_data(self, data: str) -> None:
        if not {"style", "title", "desc"} & set(self._open):
            self.text += data

    @property
    def words(self) -> str:
        """The text that is seen, white space in single blanks."""
        return re.sub(r"\s+", " ", self.text)

    def all(self, name: str) -> list[dict[str, str]]:
        """The attributes of all elements of that name."""
        return [attributes for tag, attributes in self.elements if tag == name]

    @property
    def reaches_out(self) -> list[str]:
        """What would run or load something: scripts, handlers, addresses, imports."""
        found = [
            tag for tag, _ in self.elements if tag in {"script", "iframe", "object", "embed", "link", "img", "base"}
        ]
        for tag, attributes in self.elements:
            found += [f"{tag} {key}" for key in attributes if key.startswith("on") or key in {"src", "xlink:href"}]
            found += [f"{tag} href" for key in attributes if key == "href" and not attributes[key].startswith("#")]
        styles = "".join(re.findall(r"<style>(.*?)</style>", self.source, re.DOTALL))
        return found + re.findall(r"@import|url\(|https?:", styles)
