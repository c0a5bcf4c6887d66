"""Who is let in to the page: whoever has its address, on this computer, and nobody else.

Any web page that is open in a browser can send requests to this computer. What keeps it out:

- The server listens on the loopback address only, so no other computer reaches it.
- The address holds a random token of 256 bits. Without it everything is "not found".
- ``Host`` must be the loopback address or ``localhost`` with our port: a name that somebody else's
  server points to this computer (DNS rebinding) is refused.
- ``Origin`` must be ours wherever the browser sends it, and must be there with every ``POST``; a
  browser sends it with each request that could change something, and no page can forge it.
  ``Sec-Fetch-Site``, where it is sent, must not tell of another site either.
- A ``POST`` carries JSON, and little of it: no plain form can send that.

And what keeps in what is shown:

- The policy for content lets the page load from here and nowhere else, run no script and take no
  style that is written into it, send no form, and stand in no frame.
- No address is passed on (``Referrer-Policy``), nothing is kept in a cache, no type is guessed, and
  no other window or page may read it.

There is no cookie, so no other page can borrow one. Two things this does not keep out: programs
that run as the same user can do what the user can; and where a browser is opened, its command line
shows the address to the other users of the same computer as long as it starts.
"""

from __future__ import annotations

from secrets import compare_digest
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = "127.0.0.1"
OWN = frozenset({"same-origin", "none"})
"""What ``Sec-Fetch-Site`` may say: our own page, or typed by a person."""
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
    """Stands before an application and lets pass what has the token in its path."""

    def __init__(self, app: ASGIApp, token: str, port: int) -> None:
        self._app = app
        self._token = token
        self._hosts = frozenset(f"{name}:{port}" for name in (LOOPBACK, "localhost"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on without the token, or refuse it."""

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
        """Say with which status and words a request is refused; None if it is let in."""
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
        if headers.get("sec-fetch-site", "none") not in OWN:
            return 403, "Another page may not ask for this."
        token, slash, _ = scope["path"].removeprefix("/").partition("/")
        if not (slash and compare_digest(token.encode(), self._token.encode())):
            return 404, "Not found."
        return None
