"""Peers live in environments of their own, since they pin other packages than we do."""

import subprocess
import venv
from collections.abc import Sequence
from pathlib import Path

from platformdirs import user_cache_path


def peer_python(*pinned: str, alone: Sequence[str] = ()) -> Path | None:
    """The Python of an environment with the pinned packages, made where it is missing; says why where it cannot be.

    Packages in `alone` are installed without what they ask for: of some only the data are wanted.
    """
    folder = user_cache_path("marketmover") / "benchmarks" / "-".join((*pinned, *alone)).replace("==", "-")
    python, ready = folder / "bin" / "python", folder / "ready"
    if ready.exists():
        return python
    print(f"installing {', '.join((*pinned, *alone))} into {folder}: some minutes, once", flush=True)
    try:
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "-q", *pinned], check=True, capture_output=True, text=True)
        if alone:
            install = [python, "-m", "pip", "install", "-q", "--no-deps", *alone]
            subprocess.run(install, check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError) as error:
        why = getattr(error, "stderr", "") or error
        print(f"{pinned[0]} cannot be installed, so only our own figures follow: {str(why).strip()[-400:]}")
        return None
    ready.touch()
    return python
