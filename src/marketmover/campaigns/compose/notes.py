"""What a plan assumed and warns of, collected while it is composed."""

from dataclasses import dataclass, field


@dataclass
class Notes:
    """Sentences for the plan, each said once, in the order they came up."""

    assumptions: list[str] = field(default_factory=list[str])
    warnings: list[str] = field(default_factory=list[str])

    def assume(self, sentence: str) -> None:
        """Record something that neither the brief nor the history says."""
        if sentence not in self.assumptions:
            self.assumptions.append(sentence)

    def warn(self, sentence: str) -> None:
        """Record something that a person should look at before signing."""
        if sentence not in self.warnings:
            self.warnings.append(sentence)
