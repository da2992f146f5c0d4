"""Settings: strict reading, the order of their sources, errors that name the place, passwords that are not shown.

What this file owes: each source beats the one before it; each kind of fault is told with its place and its value.
"""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from maksa.model.errors import SettingsError
from maksa.settings import Settings, described, load

SECRET = "Gol-e-Sorkh"
DATABASE = f"postgresql+psycopg://maksa:{SECRET}@db.example:5432/maksa"


@pytest.fixture
def toml(tmp_path):
    """A writer of maksa.toml, giving its path."""

    def write(text: str) -> Path:
        path = tmp_path / "maksa.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def fault_of(file: Path, environment: dict[str, str] | None = None, **options: object) -> str:
    with pytest.raises(SettingsError) as caught:
        load(file, environment=environment or {}, options=options)
    return str(caught.value)


def test_a_home_without_maksa_toml_has_the_defaults(tmp_path):
    """No file, no variables: loopback, port 8000, tokens of 900 s."""
    settings = load(tmp_path / "maksa.toml", environment={})

    assert settings == Settings()
    assert (settings.host, settings.port, settings.token_ttl_s) == ("127.0.0.1", 8000, 900)


def test_the_environment_is_over_the_file_and_options_over_both(toml):
    """Each source beats the one before it, and an option that was not given (None) beats nothing."""
    file = toml('host = "10.0.0.1"\nport = 1\nworkers = 3\n')

    settings = load(file, environment={"MAKSA_PORT": "2", "MAKSA_WORKERS": "4"}, options={"workers": 5, "host": None})

    assert (settings.host, settings.port, settings.workers) == ("10.0.0.1", 2, 5)


def test_the_environment_writes_every_kind_as_text(tmp_path):
    """Numbers, claims and lists have a spelling in the environment."""
    environment = {
        "MAKSA_ALLOW_HTTP": "true",
        "MAKSA_PROVIDER_TIMEOUT_S": "2.5",
        "MAKSA_TRUSTED_PROXIES": "10.0.0.1, 10.1.0.0/16 ::1",
    }

    settings = load(tmp_path / "maksa.toml", environment=environment)

    assert settings.allow_http is True
    assert settings.provider_timeout_s == 2.5
    assert settings.trusted_proxies == ("10.0.0.1", "10.1.0.0/16", "::1")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("prot = 8000", "prot: 8000: there is no such setting; port is one"),
        ("colour = 'red'", "colour: 'red': there is no such setting"),
        ("port = '8000'", "port: '8000': Expected `int`, got `str`"),
        ("port = 65536", "port: 65536: Expected `int` <= 65535"),
        ("workers = 0", "workers: 0: Expected `int` >= 1"),
        ("allow_http = 1", "allow_http: 1: Expected `bool`, got `int`"),
        ("log_level = 'loud'", "log_level: 'loud': Invalid enum value 'loud'"),
        ("trusted_proxies = '10.0.0.1'", "trusted_proxies: '10.0.0.1': Expected `array`, got `str`"),
        ("trusted_proxies = ['10.0.0.300']", "'10.0.0.300' does not appear to be an IPv4 or IPv6 network"),
        ("allowed_addresses = ['10.0.0.1/8']", "10.0.0.1/8 has host bits set"),
        (
            "accounts_url = 'mysql://h/d'",
            "accounts_url: 'mysql://h/d': a URL of sqlite:///… or postgresql://… is wanted",
        ),
        ("rate_store = 'memcached://h'", "a URL such as valkey://host:6379/0 is wanted"),
        ("rate_store = 'valkey://h:99999'", "Port out of range"),
        ("tls_cert = 'a.pem'", "tls_cert: 'a.pem': tls_key is missing; HTTPS needs both"),
        ("tls_key = 'a.pem'", "tls_key: 'a.pem': tls_cert is missing; HTTPS needs both"),
        ("login_lock_failures = 2", "login_lock_failures: 2: login_lock_failures (2) is below login_free_failures"),
        ("port = x", "not TOML in UTF-8: Invalid value (at line 1, column 8)"),
    ],
)
def test_a_fault_names_the_file_the_key_and_the_value(toml, text, said):
    """An operator reads where to look and what stood there."""
    file = toml(text)

    assert said in fault_of(file)
    assert str(file) in fault_of(file)


def test_a_file_in_another_charset_is_told_so(tmp_path):
    """cp1256, as old Windows writes Persian."""
    file = tmp_path / "maksa.toml"
    file.write_bytes("host = 'خانه'".encode("cp1256"))

    assert "not TOML in UTF-8" in fault_of(file)


def test_a_file_that_is_a_directory_is_told_so(tmp_path):
    """Anything but an absent file is a fault."""
    assert "cannot be read: Is a directory" in fault_of(tmp_path)


def test_a_variable_and_an_option_are_named_as_they_are_written(tmp_path):
    """The place of a fault is where its value came from."""
    file = tmp_path / "maksa.toml"

    assert fault_of(file, {"MAKSA_PORT": "tcp://10.0.0.1:8000"}).startswith("MAKSA_PORT in the environment: 'tcp://")
    assert fault_of(file, login_lock_s=0).startswith("--login-lock-s: 0: ")


def test_a_misspelt_variable_is_refused_and_another_programs_is_not(tmp_path):
    """Kubernetes sets MAKSA_SERVICE_HOST for a service named maksa; MAKSA_WORKER is a slip."""
    file = tmp_path / "maksa.toml"

    assert load(file, environment={"MAKSA_SERVICE_HOST": "10.0.0.9", "MAKSA_HOME": "/srv", "PORT": "1"}) == Settings()
    assert "MAKSA_WORKER in the environment: '4': there is no such setting; workers is one" in fault_of(
        file, {"MAKSA_WORKER": "4"}
    )


def test_a_password_in_a_url_is_never_shown(toml):
    """Neither in a repr, nor by rich, nor in what is logged, nor in the errors about it."""
    console = Console(file=io.StringIO(), width=500)
    settings = load(toml(f"accounts_url = '{DATABASE}'\nrate_store = 'valkey://h/0?password={SECRET}'"), environment={})
    console.print(settings)

    shown = (repr(settings), str(settings.shown()), console.file.getvalue())  # type: ignore[attr-defined]
    assert [SECRET in text for text in shown] == [False, False, False]
    assert settings.accounts_url == DATABASE
    assert SECRET not in fault_of(toml(f"acounts_url = '{DATABASE}'"))
    assert SECRET not in fault_of(toml(f"accounts_url = ['{DATABASE}']"))
    assert SECRET not in fault_of(toml(f"[accounts]\nurl = '{DATABASE}'"))
    assert SECRET not in fault_of(toml(f"rate_store = 'redis://:{SECRET}@h'"))


def test_every_setting_is_described_where_it_is_defined():
    """What the documentation is tested against has a sentence, a variable and a default for each."""
    settings = described()

    assert [setting.name for setting in settings] == list(Settings.__struct_fields__)
    assert [setting.name for setting in settings if not setting.description.endswith(".")] == []
    assert [setting.default for setting in settings] == [getattr(Settings(), setting.name) for setting in settings]


@given(name=st.sampled_from(Settings.__struct_fields__), text=st.text(alphabet=st.characters(exclude_characters="\0")))
def test_any_text_of_the_environment_is_a_setting_or_a_settings_error(name, text):
    """Nothing that stands in a variable leads to another exception."""
    with contextlib.suppress(SettingsError):
        load(Path("/nonexistent/maksa.toml"), environment={f"MAKSA_{name.upper()}": text})
