"""The floor of a whole version where nginx is not installed: files sent by the kernel, one connection after the other."""

from __future__ import annotations

import socket
import sys
import threading
from pathlib import Path


def _serve(connection: socket.socket, folder: Path) -> None:
    with connection:
        while request := connection.recv(65536):
            name = request.split(b" ", 2)[1].decode().lstrip("/")
            with (folder / name).open("rb") as file:
                size = file.seek(0, 2)
                file.seek(0)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size)
                connection.sendfile(file)


def main() -> None:
    port, folder = int(sys.argv[1]), Path(sys.argv[2])
    with socket.create_server(("127.0.0.1", port)) as server:
        while True:
            connection, _ = server.accept()
            threading.Thread(target=_serve, args=(connection, folder), daemon=True).start()


if __name__ == "__main__":
    main()
