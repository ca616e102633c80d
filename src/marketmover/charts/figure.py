"""A chart on a page: title, drawing, and the table of the same figures, one click away.

Drawings are SVG without a `viewBox`: across they are measured in per cent, down in pixels. So they fill any width while
text and strokes keep their size, on a phone as on paper. Paths, which know no per cent, stand in a stretched inner SVG.
"""

from collections.abc import Sequence

from markupsafe import Markup

from marketmover.charts.markup import name_of, number, tag

Point = tuple[float, float]

_ACROSS = 1000.0


def figure(title: str, drawing: Markup, figures: Markup, *, note: str = "", kind: str = "") -> Markup:
    """A chart with its title, a note on how to read it, and its table folded away.

    Args:
        title: What the chart says or shows.
        drawing: The SVG or HTML of the chart itself.
        figures: The table of its figures.
        note: One plain sentence below the title; empty for none.
        kind: A CSS class more.
    """
    caption = [tag("strong", title)] + ([tag("span", note, class_="note")] if note else [])
    folded = tag("details", tag("summary", "Figures"), figures, class_="figures")
    return tag("figure", tag("figcaption", *caption), drawing, folded, class_=f"chart {kind}".strip())


def drawing(title: str, description: str, height: float, *parts: str, kind: str = "") -> Markup:
    """The outer SVG, as wide as its place, `height` pixels high, with its name and description for screen readers."""
    names = (tag("title", title), tag("desc", description))
    return tag(
        "svg", *names, *parts, class_=f"plot {kind}".strip(), role="img", aria_label=title, width="100%", height=height
    )


def ornament(height: float, *parts: str, kind: str = "") -> Markup:
    """A small drawing in a table's cell, hidden from screen readers because the cells beside it say the same."""
    return tag(
        "svg", *parts, class_=f"plot {kind}".strip(), aria_hidden="true", focusable="false", width="100%", height=height
    )


def bar_row(label: str, strip: Markup, value: str) -> Markup:
    """A row of a chart of rows: what it is of, its drawing, its value in words."""
    cells = (tag("span", name_of(label), class_="who"), strip, tag("span", value, class_="value"))
    return tag("div", *cells, class_="bar-row")


def stretched(height: float, *paths: Markup) -> Markup:
    """An inner SVG whose x runs from 0 to 100 over the whole width, while y stays in pixels."""
    box = f"0 0 {number(_ACROSS)} {number(height)}"
    return tag("svg", *paths, width="100%", height=height, viewBox=box, preserveAspectRatio="none")


def line_path(points: Sequence[Point], kind: str) -> Markup:
    """A line through points (per cent across, pixels down); strokes keep their width however it is stretched."""
    # A lone point between two gaps is drawn as a line of no length, which a round cap makes a dot.
    drawn = [*points, *points] if len(points) == 1 else points
    return tag("path", d="M" + _steps(drawn), class_=kind, vector_effect="non-scaling-stroke", fill="none")


def area_path(upper: Sequence[Point], lower: Sequence[Point], kind: str) -> Markup:
    """The area between two lines over the same stretch."""
    return tag("path", d="M" + _steps([*upper, *reversed(lower)]) + "Z", class_=kind)


def rule(x: float, top: float, bottom: float, kind: str) -> Markup:
    """An upright line at `x` per cent."""
    return tag("line", x1=percent(x), x2=percent(x), y1=top, y2=bottom, class_=kind)


def level(y: float, kind: str) -> Markup:
    """A level line over the whole width."""
    return tag("line", x1="0", x2="100%", y1=y, y2=y, class_=kind)


def dot(x: float, y: float, kind: str, radius: float = 4.5) -> Markup:
    """A mark at `x` per cent, `y` pixels."""
    return tag("circle", cx=percent(x), cy=y, r=radius, class_=kind)


def bar(x: float, width: float, y: float, height: float, kind: str, *, radius: float | None = None) -> Markup:
    """A rectangle from `x` per cent, `width` per cent wide."""
    return tag("rect", x=percent(x), width=percent(max(width, 0.0)), y=y, height=height, rx=radius, class_=kind)


def label(x: float, y: float, text: str, *, kind: str = "tick", anchor: str | None = None) -> Markup:
    """Text at `x` per cent; at the ends it leans inwards so that nothing is cut off."""
    anchor = anchor or ("start" if x < 8 else "end" if x > 92 else "middle")
    return tag("text", text, x=percent(x), y=y, class_=kind, text_anchor=anchor)


def percent(value: float) -> str:
    """A position across, in per cent."""
    return f"{number(value)}%"


def _steps(points: Sequence[Point]) -> str:
    return "L".join(f"{number(x * _ACROSS / 100)} {number(y)}" for x, y in points)
