"""A virus scanner for tests: a daemon that speaks INSTREAM and finds whatever contains EICAR."""

import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture
def clamd(settings: Any) -> Iterator[str]:
    """The daemon, running, and the portal told of it."""
    server = socket.create_server(("127.0.0.1", 0))
    settings.CLAMAV_ADDRESS = f"127.0.0.1:{server.getsockname()[1]}"
    thread = threading.Thread(target=_serve, args=[server], daemon=True)
    thread.start()
    yield settings.CLAMAV_ADDRESS
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    thread.join(5)


def _serve(server: socket.socket) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        with connection, connection.makefile("rb") as reader:
            assert reader.read(10) == b"zINSTREAM\0"
            content = b""
            while size := int.from_bytes(reader.read(4), "big"):
                content += reader.read(size)
            connection.sendall(b"stream: Eicar FOUND\0" if b"EICAR" in content else b"stream: OK\0")
