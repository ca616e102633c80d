"""Public names that are imported when they are first asked for, so that commands start fast."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def on_demand(package: str, homes: Mapping[str, str]) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """A package's `__getattr__` and `__dir__` (PEP 562), which find each public name in the module that defines it.

    Set them where type checkers do not look, as the `else` of `if TYPE_CHECKING`: a module with a `__getattr__` has,
    for them, every name that anybody asks of it.

    Args:
        package: Its `__name__`.
        homes: Public name to module below the package: `{"load_panel": "loading.panels"}`.
    """

    def find(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(f"{package}.{homes[name]}"), name)

    def names() -> list[str]:
        return sorted({*vars(import_module(package)), *homes})

    return find, names
