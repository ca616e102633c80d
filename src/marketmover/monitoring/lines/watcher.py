"""Replays live days one by one: tests every figure of every line, and keeps one trouble to one finding."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marketmover.monitoring.lines.calibration import spreads_of, usual_days, weekdays_of
from marketmover.monitoring.lines.discoveries import discovered, level_of_day, tail
from marketmover.monitoring.lines.figures import Figures
from marketmover.monitoring.lines.finding import Finding, Reading, What
from marketmover.monitoring.lines.grouping import MANY, TOGETHER, former, same, stopped_too, uncounted_too
from marketmover.monitoring.lines.onsets import CANDIDATES, began_together, beginnings
from marketmover.monitoring.lines.outages import leads_fell, shown_for_budget, silent_lines, silent_platforms
from marketmover.monitoring.lines.pooling import fallen_together
from marketmover.monitoring.lines.signals import WINDOWS, Signal, driver_of, parts_of, watched_of
from marketmover.monitoring.lines.windows import Compared, compare, deviations, explained, shared_change

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

GOOD_NEWS = 7.5
"""Standard deviations that a change for the better must have; nobody is hurt by hearing of it later."""

_FOLLOWS: dict[What, frozenset[str]] = {
    "pace": frozenset({"pace", "cpm", "ctr", "conversion_rate"}),
    "delivery": frozenset({"pace", "cpm", "ctr", "conversion_rate"}),
    "cpm": frozenset({"cpm", "conversion_rate"}),
    "ctr": frozenset({"ctr", "conversion_rate"}),
    "conversion_rate": frozenset({"conversion_rate"}),
    "tracking": frozenset({"conversion_rate", "value"}),
    "value": frozenset({"value"}),
}
"""What a trouble moves beside itself: no second trouble is made of that."""

_AFTERMATH = 6  # days for which what follows may still be seen
_FEW_DAYS, _TELLING = 4, 4.0  # windows up to four days; conversions due from which on they tell
_EVE = 1  # days before the first live one on which a trouble may have begun
_NO_COUNTING = 0.15  # share of what is due below which conversions are not counted rather than fewer


@dataclass
class _Watch:
    """A figure under watch: masks of days that teach and days that count, and what is usual."""

    signal: Signal
    weekdays: Floats
    spread: Floats
    before: Bools
    now: Bools


class Watcher:
    """Watches lines day by day.

    Args:
        figures: What is known, and when.
    """

    def __init__(self, figures: Figures) -> None:
        self.figures = figures
        self.believed: list[int] = []
        self.findings: list[Finding] = []
        usual = usual_days(figures)
        ran = figures.runs & (figures.panel.cost > 0)
        self._platforms = np.array([line.platform for line in figures.panel.lines])
        self.watches = {signal.name: self._watch(signal, usual, ran) for signal in watched_of(figures)}

    def replay(self) -> list[Finding]:
        """Live through all live days; the findings, in the order of their discovery."""
        for column in range(self.figures.first, self.figures.days):
            self.live(column)
        return self.findings

    def live(self, column: int) -> None:
        """One day: what ended, what stands still, and what every figure says."""
        compared = {name: self.compared(name, column) for name in self.watches}
        for finding in self.findings:
            if finding.closed is None:
                self._resolve(finding, column, compared)
        self._silent(column)
        self._broken_tracking(column, compared["conversion_rate"])
        self._platforms_fell(column, compared["conversion_rate"])
        self._changes(column, compared)
        self._read(column, compared)
        self._forget(column)

    def told(self, row: int, column: int) -> bool:
        """Whether a finding tells of a line: one that is open on a day, or was since it was found."""
        return any(row in one.onsets and one.opened <= column for one in self.findings)

    def compared(self, name: str, column: int) -> Compared:
        """A figure's last days beside the time before."""
        watch, figures = self.watches[name], self.figures
        top, base = parts_of(watch.signal, figures, column)
        spend = driver_of(watch.signal, figures, column)
        until = slice(0, column + 1)
        weekly = base * watch.weekdays[:, until]
        return compare(watch.signal, top, weekly, spend, watch.before[:, until], watch.now[:, until], column)

    def beyond(self, name: str, compared: Compared, column: int) -> Floats:
        """Standard deviations beyond what is no trouble, shape (lines, windows)."""
        watch = self.watches[name]
        quiet = np.ones(len(self.figures.panel.lines), dtype=np.bool_)
        quiet[sorted(self._blocked(name, column))] = False
        shared = shared_change(compared, watch.spread, watch.signal.counted, quiet)
        learning, odd = (self._share(days, column) for days in (self.figures.learning, self.figures.odd))
        low, high = explained(watch.signal, compared, shared, learning, odd)
        found = deviations(watch.signal, compared, low, high, watch.spread)
        return self._of_live_days(found, column)

    def _of_live_days(self, found: Floats, column: int) -> Floats:
        """Windows within the live days alone: what began before them is no news of theirs."""
        return np.where(np.array(WINDOWS) <= column - self.figures.first + 1 + _EVE, found, 0.0)

    def _watch(self, signal: Signal, usual: Bools, ran: Bools) -> _Watch:
        weekdays = weekdays_of(signal, self.figures, usual)
        spread = spreads_of(signal, self.figures, usual, weekdays)
        now, before = ran & (self.figures.panel.impressions > 0), usual.copy()
        if signal.name == "pace":
            known = np.isfinite(self.figures.budgets)
            before &= known == known[:, self.figures.first, None]
        return _Watch(signal, weekdays, spread, before, now)

    def _share(self, days: Bools, column: int) -> Floats:
        return np.stack([days[:, max(0, column - width + 1) : column + 1].mean(axis=1) for width in WINDOWS], axis=1)

    def _silent(self, column: int) -> None:
        """Lines that should show and do not; many of a platform that stop on one day are one trouble."""
        open_rows = {row for one in self._of("delivery") for row in one.onsets if row not in one.resolved}
        rows = [row for row in silent_lines(self.figures, self.watches["pace"].before, column) if row not in open_rows]
        for platform in sorted({str(self._platforms[row]) for row in rows}):
            mine = [row for row in rows if self._platforms[row] == platform]
            groups = [mine] if len(mine) >= MANY else [[row] for row in mine]
            for group in groups:
                finding = former(self.findings, "delivery", -1, group[0], column) or stopped_too(
                    self.findings, platform, column
                )
                finding = finding or self._open("delivery", -1, platform, column)
                for row in group:
                    self._add(finding, row, column, -5.0, 9.0)

    def _broken_tracking(self, column: int, compared: Compared) -> None:
        """Platforms on which conversions are no longer counted."""
        counts, blocked = self.watches["conversion_rate"], self._blocked("conversion_rate", column)
        open_rows = {row for one in self._of("tracking") for row in one.onsets if row not in one.resolved}
        for platform in sorted(set(self._platforms.tolist())):
            rows = np.flatnonzero(self._platforms == platform)
            free = np.array([row for row in rows if row not in blocked or row in open_rows], dtype=np.int64)
            width = silent_platforms(compared, free)
            if width is None:
                continue
            begun = column - width + 1
            finding = same(self.findings, "tracking", -1, platform, column, begun)
            if finding is None and any(row in open_rows for row in free):
                continue
            finding = finding or self._open("tracking", -1, platform, column)
            for row in free:
                if row not in open_rows and compared.due[row].max() > 0 and counts.now[row, column]:
                    self._add(finding, int(row), begun, -2.5, 9.0)

    def _platforms_fell(self, column: int, compared: Compared) -> None:
        """Platforms on which all lines convert less; each is one test of the day."""
        blocked, counts = self._blocked("conversion_rate", column), self.watches["conversion_rate"]
        free = np.array([row not in blocked for row in range(self._platforms.size)]) & counts.now[:, column]
        tests = len(self.watches) * free.size
        for platform in sorted(set(self._platforms.tolist())):
            mine = self._platforms == platform
            rows, others = np.flatnonzero(free & mine), np.flatnonzero(free & ~mine)
            beyond = self._of_live_days(fallen_together(compared, rows, others, counts.spread), column)
            window = int(np.argmin(beyond))
            if tail(float(beyond[window])) > level_of_day(self.believed) / tests:
                continue
            begun = column - WINDOWS[window] + 1
            finding = same(self.findings, "conversion_rate", -1, platform, column, begun)
            finding = finding or uncounted_too(self.findings, platform, column, begun)
            finding = finding or self._open("conversion_rate", -1, platform, column)
            for row in rows[compared.usable[rows, window]]:
                change = min(float(compared.change[row, window]), -0.1)
                self._add(finding, int(row), begun, change, abs(float(beyond[window])))

    def _changes(self, column: int, compared: dict[str, Compared]) -> None:
        """Every figure of every line, all of the day's tests together."""
        names = list(self.watches)
        beyond = {name: self.beyond(name, compared[name], column) for name in names}
        lines = len(self.figures.panel.lines)
        best = {name: np.argmax(np.abs(beyond[name]), axis=1) for name in names}
        peak = np.stack([beyond[name][np.arange(lines), best[name]] for name in names], axis=1)
        for place, name in enumerate(names):
            peak[sorted(self._blocked(name, column)), place] = 0.0
            bad = self.watches[name].signal.bad
            good = (np.sign(peak[:, place]) == -bad) & (np.abs(peak[:, place]) < GOOD_NEWS)
            peak[good, place] = 0.0
        tails = np.vectorize(tail, otypes=[np.float64])(peak)
        believed = discovered(tails, level_of_day(self.believed))
        self.believed.append(int(believed.sum()))
        for row, place in zip(*np.nonzero(believed), strict=True):
            name = names[place]
            if row in self._blocked(name, column):
                continue
            window = int(best[name][row])
            self._found(name, int(row), column, window, float(peak[row, place]), compared[name])

    def _found(self, name: str, row: int, column: int, window: int, deviation: float, compared: Compared) -> None:
        direction = 1 if deviation > 0 else -1
        change, begun = float(compared.change[row, window]), column - WINDOWS[window] + 1
        what: What = self.watches[name].signal.name
        if name == "conversion_rate" and self._uncounted(compared, row, column):
            what = "tracking"
        platform = str(self._platforms[row])
        finding = former(self.findings, what, direction, row, column)
        if what == "cpm" and direction > 0:
            finding = finding or self._rival(platform, row, column)
        elif what == "pace" and direction < 0:
            finding = finding or stopped_too(self.findings, platform, column)
        elif name == "conversion_rate" and direction < 0:
            finding = finding or uncounted_too(self.findings, platform, column, begun)
            finding = finding or (
                same(self.findings, what, direction, platform, column, begun) if what == "tracking" else None
            )
        self._add(finding or self._open(what, direction, platform, column), row, begun, change, abs(deviation))

    def _uncounted(self, compared: Compared, row: int, column: int) -> bool:
        """Whether conversions stopped altogether over the last days in which some were due, and leads did not."""
        enough = np.flatnonzero(compared.usable[row] & (compared.due[row] >= 4.0))
        if not enough.size or compared.seen[row, enough[0]] > _NO_COUNTING * compared.due[row, enough[0]]:
            return False
        return not leads_fell(self.figures, row, column - WINDOWS[int(enough[0])] + 1, column)

    def _of(self, what: What) -> list[Finding]:
        return [one for one in self.findings if one.what == what]

    def _open(self, what: What, direction: int, platform: str, column: int) -> Finding:
        finding = Finding(what, direction, column, platform)
        self.findings.append(finding)
        return finding

    def _rival(self, platform: str, row: int, column: int) -> Finding | None:
        """The open finding on dearer lines of a platform that a further one can have got dearer together with."""
        mine = self._beginnings(row, column)
        for one in reversed(self.findings):
            alike = (one.what, one.direction, one.platform) == ("cpm", 1, platform) and one.closed is None
            if not alike or column - one.began >= CANDIDATES - TOGETHER:
                continue
            if began_together([self._beginnings(other, column) for other in one.onsets], mine):
                return one
        return None

    def _beginnings(self, row: int, column: int) -> Floats:
        panel, watch, until = self.figures.panel, self.watches["cpm"], slice(0, column + 1)
        ran = watch.now[row, until] & (panel.impressions[row, until] > 0)
        price = np.where(ran, panel.cost[row, until], 1.0) / np.where(ran, panel.impressions[row, until], 1.0)
        return beginnings(np.log(price / watch.weekdays[row, until]), ran)

    def _add(self, finding: Finding, row: int, begun: int, change: float, deviation: float) -> None:
        finding.onsets.setdefault(row, begun)
        finding.changes[row] = change
        finding.deviation = max(finding.deviation, deviation)
        finding.resolved.pop(row, None)
        finding.closed = None
        for name in self.watches.keys() & _FOLLOWS[finding.what]:
            self.watches[name].before[row, max(begun - 1, 0) :] = False

    def _blocked(self, name: str, column: int) -> set[int]:
        """Lines whose figure is spoken for by a trouble that is open, or over for a few days only."""
        blocked: set[int] = set()
        for one in self.findings:
            if name in _FOLLOWS[one.what]:
                after = 1 if name == one.what else _AFTERMATH
                blocked |= {row for row in one.onsets if row not in one.resolved or column - one.resolved[row] <= after}
        return blocked

    def _resolve(self, finding: Finding, column: int, compared: dict[str, Compared]) -> None:
        """Lines on which the last days are as before again, and the finding when none is left."""
        for row in finding.onsets:
            if row not in finding.resolved and self._is_over(finding, row, column, compared):
                self._over(finding, row, column)
        if len(finding.resolved) == len(finding.onsets) or self._mostly_over(finding, column, compared):
            finding.closed = column

    def _mostly_over(self, finding: Finding, column: int, compared: dict[str, Compared]) -> bool:
        """Whether a platform's conversions are back on most lines, and the others are too small to say otherwise."""
        left = [row for row in finding.onsets if row not in finding.resolved]
        counts = compared["conversion_rate"]
        over = finding.what in {"tracking", "conversion_rate"} and 2 * len(left) <= len(finding.onsets)
        if not over or len(finding.onsets) < MANY or (counts.due[left, :_FEW_DAYS] >= _TELLING).any():
            return False
        for row in left:
            self._over(finding, row, column)
        return True

    def _over(self, finding: Finding, row: int, column: int) -> None:
        """A line is over it: the days of the trouble teach nothing, those since then do again."""
        finding.resolved[row] = column
        for name in self.watches.keys() & _FOLLOWS[finding.what]:
            watch = self.watches[name]
            watch.now[row, finding.onsets[row] : column - 1] = False
            watch.before[row, column - 1 :] = watch.now[row, column - 1 :] & ~self.figures.odd[row, column - 1 :]

    def _is_over(self, finding: Finding, row: int, column: int, compared: dict[str, Compared]) -> bool:
        panel = self.figures.panel
        if finding.what == "delivery":
            shown, begun = shown_for_budget(self.figures, row, column), finding.onsets[row]
            usual = shown[max(0, begun - 14) : begun]
            return bool(panel.impressions[row, column] > 0.3 * np.median(usual)) if usual.size else True
        if column - finding.onsets[row] < 2:
            return False
        name = "conversion_rate" if finding.what == "tracking" else finding.what
        found = compared[name]
        wide = [place for place, width in enumerate(WINDOWS) if width >= 2 and found.usable[row, place]]
        enough = [place for place in wide if not self.watches[name].signal.counted or found.due[row, place] >= _TELLING]
        if not wide:
            return False
        change = float(found.change[row, (enough or wide[-1:])[0]])
        return finding.direction * change < 0.4 * abs(finding.changes[row])

    def _read(self, column: int, compared: dict[str, Compared]) -> None:
        """What each figure says of the days since a trouble began, for all that are open."""
        for finding in self.findings:
            for row in finding.onsets:
                if row not in finding.resolved:
                    since = column - finding.onsets[row] + 1
                    place = max(at for at, width in enumerate(WINDOWS) if width <= max(since, 1))
                    readings = {
                        name: self._reading(name, found, row, place, column) for name, found in compared.items()
                    }
                    finding.readings[row] = {name: one for name, one in readings.items() if one is not None}

    def _reading(self, name: str, found: Compared, row: int, place: int, column: int) -> Reading | None:
        due = float(found.due[row, place])
        if not found.usable[row, place] or due <= 0:
            return None
        watch, rate = self.watches[name], float(found.rate[row, place])
        chance = 1.0 / max(due, 0.5) if watch.signal.counted else 0.0
        spread = float(np.hypot(watch.spread[row, place], np.sqrt(chance)))
        return Reading(
            column, rate * float(found.seen[row, place]) / due, rate, spread, float(found.change[row, place])
        )

    def _forget(self, column: int) -> None:
        """Findings whose lines no longer run are over."""
        for finding in self.findings:
            for row in finding.onsets:
                if row not in finding.resolved and not self.figures.runs[row, column]:
                    finding.resolved[row] = column
            if finding.closed is None and len(finding.resolved) == len(finding.onsets):
                finding.closed = column
