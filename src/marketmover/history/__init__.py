"""What campaigns did: exports read, checked and kept, and handed on as a panel of lines by days."""

from marketmover.history.panel import Line, Panel, PlatformCurve

__all__ = ["Line", "Panel", "PlatformCurve"]
