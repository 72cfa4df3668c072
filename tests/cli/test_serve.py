"""The command `serve`: what it prints, what it refuses, where it connects, how it ends."""

import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from ipaddress import IPv4Interface
from pathlib import Path

import pytest

from kneeload.serve.network import NoAddressError, chosen_interface, is_private
from tests.cli.invoking import invoke

ROOT = Path(__file__).parents[2]
CONNECTS_NOWHERE = """
import os, sys

def forbid(event, arguments):
    if event in {"socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo"} \\
            and not str(arguments).count("127.0.0.1"):
        with open(os.environ["SOCKETS"], "a") as told:
            told.write(event + repr(arguments) + "\\n")
        raise RuntimeError(event)

sys.addaudithook(forbid)
"""


@pytest.fixture
def started(sample_log: Path, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Return `kneeload serve`, running and barred from connecting anywhere, and its address."""
    (tmp_path / "sitecustomize.py").write_text(CONNECTS_NOWHERE)
    more = {
        "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}",
        "SOCKETS": str(tmp_path / "sockets.txt"),
        "PYTHONUNBUFFERED": "1",
    }
    port = str(20_000 + os.getpid() % 20_000)
    words = ["-m", "kneeload", "--log", str(sample_log), "serve", "--port", port]
    process = subprocess.Popen(
        [sys.executable, *words],
        env=os.environ | more,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    assert process.stdout
    line = process.stdout.readline()
    try:
        yield process, line.partition(": ")[2].strip()
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.mark.posix
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_it_prints_its_address_serves_and_ends(
    started: tuple[subprocess.Popen[str], str], tmp_path: Path, end: signal.Signals
) -> None:
    process, address = started
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\?key=[\w-]{43}", address)
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    with opener.open(address, timeout=30) as answer:
        assert answer.status == 200
        assert b"This week" in answer.read()
    process.send_signal(end)
    assert process.stdout
    rest = process.stdout.read()
    assert process.wait(30) == 0
    assert rest.splitlines()[-1] == "Stopped."
    assert "Traceback" not in rest
    assert not (tmp_path / "sockets.txt").exists()
    assert not (tmp_path / ".log.db.uploads").exists()


def test_a_phone_is_refused_without_a_terminal(tmp_path: Path) -> None:
    result = invoke("--log", tmp_path / "log.db", "serve", "--phone")
    assert result.exit_code == 2
    assert "--phone needs a terminal" in result.output
    assert not (tmp_path / "log.db").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--address", "192.168.1.2"], "need --phone"),
        (["--phone", "--cert", __file__], "--key needs --cert"),
        (["--phone", "--key", __file__], "--key needs --cert"),
        (["--cert", __file__, "--key", __file__], "need --phone"),
        (["--port", "80"], "1024<=x<=65535"),
    ],
)
def test_options_that_do_not_go_together(tmp_path: Path, words: list[str], said: str) -> None:
    result = invoke("--log", tmp_path / "log.db", "serve", *words)
    assert result.exit_code == 2
    assert said in result.output


HOME, OFFICE = IPv4Interface("192.168.1.7/24"), IPv4Interface("10.1.2.3/16")


def test_a_phone_is_given_the_one_private_address() -> None:
    assert chosen_interface(None, [HOME]) == HOME
    assert chosen_interface("10.1.2.3", [HOME, OFFICE]) == OFFICE


@pytest.mark.parametrize(
    ("wanted", "there", "said"),
    [
        (None, [], "no private IPv4 address"),
        (None, [HOME, OFFICE], "choose one with --address: 192.168.1.7, 10.1.2.3"),
        ("0.0.0.0", [HOME], "not a private IPv4 address of this machine"),
        ("127.0.0.1", [HOME], "not a private IPv4 address of this machine"),
        ("8.8.8.8", [HOME], "not a private IPv4 address of this machine"),
        ("kneeload.local", [HOME], "not a private IPv4 address of this machine"),
        ("::", [HOME], "not a private IPv4 address of this machine"),
        ("192.168.1.8", [HOME], "not a private IPv4 address of this machine"),
    ],
)
def test_no_other_address_will_do(
    wanted: str | None, there: list[IPv4Interface], said: str
) -> None:
    with pytest.raises(NoAddressError, match=re.escape(said)):
        chosen_interface(wanted, there)


@pytest.mark.parametrize(
    ("address", "private"),
    [
        ("10.0.0.1", True),
        ("172.16.0.1", True),
        ("172.31.255.255", True),
        ("192.168.0.1", True),
        ("172.32.0.1", False),
        ("127.0.0.1", False),
        ("169.254.1.1", False),
        ("100.64.0.1", False),
        ("8.8.8.8", False),
    ],
)
def test_private_is_what_no_router_passes_on(address: str, private: bool) -> None:
    assert is_private(IPv4Interface(address).ip) == private


def test_the_qr_code_opens_the_page_that_pairs(capsys: pytest.CaptureFixture[str]) -> None:
    from types import SimpleNamespace

    from kneeload.cli import serve
    from tests.serve.asking import PHONE

    pairing = SimpleNamespace(new_code=lambda: "a-code")
    serve._show_code(SimpleNamespace(pairing=pairing), PHONE)  # type: ignore[arg-type]
    said = capsys.readouterr().out
    assert "192.168.7.5:8421" in said
    assert serve.PLAIN in said
    assert len(serve.PLAIN.splitlines()) == 1
    assert "a-code" not in said  # it is in the picture alone


def test_the_address_is_looked_at_every_few_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    from kneeload.cli import serve
    from tests.serve.asking import PHONE

    now, there = [0.0], [[IPv4Interface("192.168.7.5/24")]]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    monkeypatch.setattr("kneeload.serve.network.private_interfaces", lambda: there[0])
    stays = serve._address_stays(PHONE)
    there[0] = []
    assert stays()
    now[0] = 5.0
    assert not stays()
    there[0] = [IPv4Interface("192.168.7.5/24")]
    now[0] = 10.0
    assert stays()


def test_help_loads_none_of_what_it_needs(tmp_path: Path) -> None:
    code = (
        "import sys; from click.testing import CliRunner; from kneeload.cli import program;"
        "CliRunner().invoke(program, ['--help']); CliRunner().invoke(program, ['serve', '--help']);"
        "print(sorted({'flask', 'waitress', 'segno', 'werkzeug', 'pandas'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
