"""Who may use the page: only those who know its address.

Any web page that is open in a browser can send requests to this computer. This keeps it out:

- The server listens on the loopback address only, so no other computer reaches it. A page for a
  phone is served on the local network, but never without TLS, and only where that is asked for.
- The address holds a random token of 256 bits, new at each start. Without it everything is "not
  found". It stands in the path, and TLS hides the path from the network.
- ``Host`` must be the address that we gave out, or ``localhost`` in place of the loopback address.
  So another name that points to this computer (DNS rebinding) is refused.
- ``Origin`` must be ours if it is sent, and every ``POST`` must have it. Browsers send it with each
  request that can change something, and a page cannot forge it. ``Sec-Fetch-Site``, if it is sent,
  must not name another site.
- A ``POST`` must carry JSON, and only a little. A plain form cannot send that.

And this keeps what is shown from leaving:

- The content security policy lets the page load from here only, run no inline script or style, send
  no form, and stand in no frame.
- The browser passes on no address (``Referrer-Policy``), caches nothing, guesses no type, and lets
  no other window or page read it.

There is no cookie, so no other page can use one. Three things remain. Programs of the same user can
do what the user can. While a browser starts, its command line shows the address to other users of
this computer. A phone's browser cannot know our certificate: the person trusts it once, on sight.
"""

from __future__ import annotations

from secrets import compare_digest
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

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
PHONE_HEADERS = {
    **HEADERS,
    # The last words are kept in the page, and played without the server.
    "Content-Security-Policy": f"{POLICY}; media-src blob:",
    "Permissions-Policy": "camera=(), microphone=(self), geolocation=()",
}
"""Those of a page that is a phone's microphone and loudspeaker."""


class Auth:
    """Wraps an application and passes on only requests with the token in their path."""

    def __init__(
        self,
        app: ASGIApp,
        token: str,
        origins: Collection[str],
        headers: Mapping[str, str] = HEADERS,
    ) -> None:
        """Take the origins that the page may have, and the headers of every answer."""
        self._app = app
        self._token = token
        self._origins = origins
        self._headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, with the token removed, or refuse it."""

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self._headers)
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
        ours, origin = f"{scope['scheme']}://{headers.get('host', '')}", headers.get("origin")
        if ours not in self._origins:
            return 403, "This page is reached by its own address only."
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
