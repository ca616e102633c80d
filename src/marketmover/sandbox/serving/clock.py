"""A clock that lets simulated days pass by themselves."""

from threading import Event, Lock, Thread

from marketmover.errors import UsageError
from marketmover.sandbox.serving.account import ServedAccount

FASTEST = 6_000.0
"""Days a minute, at most."""


class Clock:
    """Lives `speed` simulated days a minute; 0 stands still, so that days pass only when they are asked for."""

    def __init__(self, account: ServedAccount, speed: float) -> None:
        """Raises UsageError: The speed is none."""
        self._account, self._lock = account, Lock()
        self._changed, self._over = Event(), False
        self.speed = 0.0
        self.set(speed)
        self._thread = Thread(target=self._run, name="sandbox clock", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def set(self, speed: float) -> None:
        """Another speed from now on.

        Raises:
            UsageError: It is none.
        """
        if not 0.0 <= speed <= FASTEST:
            raise UsageError(
                f"The simulated clock cannot run at {speed:g} days a minute.", f"Choose 0 (it stands) to {FASTEST:g}."
            )
        with self._lock:
            self.speed = speed
        self._changed.set()

    def stop(self) -> None:
        """End, after the day that is being lived."""
        self._over = True
        self._changed.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._over:
            speed = self.speed
            waited = self._changed.wait(60.0 / speed if speed > 0 else None)
            self._changed.clear()
            if not waited and not self._over and self._account.today <= self._account.last_date:
                self._account.advance(1)
