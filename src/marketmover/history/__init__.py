"""What campaigns did: exports read, checked and kept, and handed on as a panel of lines by days."""

from marketmover.history.panel import Line, Panel, PlatformCurve
from marketmover.history.resources import AdText, GoogleResource, MetaResource

__all__ = ["AdText", "GoogleResource", "Line", "MetaResource", "Panel", "PlatformCurve"]
