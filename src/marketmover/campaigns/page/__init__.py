"""The plan's page: one file that a client reads, prints and signs; and the same in a client's words, as data."""

from typing import TYPE_CHECKING

from marketmover.kit import on_demand

if TYPE_CHECKING:
    from marketmover.campaigns.page.memo import Memo, MemoFact, MemoGroup, MemoLine, MemoMetric, memo_of
    from marketmover.campaigns.page.render import render_page
else:
    __getattr__, __dir__ = on_demand(
        __name__,
        {
            "Memo": "memo",
            "MemoFact": "memo",
            "MemoGroup": "memo",
            "MemoLine": "memo",
            "MemoMetric": "memo",
            "memo_of": "memo",
            "render_page": "render",
        },
    )

__all__ = ["Memo", "MemoFact", "MemoGroup", "MemoLine", "MemoMetric", "memo_of", "render_page"]
