"""Who may use the page: only programs on this computer that know its address.

Any web page that is open in a browser can send requests to this computer. This keeps it out:

- The server listens on the loopback address only, so no other computer reaches it.
- The address holds a random token of 256 bits. Without it everything is "not found".
- ``Host`` must be the loopback address or ``localhost`` with our port. So another name that points
  to this computer (DNS rebinding) is refused.
- ``Origin`` must be ours if it is sent, and every ``POST`` must have it. Browsers send it with each
  request that can change something, and a page cannot forge it. ``Sec-Fetch-Site``, if it is sent,
  must not name another site.
- A ``POST`` must carry JSON, and only a little. A plain form cannot send that.

And this keeps what is shown from leaving:

- The content security policy lets the page load from here only, run no inline script or style, send
  no form, and stand in no frame.
- The browser passes on no address (``Referrer-Policy``), caches nothing, guesses no type, and lets
  no other window or page read it.

There is no cookie, so no other page can use one. Two things remain. Programs of the same user can
do what the user can. While a browser starts, its command line shows the address to other users of
this computer.
"""

from __future__ import annotations

from secrets import compare_digest
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = "127.0.0.1"
OWN_SITE = frozenset({"same-origin", "none"})
"""The allowed ``Sec-Fetch-Site`` values: our own page, or an address typed by a person."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


class Auth:
    """Wraps an application and passes on only requests with the token in their path."""

    def __init__(self, app: ASGIApp, token: str, port: int) -> None:
        self._app = app
        self._token = token
        self._hosts = frozenset(f"{name}:{port}" for name in (LOOPBACK, "localhost"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, with the token removed, or refuse it."""

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        if scope["type"] != "http":
            return
        if refusal := self.refusal(scope):
            await PlainTextResponse(refusal[1], refusal[0])(scope, receive, send_guarded)
            return
        inside = {**scope, "path": scope["path"].removeprefix(f"/{self._token}")}
        await self._app(inside, receive, send_guarded)

    def refusal(self, scope: Scope) -> tuple[int, str] | None:
        """Return the status and the text of a refusal, or None if the request may pass."""
        headers = Headers(scope=scope)
        host, origin = headers.get("host", ""), headers.get("origin")
        if host not in self._hosts:
            return 403, "This page is reached by its own address only."
        ours = f"http://{host}"
        if (origin is None and scope["method"] not in ("GET", "HEAD")) or origin not in (
            None,
            ours,
        ):
            return 403, "Another page may not ask for this."
        if headers.get("sec-fetch-site", "none") not in OWN_SITE:
            return 403, "Another page may not ask for this."
        token, slash, _ = scope["path"].removeprefix("/").partition("/")
        if not (slash and compare_digest(token.encode(), self._token.encode())):
            return 404, "Not found."
        return None
