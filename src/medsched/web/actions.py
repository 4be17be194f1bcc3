"""One tap: a link in a message opens a page with one button, and only the button acts.

Programs that scan mail fetch every link in it, so fetching changes nothing. The page of a
dose that is settled, late or over says so and has no button. Until somebody has pressed
it, no page names a medicine: whoever carries the message can fetch the link, too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.responses import Response
from starlette.routing import Route

from medsched.errors import MedschedError
from medsched.services.one_tap import Tapped, look_at, press
from medsched.web.plain_page import HEADERS, page

if TYPE_CHECKING:
    from starlette.requests import Request

    from medsched.bootstrap import App

_LONGEST: Final = 100
_NOT_FOUND: Final = ("This link is not known here", ("It may be very old, or incomplete.",))
_TRY_AGAIN: Final = "NOT SAVED. Nothing was recorded; try again in a moment."
_ELSEWHERE: Final = "This came from another site, so nothing was recorded. Open the link itself."


def action_routes(app: App) -> list[Route]:
    """Return the routes of the one-tap pages; GET looks, POST acts."""

    def show(request: Request) -> Response:
        try:
            with app.store.reading() as unit:
                found = look_at(unit, _token(request), app.clock.now())
        except MedschedError:
            return _answer(503, "Not available now", (_TRY_AGAIN,))
        return _page(found)

    def act(request: Request) -> Response:
        if not is_from_here(request):
            return _answer(403, "Nothing was recorded", (_ELSEWHERE,))
        try:
            with app.store.writing() as unit:
                found = press(unit, _token(request), app.clock.now())
        except MedschedError as refused:
            return _answer(409, "Nothing was recorded", (_refusal(refused),))
        return _page(found)

    return [
        Route("/act/{token}", show, methods=["GET"]),
        Route("/act/{token}", act, methods=["POST"]),
    ]


def is_from_here(request: Request) -> bool:
    """Return whether a POST comes from our own page, or from no page at all.

    A browser says where a form was sent from; a notification's button, which is no page,
    says nothing. A page of another site is refused even when it knows the token.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None and site not in {"same-origin", "none"}:
        return False
    origin = request.headers.get("origin")
    if origin is None or (origin == "null" and site == "same-origin"):
        return True
    return origin.partition("://")[2] == request.headers.get("host", "")


def _token(request: Request) -> str:
    return str(request.path_params["token"])[:_LONGEST]


def _page(found: Tapped | None) -> Response:
    if found is None:
        return _answer(404, *_NOT_FOUND)
    return _answer(found.code, found.title, found.lines, found.button)


def _answer(code: int, title: str, lines: tuple[str, ...], button: str = "") -> Response:
    text = page(title, lines, button)
    return Response(text, status_code=code, media_type="text/html", headers=HEADERS)


def _refusal(refused: MedschedError) -> str:
    """Return a refusal for a page; one of the database's own may name a path."""
    words = str(refused)
    if words.startswith("database "):
        return _TRY_AGAIN
    return f"{words[:1].upper()}{words[1:]}."
