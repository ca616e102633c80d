"""Where a model lies: a folder, or a pinned revision on a model hub, fetched once and kept in the hub's own cache."""

import re
from pathlib import Path
from typing import Any

from marketmover.errors import InputError, NotFoundError, SettingsError
from marketmover.language.networks import library

_PART = r"\w(?:[\w.-]*\w)?"
_NAME = re.compile(rf"{_PART}(?:/{_PART})?", re.ASCII)
_WANTED = ["*.json", "*.txt", "*.model", "*.safetensors", "*.onnx"]  # neither pickles nor code


def model_folder(model: str, extra: str = "transformers") -> Path:
    """The folder of a model that a setting or an option names.

    Args:
        model: A folder, or `NAME@REVISION` on the hub; a revision is a commit, a tag or a branch.
        extra: The extra of this project that the model needs.

    Raises:
        NotFoundError: There is no such folder; the hub knows no such model or revision.
        SettingsError: It is neither a folder nor `NAME@REVISION`; the hub cannot be reached.
        MissingExtraError: The library that reads from hubs is not installed.
    """
    folder = Path(model).expanduser()
    if folder.is_dir():
        return folder
    name, _, revision = model.rpartition("@")
    if not name and _NAME.fullmatch(model) and "/" in model:
        raise SettingsError(
            f"The model {model} is no folder here, and names no revision.",
            f"A model on a hub changes under its name: pin the commit that you tried, as {model}@COMMIT.",
        )
    if not (revision and _NAME.fullmatch(name)) or ".." in name or "--" in name:
        raise NotFoundError(
            f"There is no folder {model}.", "Name a folder that holds a model, or one on the hub as NAME@REVISION."
        )
    return _from_hub(name, revision, library("huggingface_hub", extra))


def _from_hub(name: str, revision: str, hub: Any) -> Path:
    """The files of a revision: those in the cache, else fetched."""
    try:
        kept = Path(hub.snapshot_download(name, revision=revision, allow_patterns=_WANTED, local_files_only=True))
        if (kept / "config.json").is_file() and any(kept.glob("*.safetensors")):
            return kept
    except hub.errors.LocalEntryNotFoundError:
        pass  # not fetched yet
    if hub.constants.HF_HUB_OFFLINE:
        raise SettingsError(
            f"The model {name} at {revision} was not fetched yet, and HF_HUB_OFFLINE forbids to fetch it.",
            "Unset HF_HUB_OFFLINE once, or copy the model's folder here and name the folder.",
        )
    return _fetched(name, revision, hub)


def _fetched(name: str, revision: str, hub: Any) -> Path:
    errors = hub.errors
    try:
        return Path(hub.snapshot_download(name, revision=revision, allow_patterns=_WANTED))
    except errors.GatedRepoError as error:
        raise InputError(
            f"The model {name} is given only to those who accepted its terms.",
            "Accept them on its page, and give your token in HF_TOKEN.",
        ) from error
    except errors.RevisionNotFoundError as error:
        raise NotFoundError(
            f"The hub knows {name}, but no revision {revision}.", "Take a commit from its list of files and versions."
        ) from error
    except errors.RepositoryNotFoundError as error:
        raise NotFoundError(
            f"The hub knows no model {name}, or it is private.", "Check the name; for a private one set HF_TOKEN."
        ) from error
    except (errors.HfHubHTTPError, OSError) as error:
        raise SettingsError(
            f"The model {name} at {revision} is not on this machine, and the hub {hub.constants.ENDPOINT} cannot be "
            f"reached: {str(error).strip().splitlines()[0]}",
            "Check the network or HF_ENDPOINT; or copy the model's folder here and name the folder.",
        ) from error
