"""Ends the process that asks for an Internet socket; Python imports this at each start.

One is let pass: vosk imports urllib3, and that tries out once whether this computer has IPv6 at
all, by a socket that it binds to the computer itself and closes. It sends nothing.

Where ``VOICE_COACH_MAY_LISTEN`` is set, a stream may be opened and bound to 127.0.0.1, as the page
in the browser is served. It may still not connect to anything, nor may anything else be asked for.
"""

import os
import sys

LOCAL = 1
"""AF_UNIX."""
UNKNOWN = -1
"""What a socket is told of that comes from elsewhere."""
NAMES = frozenset({"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"})
"""To ask for an address is to ask for the network."""
ITSELF = ("::1", 0)
LISTENS = "VOICE_COACH_MAY_LISTEN" in os.environ
INTERNET, STREAM = 2, 1
"""AF_INET, SOCK_STREAM."""
TRIAL = ("urllib3/util/connection.py".replace("/", os.sep), "_has_ipv6")


def watch(event, arguments):
    """Judge one audit event of the interpreter."""
    if event == "socket.__new__":
        page = LISTENS and arguments[1] == INTERNET and arguments[2] in (STREAM, UNKNOWN)
        asked = arguments[1] not in (LOCAL, UNKNOWN) and not page and not within_trial()
    elif event == "socket.bind":
        page = LISTENS and arguments[1][0] == "127.0.0.1"
        trial = arguments[1] == ITSELF and within_trial()
        asked = isinstance(arguments[1], tuple) and not page and not trial
    else:
        address = event in ("socket.connect", "socket.sendto", "socket.sendmsg")
        asked = event in NAMES or (address and isinstance(arguments[1], tuple))
    if asked:
        os.write(2, f"an Internet socket was asked for: {event} {arguments}\n".encode())
        os._exit(97)


def within_trial():
    """Whether urllib3 is just trying."""
    frame = sys._getframe()  # noqa: SLF001 - there is no other way to see who asks
    for _ in range(5):
        if frame is None:
            return False
        if frame.f_code.co_filename.endswith(TRIAL[0]) and frame.f_code.co_name == TRIAL[1]:
            return True
        frame = frame.f_back
    return False


sys.addaudithook(watch)
