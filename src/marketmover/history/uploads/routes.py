"""`/v1/imports`: exports sent in, what imports took, and what they could not use."""

from datetime import date
from typing import Annotated, Any, Literal, Protocol, cast

from fastapi import File, Form, Path, Query, UploadFile
from fastapi.responses import JSONResponse
from starlette.responses import Response

from marketmover.errors import ConflictError, NotFoundError
from marketmover.history.overview import forms, reading
from marketmover.history.overview.rows import shown_source
from marketmover.history.overview.told import number_of, paged, quarantine_page
from marketmover.history.uploads.service import Upload, folder_of, take_in
from marketmover.kit import counted, new_id
from marketmover.web import Desk, JobView, Listing, Page, accepted, listed, needs, room_router

router = room_router("/imports", "Imports")

_Read = Annotated[Desk, needs("history:read")]
_Write = Annotated[Desk, needs("history:write")]
_Rows = Annotated[Listing, listed()]
_ImportId = Annotated[int, Path(ge=1, lt=2**31)]
_MOST_FILES = 1_000


class TakesUploads(Protocol):
    """What these routes need of an installation."""

    @property
    def most_unpacked(self) -> int:
        """Bytes that the archives of an upload may unpack to."""
        ...


@router.post("", summary="Import exports", operation_id="create_import", status_code=202, response_model=JobView)
def create_import(
    desk: _Write,
    files: Annotated[
        list[UploadFile],
        File(
            min_length=1,
            max_length=_MOST_FILES,
            description="Exports as the platforms wrote them: .json, .jsonl, either gzipped, or a .zip of such.",
        ),
    ],
    platform: Annotated[
        Literal["google_ads", "meta_ads", "crm"] | None,
        Form(description="Whose they are, where neither folders nor content show it."),
    ] = None,
    as_of: Annotated[date | None, Form(description="Taken as today: nothing after it is used.")] = None,
    dry_run: Annotated[
        bool, Form(description="Tell what would come in and what not, with examples; nothing is kept.")
    ] = False,
) -> JSONResponse:
    """The files are kept in the home, then imported by the job that is answered; its result is the import's report.

    Sending the same files again adds nothing. Rows that cannot be used are set aside with their reasons.
    """
    upload_id = new_id()
    uploads = [Upload(file.filename or "", cast("Any", file.file)) for file in files]
    most = cast("TakesUploads", desk.app).most_unpacked
    with desk.stores() as stores:
        kept = take_in(stores.files, upload_id, uploads, owner=platform, most_unpacked=most)
    arguments = {"upload": upload_id, "as_of": as_of.isoformat() if as_of else None, "dry_run": dry_run}
    about = counted(len(kept), "file") + (", tried out" if dry_run else "")
    return accepted(desk.submit("history.import", arguments, about=about))


@router.get("", summary="List imports", operation_id="list_imports", response_model=Page[forms.ImportView])
def list_imports(desk: _Read, listing: _Rows) -> Page[forms.ImportView] | Response:
    """What each import took, the newest first."""
    after = None if listing.after is None else number_of(listing.after)
    with desk.session(read_only=True) as session:
        rows = reading.entries(session, desk.workspace, "import", after=after, newest_first=True, limit=listing.most)
    return paged(listing, [(row.number, _import(row.content)) for row in rows], "imports")


@router.get("/{import_id}", summary="Look at an import", operation_id="read_import")
def read_import(desk: _Read, import_id: _ImportId) -> forms.ImportView:
    """What it took, and what it could not use."""
    return _import(_found(desk, import_id))


@router.get(
    "/{import_id}/quarantine",
    summary="List rows that an import could not use",
    operation_id="list_import_quarantine",
    response_model=Page[forms.QuarantineRow],
)
def list_import_quarantine(
    desk: _Read, listing: _Rows, import_id: _ImportId, reason: Annotated[forms.Reason | None, Query()] = None
) -> Page[forms.QuarantineRow] | Response:
    """Each with its file, its place and its reason, as it stood there."""
    _found(desk, import_id)
    return quarantine_page(desk, listing, import_id, reason)


@router.post(
    "/{import_id}/retry",
    summary="Import again",
    operation_id="retry_import",
    status_code=202,
    response_model=JobView,
)
def retry_import(desk: _Write, import_id: _ImportId) -> JSONResponse:
    """Read the kept files of an import again, as of today: rows that can be used by now are taken.

    Days that lay ahead then have come, or a conversion action counts as something else.
    """
    source = shown_source(str(_found(desk, import_id)["folder"]))
    head, _, upload_id = source.partition("/")
    if head != "imports" or not upload_id:
        raise ConflictError(
            f"The files of import {import_id} are not kept here: it read {source}.", "Pull or import them again."
        )
    with desk.stores() as stores:
        if not stores.files.list(folder_of(upload_id)):
            raise NotFoundError(f"The files of import {import_id} are not kept any more.", "Send them again.")
    arguments = {"upload": upload_id, "as_of": None, "again": import_id}
    return accepted(desk.submit("history.import", arguments, about=f"import {import_id} again"))


def _found(desk: Desk, import_id: int) -> dict[str, Any]:
    with desk.session(read_only=True) as session:
        rows = reading.entries(session, desk.workspace, "import", import_id=import_id, limit=1)
    if not rows:
        raise NotFoundError(f"There is no import {import_id}.", "See /v1/imports for those that there are.")
    return rows[0].content


def _import(content: dict[str, Any]) -> forms.ImportView:
    source = shown_source(str(content["folder"]))
    return forms.ImportView.model_validate({**content, "source": source, "can_retry": source.startswith("imports/")})
