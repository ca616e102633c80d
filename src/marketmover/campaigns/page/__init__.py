"""The plan's page: one file that a client reads, prints and signs."""

from marketmover.campaigns.page.render import render_page

__all__ = ["render_page"]
