"""HTML and SVG elements as escaped strings. Text enters a page here or by Jinja's autoescape alone."""

import re

from markupsafe import Markup, escape

Attribute = str | int | float | bool | None

_VOID = frozenset({"br", "col", "hr", "meta"})
_SHAPES = frozenset({"circle", "line", "path", "rect", "use"})
# Controls and lone surrogates are not characters of HTML, and the latter cannot be written as UTF-8 at all. Overrides
# of direction would turn around the text that follows them; a script that runs from the right needs none.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def clean(text: str) -> str:
    """`text` without what a page must not hold: controls, overrides of direction and lone surrogates become U+FFFD."""
    return _UNPRINTABLE.sub("\ufffd", text)


def number(value: float) -> str:
    """A coordinate: at most two decimals, no trailing zeros, never `-0`.

    >>> number(12.50), number(-0.001), number(3)
    ('12.5', '0', '3')
    """
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def tag(name: str, /, *children: str, **attributes: Attribute) -> Markup:
    """One element. Children are escaped unless they are `Markup`; attributes that are `None` or `False` are left out.

    `class_` is written `class`, `aria_hidden` is written `aria-hidden`.

    >>> tag("p", "a < b", class_="note")
    Markup('<p class="note">a &lt; b</p>')
    """
    written = "".join(_attribute(key, value) for key, value in attributes.items() if value is not None)
    if name in _SHAPES and not children:
        return Markup(f"<{name}{written}/>")  # noqa: S704 - attributes are escaped above
    if name in _VOID:
        return Markup(f"<{name}{written}>")  # noqa: S704 - as above
    return Markup(f"<{name}{written}>{join(*children)}</{name}>")  # noqa: S704 - as above, and join escapes


def join(*parts: str) -> Markup:
    """Parts one after another, each escaped unless it is `Markup` already."""
    return Markup("").join(part if isinstance(part, Markup) else escape(clean(part)) for part in parts)


def name_of(text: str) -> Markup:
    """A name from outside, kept apart from the direction of the words around it (`<bdi>`), for names in any script."""
    return tag("bdi", text)


def _attribute(key: str, value: Attribute) -> str:
    if value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    if value is True:
        return f" {name}"
    text = value if isinstance(value, str) else number(float(value or 0))
    return f' {name}="{escape(clean(text))}"'
