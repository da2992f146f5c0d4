"""Servers on loopback, each started on a core and stopped by its process id: the service, nginx, the null callable."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bench.machine import on_core
from bench.report import ROOT

WAIT_S = 30.0

_NGINX = """
daemon off; master_process off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{ worker_connections 512; }}
http {{
    access_log off; sendfile on; tcp_nopush on; default_type application/json; keepalive_requests 1000000;
    client_body_temp_path {folder}/n1; proxy_temp_path {folder}/n2; fastcgi_temp_path {folder}/n3;
    uwsgi_temp_path {folder}/n4; scgi_temp_path {folder}/n5;
    server {{ listen 127.0.0.1:{port}; location / {{ root {served}; }} }}
}}
"""


class Server:
    """A server that answers on 127.0.0.1:`port`."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.pid = process.pid
        self.port = port


@contextmanager
def maksa(home: Path, *cores: int, workers: int = 1) -> Iterator[Server]:
    """`maksa serve` on *home*; its log goes to a file, as in production."""
    port = free_port()
    command = [sys.executable, "-m", "maksa", "--home", str(home), "serve", "--port", str(port)]
    log = home.parent / f"serve-{port}.log"
    with _running([*command, "--workers", str(workers)], cores, port, log) as server:
        yield server


@contextmanager
def null(core: int, folder: Path) -> Iterator[Server]:
    """`bench.null`."""
    port = free_port()
    with _running(
        [sys.executable, "-m", "bench.null", str(port)], (core,), port, folder / f"null-{port}.log"
    ) as server:
        yield server


@contextmanager
def null_page(core: int, folder: Path) -> Iterator[Server]:
    """`bench.null_page`."""
    port = free_port()
    command = [sys.executable, "-m", "bench.null_page", str(port)]
    with _running(command, (core,), port, folder / f"null-page-{port}.log") as server:
        yield server


@contextmanager
def files(served: Path, core: int, folder: Path, *, program: str | None) -> Iterator[Server]:
    """nginx (*program*) sending the files of *served*; where there is none, `bench.sendfile` in its place."""
    port = free_port()
    if program:
        config = folder / f"nginx-{port}.conf"
        config.write_text(_NGINX.format(folder=folder, served=served, port=port))
        command = [program, "-c", str(config), "-e", str(folder / "nginx.log")]
    else:
        command = [sys.executable, "-m", "bench.sendfile", str(port), str(served)]
    with _running(command, (core,), port, folder / f"files-{port}.log") as server:
        yield server


def nginx() -> str | None:
    """The path of nginx, None where it is not installed."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")


@contextmanager
def _running(command: Sequence[str], cores: Sequence[int], port: int, log: Path) -> Iterator[Server]:
    with log.open("wb") as output, on_core(*cores):
        process = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT)
    try:
        _wait(process, port, log)
        yield Server(process, port)
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + WAIT_S
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args!r} ended at once: {log.read_text()[-2000:]}")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.002)
        else:
            return
    raise RuntimeError(f"{process.args!r} does not listen: {log.read_text()[-2000:]}")


def free_port() -> int:
    """A port that nothing listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port
