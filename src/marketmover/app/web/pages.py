"""The dashboard, where it was built: its files, and its one page for every address that is not the API's."""

import mimetypes
from pathlib import Path

from fastapi import FastAPI
from starlette.convertors import PathConvertor, register_url_convertor
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response

BUILT = Path(__file__).parent / "static"
"""Where `make web` leaves the dashboard."""

_FAR = "public, max-age=31536000, immutable"  # names of these files hold a hash of what is in them
_NEAR = "no-cache"
_PACKED = (("br", ".br"), ("gzip", ".gz"))
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'; object-src 'none'"
)  # Mantine sets styles of elements; nothing but our own files runs
_NOT_BUILT = """The dashboard is not built here; the API under /v1 works without it.

Build it by
    make web
and load this page again. It takes a minute, and needs no Node: where there is none, one comes as a Python package.
"""


def mount(api: FastAPI, built: Path = BUILT) -> None:
    """Answer browsers at every address that is not taken: by the dashboard, or by words on how to get it.

    Args:
        api: The application; its own routes go first.
        built: Where the dashboard was built to.
    """

    async def page(request: Request) -> Response:
        path = request.path_params["path"]
        index = built / "index.html"
        if not index.is_file():
            return Response(_NOT_BUILT, 503 if path == "" else 404, media_type="text/plain; charset=utf-8")
        file = _file_of(built, path)
        if file is not None:
            return _sent(request, file, _FAR if path.startswith("assets/") else _NEAR)
        if path and not _wants_page(request):  # a program that lost its way is told so
            raise HTTPException(404)
        return _sent(request, index, _NEAR, {"Content-Security-Policy": _POLICY})

    api.add_route("/{path:beside_api}", page, methods=["GET", "HEAD"], include_in_schema=False)


def take_over_links(api: FastAPI, built: Path = BUILT) -> None:
    """Lead one-time links to the dashboard's page for them, where it was built; what stands behind `#` stays."""

    async def lead(request: Request) -> Response:
        del request
        return RedirectResponse("/link", 303, headers={"Cache-Control": "no-store"})

    if (built / "index.html").is_file():
        api.add_route("/v1/links/page", lead, methods=["GET"], include_in_schema=False)


class _BesideApi(PathConvertor):
    """Every path but the API's, whose own routes say what is missing or not allowed there."""

    regex = r"(?!v1(?:/|$)).*"


register_url_convertor("beside_api", _BesideApi())


def _file_of(built: Path, path: str) -> Path | None:
    """The built file at a path, if there is one, and nothing that lies elsewhere."""
    if not path or "\x00" in path or path.endswith((".br", ".gz")) or path == "manifest.json":
        return None
    file = (built / path).resolve()
    return file if file.is_relative_to(built.resolve()) and file.is_file() else None


def _wants_page(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "")


def _sent(request: Request, file: Path, caching: str, further: dict[str, str] | None = None) -> Response:
    """A file, packed where the browser takes it so; 304 where it has it."""
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    headers = {"Cache-Control": caching, "Vary": "Accept-Encoding"} | (further or {})
    packed, coding = _packed(file, request.headers.get("accept-encoding", ""))
    if coding:
        headers["Content-Encoding"] = coding
    answer = FileResponse(packed, media_type=kind, headers=headers, stat_result=packed.stat())
    if _same(request.headers, answer.headers.get("etag")):
        kept = {name: answer.headers[name] for name in ("etag", "cache-control", "vary")}
        return Response(status_code=304, headers=kept)
    return answer


def _packed(file: Path, taken: str) -> tuple[Path, str]:
    codings = {part.partition(";")[0].strip() for part in taken.split(",") if "q=0" not in part.replace("q=0.", "")}
    for coding, ending in _PACKED:
        beside = file.with_name(file.name + ending)
        if coding in codings and beside.is_file():
            return beside, coding
    return file, ""


def _same(headers: Headers, etag: str | None) -> bool:
    return etag is not None and headers.get("if-none-match", "").removeprefix("W/") == etag
