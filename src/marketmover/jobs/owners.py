"""Who holds a lease: a name from which a person sees the machine and the process, and a process whether it has died.

Where Linux tells which boot and which process namespace we are in, a holder that was a process beside us is known to be
gone at once. Of any other nobody knows, and its lease must run out.
"""

import os
import socket
from pathlib import Path

from marketmover.kit import new_id, stable_hash

_PROCESSES = Path("/proc")
_START = 19  # field 22 of proc_pid_stat(5), counted from behind the name, which may hold anything


def new_owner() -> str:
    """A name for a holder that nobody else has: machine:process:place:began:mark."""
    began = _began(os.getpid()) or ""
    return f"{_host()}:{os.getpid()}:{_place() if began else ''}:{began}:{new_id()[:8]}"


def shown(owner: str) -> str:
    """A holder as people are told of it."""
    host, _, rest = owner.partition(":")
    return f"process {rest.partition(':')[0]} on {host}"


def is_gone(owner: str) -> bool:
    """Whether a holder is known to have died."""
    parts = owner.split(":")
    if len(parts) != 5 or not parts[2] or (parts[0], parts[2]) != (_host(), _place()):
        return False
    return _began(int(parts[1])) != parts[3]


def _host() -> str:
    return socket.gethostname().replace(":", "-")


def _place() -> str:
    """This boot of this machine, and this namespace of its processes; empty where nothing tells."""
    try:
        boot = (_PROCESSES / "sys/kernel/random/boot_id").read_text(encoding="ascii")
        return stable_hash(boot, str((_PROCESSES / "self/ns/pid").readlink()))[:12]
    except OSError:
        return ""


def _began(process: int) -> str | None:
    """When a process began, in ticks since the boot, so that one that got its number later is not taken for it."""
    try:
        told = (_PROCESSES / str(process) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    state, *fields = told.rpartition(")")[2].split()
    return None if state in {"Z", "X"} else fields[_START - 1]
