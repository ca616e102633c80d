"""What questions are found from, and a question that may be asked."""

from dataclasses import dataclass
from datetime import date

from marketmover.campaigns.dialogue.accounts import Accounts
from marketmover.campaigns.dialogue.manner import Manner
from marketmover.campaigns.dialogue.said import says
from marketmover.campaigns.dialogue.wording import Wording, the_day
from marketmover.plans import Brief


@dataclass(frozen=True)
class Context:
    """What questions are found from."""

    brief: Brief
    text: str
    accounts: Accounts | None
    today: date
    manner: Manner

    def monday(self) -> str:
        """When a plan starts that nobody gave a start, in words: as `compose` assumes."""
        known = self.accounts.last_day if self.accounts else None
        return the_day(known or self.today, british=self.manner.british)

    def silent(self, name: str) -> bool:
        """Whether the text does not settle a matter in words that have no field (`anywhere`, `as soon as possible`)."""
        return not says(name, self.text)


@dataclass(frozen=True)
class Candidate:
    """A question for a field; the greater its `value`, the more an answer changes the plan."""

    field: str
    value: float
    wording: Wording
    choices: tuple[str, ...] = ()
