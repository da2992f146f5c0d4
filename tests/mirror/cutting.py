"""A line between a mirror and its upstream that is cut: after so many bytes of an answer, at the next connection, or not at all."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator


class Line:
    """A proxy on a socket, which passes bytes on and loses the connection where `cuts` says.

    `cuts` is consumed one for each connection: the bytes of the upstream's answers that are passed on before both ends are
    reset; None passes everything. After the last of them nothing is cut.
    """

    def __init__(self, port: int) -> None:
        self._port = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.cuts: list[int | None] = []
        self.connections = 0
        self.passed = 0
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                caller, _ = self._listener.accept()
                self.connections += 1
                cut = self.cuts.pop(0) if self.cuts else None
                threading.Thread(target=self._carry, args=(caller, cut), daemon=True).start()

    def _carry(self, caller: socket.socket, cut: int | None) -> None:
        with caller, socket.create_connection(("127.0.0.1", self._port)) as upstream:
            threading.Thread(target=self._pass_on, args=(caller, upstream, None), daemon=True).start()
            self._pass_on(upstream, caller, cut)
            for end in (caller, upstream):
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def _pass_on(self, source: socket.socket, target: socket.socket, left: int | None) -> None:
        with contextlib.suppress(OSError):
            while left != 0 and (data := source.recv(65536 if left is None else min(left, 65536))):
                target.sendall(data)
                if target.getpeername()[1] != self._port:
                    self.passed += len(data)
                left = left if left is None else left - len(data)


@contextlib.contextmanager
def line_to(port: int) -> Iterator[Line]:
    """A line to the service on *port* of this machine."""
    line = Line(port)
    try:
        yield line
    finally:
        line.close()
