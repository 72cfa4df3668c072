"""On real sockets: raw requests, slow and many connections, TLS, and a clean end."""

import http.client
import socket
import ssl
import subprocess
import threading
from pathlib import Path

import pytest

from kneeload.errors import KneeloadError
from kneeload.log.training_log import TrainingLog
from kneeload.serve import listening
from kneeload.serve.listening import Listening, tls_context
from kneeload.serve.security import BODY_BYTES, Listener
from kneeload.serve.serving import Serving
from tests.serve.asking import hidden
from tests.serve.running import asked, entered, running, running_both
from tests.serve.test_doors import FORWARDED, SCORE, scores


def raw(listener: Listener, text: str) -> str:
    """Send a request letter by letter; return the answer's first line."""
    with socket.create_connection((listener.host, listener.port), timeout=20) as connection:
        connection.sendall(text.replace("\n", "\r\n").encode("latin-1"))
        return connection.makefile("rb").readline().decode().strip()


@pytest.mark.parametrize(
    "hosts",
    [
        "Host: {own}\nHost: {own}",
        "Host: {own}\nHost: evil.example",
        "Host: evil.example\nHost: {own}",
        "Host: evil.example",
        "Host: kneeload.local:{port}",
        "Host: localhost:{port}",
        "X-Forwarded-Host: {own}",
    ],
)
def test_a_host_that_is_not_ours_exactly_once(served: Serving, hosts: str) -> None:
    with running(served) as desk:
        cookie = entered(desk, served)
        sent = hosts.format(own=desk.authority, port=desk.port)
        line = raw(desk, f"GET /diary HTTP/1.1\n{sent}\nCookie: {cookie}\n\n")
        good = raw(desk, f"GET /diary HTTP/1.1\nHost: {desk.authority}\nCookie: {cookie}\n\n")
    assert line.split()[1] == "403"
    assert good.split()[1] == "200"


def test_forwarding_headers_do_nothing_on_a_socket(served: Serving) -> None:
    named = {name.replace("-", "_"): value for name, value in FORWARDED.items()}
    with running(served) as desk:
        cookie = entered(desk, served)
        assert asked(desk, "GET", "/diary", Cookie=cookie, **named)[0] == 200
        assert asked(desk, "GET", "/diary", **named)[0] == 403
    with running_both(served, network="192.168.7.0/24") as (_, phone):
        assert asked(phone, "GET", "/pair", X_Forwarded_For="192.168.7.20")[0] == 403


def test_only_the_addresses_are_bound(served: Serving) -> None:
    with (
        running(served) as desk,
        pytest.raises(ConnectionRefusedError),
        socket.create_connection(("127.0.0.3", desk.port), timeout=5),
    ):
        pass


def test_no_answer_names_the_server_or_a_version(served: Serving) -> None:
    with running(served) as desk:
        _, headers, text = asked(desk, "GET", "/")
    told = " ".join([*headers, *headers.values(), text]).lower()
    for name in ("waitress", "werkzeug", "flask", "python"):
        assert name not in told


def test_a_port_in_use_is_one_line(served: Serving) -> None:
    with running(served) as desk:
        other = Listening(served)
        try:
            with pytest.raises(KneeloadError, match=r"cannot listen on .* choose another --port"):
                other.bind("127.0.0.1", desk.port, lambda port: desk, None)
        finally:
            other.close()


def test_few_connections_and_short_time_outs_for_a_phone() -> None:
    phone, desk = listening._PHONE, listening._LOOPBACK
    assert phone["connection_limit"] <= 12 < desk["connection_limit"]
    assert phone["channel_timeout"] <= 15 < desk["channel_timeout"]


def test_a_phones_connections_do_not_use_up_the_desks(served: Serving) -> None:
    with running_both(served) as (desk, phone):
        idle = [
            socket.create_connection((phone.host, phone.port), timeout=5)
            for _ in range(listening._PHONE["connection_limit"] + 4)
        ]
        try:
            assert asked(desk, "GET", "/")[0] == 403
        finally:
            for connection in idle:
                connection.close()


def test_it_ends_cleanly(served: Serving) -> None:
    before = threading.active_count()
    with running(served) as desk:
        entered(desk, served)
    with pytest.raises(ConnectionRefusedError):
        asked(desk, "GET", "/")
    assert threading.active_count() == before
    assert not served.uploads.folder.exists()
    with TrainingLog(served.log_path) as log:
        assert len(log.runs())


def test_it_stops_when_its_address_disappears(served: Serving) -> None:
    server = Listening(served)
    bound = server.bind("127.0.0.1", 0, lambda port: Listener(host="127.0.0.1", port=port), None)
    there = iter([True, True, False])
    server.run(lambda: next(there))
    assert next(there, None) is None
    with pytest.raises(ConnectionRefusedError):
        asked(bound, "GET", "/")


def test_an_import_stops_with_it_and_keeps_what_it_had(served: Serving, tmp_path: Path) -> None:
    import shutil

    from kneeload.samples import samples_folder
    from kneeload.serve.pages.importing import _work

    served.log_path.unlink()
    names = {}
    for number, file in enumerate(sorted(samples_folder().glob("2026/*"))[:40], 1):
        served.uploads.new_file().close()
        path = served.uploads.folder / f"upload-{number}"
        shutil.copy(file, path)
        names[str(path)] = file.name
    reached = threading.Event()
    advance = served.uploads.advance

    def spied(job: object, files: int) -> None:
        reached.set()
        advance(job, files)  # type: ignore[arg-type]

    served.uploads.advance = spied  # type: ignore[method-assign]
    with running(served):
        served.uploads.start(names, lambda job: _work(served, job))
        assert reached.wait(60)
    with TrainingLog(served.log_path) as log:
        assert log.runs()["run_id"].is_unique
    assert not served.uploads.folder.exists()


