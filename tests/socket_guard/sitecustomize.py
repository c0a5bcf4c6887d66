"""Ends the process that asks for an Internet socket; Python imports this at each start."""

import os
import sys

LOCAL = 1
"""AF_UNIX."""
NAMES = frozenset({"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"})
"""To ask for an address is to ask for the network."""


def watch(event, arguments):
    """Judge one audit event of the interpreter."""
    asked = event in NAMES or (event == "socket.__new__" and arguments[1] not in (LOCAL, -1))
    if asked or (event in ("socket.connect", "socket.bind") and isinstance(arguments[1], tuple)):
        os.write(2, f"an Internet socket was asked for: {event} {arguments}\n".encode())
        os._exit(97)


sys.addaudithook(watch)
