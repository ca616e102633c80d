"""Briefs over HTTP: read, listed, answered, corrected."""

from typing import Annotated, cast

from fastapi import File, Request, Response, UploadFile, status
from fastapi.responses import JSONResponse

from marketmover.campaigns.brief import reader_of, text_of_file
from marketmover.campaigns.kept import briefs
from marketmover.campaigns.kept.app import CampaignsApp
from marketmover.campaigns.kept.forms import Answers, BriefAnswer, BriefSummary, BriefText, Corrections
from marketmover.campaigns.kept.places import after_place, page
from marketmover.errors import InputError
from marketmover.kit import utc_now
from marketmover.web import Desk, Identifier, Listing, Page, listed, needs, room_router
from marketmover.web.caching import tagged

router = room_router("/briefs", "Briefs")
_MOST_FILE = 10_000_000


@router.post("", summary="Read a brief", operation_id="create_brief", status_code=status.HTTP_201_CREATED)
def create_brief(desk: Annotated[Desk, needs("briefs:write")], asked: BriefText, response: Response) -> BriefAnswer:
    """Reads what a client wrote, keeps it, and says what was understood, by which words, and what is worth asking."""
    return _read(desk, text_of_file(asked.text.encode(), asked.name, forms=False), asked.name, response)


@router.post(
    "/upload",
    summary="Read a brief from a file",
    operation_id="upload_brief",
    status_code=status.HTTP_201_CREATED,
    response_model=BriefAnswer,
)
def upload_brief(
    desk: Annotated[Desk, needs("briefs:write")],
    file: Annotated[UploadFile, File(description="Text, mail (.eml), chat, form, HTML, Word or PDF; up to 10 MB.")],
    response: Response,
) -> BriefAnswer:
    """The same of a file: text, mails, chats, forms, HTML, Word."""
    data = file.file.read(_MOST_FILE + 1)
    if len(data) > _MOST_FILE:
        raise InputError(f"The file is larger than {_MOST_FILE // 1_000_000} MB.", "Send the client's words alone.")
    name = "".join(letter for letter in (file.filename or "brief") if letter.isprintable())[-255:]
    return _read(desk, text_of_file(data, name), name, response)


def _read(desk: Desk, text: str, name: str, response: Response) -> BriefAnswer:
    now = utc_now()
    # read before the transaction: a language model may take its time
    read = reader_of(cast("CampaignsApp", desk.app))
    known = briefs.understood(text, name, read)
    with desk.session() as session:
        kept = briefs.keep(session, desk.workspace, text, known, name=name, who=desk.caller.who, now=now)
        desk.audit(session, "brief.read", f"brief {kept.row.id}", after={"title": kept.row.title})
    response.headers["Location"] = f"/v1/briefs/{kept.row.id}"
    return BriefAnswer.of(kept, now.date())


@router.get("", summary="List briefs", operation_id="list_briefs")
def list_briefs(
    desk: Annotated[Desk, needs("briefs:read")], listing: Annotated[Listing, listed()]
) -> Page[BriefSummary]:
    """Briefs, the newest first."""
    with desk.session(read_only=True) as session:
        found = briefs.list_briefs(session, desk.workspace, after=after_place(listing.after), limit=listing.most)
    rows = [BriefSummary.of(row) for row in found]
    return page(listing, rows, "briefs")


@router.get("/{brief_id}", summary="Read a brief as it stands", operation_id="read_brief", response_model=BriefAnswer)
def read_brief(desk: Annotated[Desk, needs("briefs:read")], brief_id: Identifier, request: Request) -> Response:
    """What was understood, where each field comes from, and the words it rests on."""
    with desk.session(read_only=True) as session:
        found = BriefAnswer.of(briefs.find_brief(session, desk.workspace, brief_id), utc_now().date())
    return tagged(request, JSONResponse(found.model_dump(mode="json")))


@router.patch("/{brief_id}", summary="Correct a brief", operation_id="correct_brief")
def correct_brief(
    desk: Annotated[Desk, needs("briefs:write")], brief_id: Identifier, asked: Corrections
) -> BriefAnswer:
    """Sets or clears fields; a corrected field comes from `client` from then on, and is not asked for again."""
    now = utc_now()
    with desk.session() as session:
        before = briefs.find_brief(session, desk.workspace, brief_id).brief.model_dump(mode="json")
        kept = briefs.correct(session, desk.workspace, brief_id, asked.corrections, now=now)
        after = kept.brief.model_dump(mode="json")
        changed = [name for name in after if after[name] != before[name]]
        desk.audit(
            session, "brief.corrected", f"brief {brief_id}",
            {name: before[name] for name in changed}, {name: after[name] for name in changed},
        )  # fmt: skip
        return BriefAnswer.of(kept, now.date())


@router.post("/{brief_id}/answers", summary="Answer a brief's questions", operation_id="answer_brief")
def answer_brief(desk: Annotated[Desk, needs("briefs:write")], brief_id: Identifier, asked: Answers) -> BriefAnswer:
    """Merges the client's answers; what they contradict is said in `warnings`."""
    now = utc_now()
    with desk.session() as session:
        kept = briefs.answer(session, desk.workspace, brief_id, asked.reply, who=desk.caller.who, now=now)
        desk.audit(session, "brief.answered", f"brief {brief_id}", after={"answers": len(kept.texts)})
        return BriefAnswer.of(kept, now.date())
