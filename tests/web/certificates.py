"""Certificates for the tests of TLS, made by openssl where there is one."""

from __future__ import annotations

import shutil
import subprocess

import pytest

needs_openssl = pytest.mark.skipif(not shutil.which("openssl"), reason="no openssl to make a certificate with")


def certify(folder, cert, key, *options):
    """A certificate for localhost and its key, in files of these names."""
    subject = ["-days", "1", "-subj", "/CN=localhost", *(options or ["-nodes"])]
    files = ["-keyout", folder / key, "-out", folder / cert]
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", *subject, *files], check=True, capture_output=True
    )
