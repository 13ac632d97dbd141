"""The virus scanner: a ClamAV daemon spoken to by INSTREAM when CLAMAV_ADDRESS is set; otherwise off, and said so."""

from __future__ import annotations

import socket
import struct
from typing import IO

from django.conf import settings

from core.filetypes import FileRefused
from core.models.files import ScanState

CHUNK = 64 * 1024
PATIENCE_SECONDS = 30


class ScannerSilent(Exception):
    """The scanner did not answer, or could not judge the file: ask again later."""


def is_on() -> bool:
    """True when uploads are scanned; the upload page says so when they are not."""
    return bool(getattr(settings, "CLAMAV_ADDRESS", ""))


def scan(source: IO[bytes]) -> str:
    """Read the file through the scanner and return its ScanState.

    Raises FileRefused for a virus, and when the scanner does not answer: an unscanned file is not let in by chance.
    """
    try:
        found = look(source)
    except ScannerSilent:
        raise FileRefused("查毒服务暂时没有响应，文件没有保存，请过几分钟重新上传。") from None
    if found == ScanState.INFECTED:
        raise FileRefused("文件中发现病毒，没有保存；请在本机查毒清除后重新上传。")
    return found


def look(source: IO[bytes]) -> str:
    """What the scanner says of the file: CLEAN, INFECTED, or OFF where there is none. Raises ScannerSilent."""
    if not is_on():
        return ScanState.OFF
    try:
        answer = _ask(source)
    except OSError as error:
        raise ScannerSilent(str(error)) from error
    if answer.endswith("OK"):
        return ScanState.CLEAN
    if answer.endswith("FOUND"):
        return ScanState.INFECTED
    raise ScannerSilent(answer)


def _ask(source: IO[bytes]) -> str:
    with _connected() as connection:
        connection.sendall(b"zINSTREAM\0")
        while chunk := source.read(CHUNK):
            connection.sendall(struct.pack("!L", len(chunk)) + chunk)
        connection.sendall(struct.pack("!L", 0))
        answer = b""
        while part := connection.recv(4096):
            answer += part
            if answer.endswith(b"\0"):
                break
    return answer.rstrip(b"\0").decode(errors="replace").strip()


def _connected() -> socket.socket:
    """host:port, or unix:/path of the daemon's socket."""
    address: str = settings.CLAMAV_ADDRESS
    if address.startswith("unix:"):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(PATIENCE_SECONDS)
        connection.connect(address.removeprefix("unix:"))
        return connection
    host, _, port = address.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=PATIENCE_SECONDS)