def post_scores(desk: Listener, served: Serving, numbers: range, codes: list[int]) -> None:
    """Log scores as one browser does: a form each, every one tapped twice."""
    cookie = entered(desk, served)
    for number in numbers:
        page = asked(desk, "GET", "/pain", Cookie=cookie)[2]
        fields = {name: hidden(page, name) for name in ("token", "entry")}
        body = "&".join(f"{k}={v}" for k, v in (fields | SCORE | {"note": f"n{number}"}).items())
        for _ in range(2):
            code, _, _ = asked(
                desk, "POST", "/pain", body.encode(), Cookie=cookie, Origin=desk.origin,
                Content_Type="application/x-www-form-urlencoded",
            )  # fmt: skip
            codes.append(code)


def test_many_tabs_an_import_and_the_command_line_lose_no_write(served: Serving) -> None:
    """50 scores from each of 4 browsers, tapped twice, while an import and a command write."""
    from kneeload.samples import samples_folder
    from kneeload.serve.pages.importing import _work
    from tests.cli.invoking import invoke

    served.log_path.unlink()
    codes: list[int] = []
    with running(served) as desk:
        browsers = [
            threading.Thread(
                target=post_scores, args=(desk, served, range(50 * n, 50 * n + 50), codes)
            )
            for n in range(4)
        ]
        served.uploads.start({str(samples_folder()): "x"}, lambda job: _work(served, job))
        for browser in browsers:
            browser.start()
        for number in range(5):
            invoke("--log", served.log_path, "pain", "add", "1", "--note", f"c{number}")
        for browser in browsers:
            browser.join()
        served.uploads.wait()
        assert served.uploads.job is not None
        assert served.uploads.job.problem == ""
    assert codes == [303] * 400
    with TrainingLog(served.log_path) as log:
        notes = log.pain().query("origin == 'entered'")["note"].tolist()
        assert sorted(notes) == sorted([f"n{n}" for n in range(200)] + [f"c{n}" for n in range(5)])
        assert len(log.runs()) > 60


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return a certificate for 127.0.0.2 and its key, made by openssl; skips without it."""
    folder = tmp_path_factory.mktemp("tls")
    cert, key = folder / "cert.pem", folder / "key.pem"
    words = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    more = ["-days", "2", "-subj", "/CN=kneeload", "-addext", "subjectAltName=IP:127.0.0.2"]
    try:
        subprocess.run(
            ["openssl", *words, *more, "-keyout", str(key), "-out", str(cert)],
            check=True,
            capture_output=True,
        )
    except FileNotFoundError:
        pytest.skip("no openssl on this machine")
    return cert, key


def test_with_a_certificate_the_phone_speaks_https(
    served: Serving, certificate: tuple[Path, Path]
) -> None:
    trusting = ssl.create_default_context(cafile=str(certificate[0]))
    with running_both(served, tls=tls_context(*certificate)) as (_, phone):
        connection = http.client.HTTPSConnection(
            phone.host, phone.port, context=trusting, timeout=20
        )
        body = f"code={served.pairing.new_code()}"
        headers = {"Origin": phone.origin, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", "/pair", body, headers)
        answer = connection.getresponse()
        answer.read()
        cookie = answer.headers["Set-Cookie"]
        assert answer.status == 303
        assert "; Secure" in cookie
        for path in ("/", "/static/serve.css", "/diary"):  # longer than one record of TLS
            connection.request("GET", path, headers={"Cookie": cookie.partition(";")[0]})
            answer = connection.getresponse()
            assert len(answer.read()) == int(answer.headers["Content-Length"])
            assert answer.status == 200
        note = "x" * 40_000  # a body of several records
        connection.request("GET", "/pain", headers={"Cookie": cookie.partition(";")[0]})
        page = connection.getresponse().read().decode()
        body = f"token={hidden(page, 'token')}&entry={hidden(page, 'entry')}&score=1&note={note}"
        connection.request("POST", "/pain", body, headers | {"Cookie": cookie.partition(";")[0]})
        assert connection.getresponse().status == 303
        connection.close()
    assert scores(served.log_path)


def test_plain_http_and_silence_do_not_stop_a_tls_server(
    served: Serving, certificate: tuple[Path, Path]
) -> None:
    trusting = ssl.create_default_context(cafile=str(certificate[0]))
    with running_both(served, tls=tls_context(*certificate)) as (_, phone):
        with socket.create_connection((phone.host, phone.port), timeout=20) as plain:
            plain.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * 20)
        silent = socket.create_connection((phone.host, phone.port), timeout=20)
        connection = http.client.HTTPSConnection(
            phone.host, phone.port, context=trusting, timeout=20
        )
        connection.request("GET", "/pair?code=x")
        assert connection.getresponse().status == 200
        connection.close()
        silent.close()


def test_what_is_no_certificate_is_one_line(tmp_path: Path) -> None:
    for name in ("cert.pem", "key.pem"):
        (tmp_path / name).write_text("no certificate")
    with pytest.raises(KneeloadError, match=r"^cert.pem and key.pem are not a certificate"):
        tls_context(tmp_path / "cert.pem", tmp_path / "key.pem")


def test_a_form_of_just_64_kb_comes_in(served: Serving) -> None:
    with running(served) as desk:
        code, _, _ = asked(desk, "POST", "/pain", b"x" * BODY_BYTES)
    assert code == 403  # for want of a cookie, not of room
