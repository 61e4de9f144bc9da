"""What a browser would find at the server's address: certificate, page, WebSocket, headers."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from segel.apps.addresses import is_loopback
from segel.apps.doctor.finding import Finding, ok, problem, warning

DAY = 86_400
SOON = 14
"""Days before its end in which a certificate should have been renewed."""

EXPIRED, OTHER_NAME, NOT_YET = 10, 62, 9
"""OpenSSL's numbers of what is wrong with a certificate."""

INCOMPLETE = (18, 19, 20, 21)

KEPT_HEADERS = (
    "Content-Security-Policy",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Embedder-Policy",
    "Referrer-Policy",
    "X-Content-Type-Options",
)
"""Headers of Segel's that a proxy must hand on."""

SLICE = 8 * 2**20
"""Bytes of the greatest body that a client sends."""


@dataclass(slots=True)
class Certificate:
    """What the address shows. `error` is OpenSSL's number, 0 where the certificate holds."""

    error: int
    text: str
    ends: float
    names: tuple[str, ...]


@dataclass(slots=True)
class Answer:
    """What came back: a status and headers, or why nothing did."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    failed: str = ""

    def header(self, name: str) -> str:
        """A header, however it is spelt; empty where there is none."""
        return next((v for k, v in self.headers.items() if k.lower() == name.lower()), "")


@dataclass(slots=True)
class Site:
    """All that was found at an address, by clocks of this machine in Unix seconds."""

    url: str
    asked_at: float
    unreachable: str = ""
    certificate: Certificate | None = None
    page: Answer = field(default_factory=Answer)
    script: Answer | None = None
    """The first script of the page; None where the page names none."""
    relay: bool | None = None
    """Whether the server says that its media relay runs; None where it says nothing."""
    socket: Answer = field(default_factory=Answer)
    server_key: bytes = b""
    """The key in `Hello`; empty where none came."""
    body: Answer = field(default_factory=Answer)
    """The answer to a body of SLICE bytes."""
    clock: float | None = None
    """What the server's `Date` says."""
    version: str = ""


def judge(site: Site, own_version: str, own_key: bytes | None) -> list[Finding]:
    """`own_key` is that of the data folder beside; None where there is none to compare with."""
    if site.unreachable:
        return [problem("address", f"{site.url} does not answer: {site.unreachable}.")]
    findings = [*_certificate(site), *_page(site), *_socket(site, own_key)]
    if site.socket.status == 101:
        findings += [_body(site.body), *_relay(site.relay)]
    return [*findings, *_clock(site), *_version(site, own_version)]


def _certificate(site: Site) -> list[Finding]:
    shown = site.certificate
    if shown is None and is_loopback(urlsplit(site.url).hostname or ""):
        return [warning("tls", "Plain http, which browsers take as safe on this machine only.")]
    if shown is None:
        return [
            problem(
                "tls",
                "The address is plain http: browsers give it neither camera nor keys. Put a proxy "
                "with TLS in front (docs/operators.md), or give --tls-cert and --tls-key.",
            )
        ]
    days = int((shown.ends - site.asked_at) // DAY)
    if shown.error == EXPIRED or days < 0:
        return [problem("tls", f"The certificate ended {-days} days ago. Renew it, and reload.")]
    if shown.error == OTHER_NAME:
        names = ", ".join(shown.names) or "no name"
        return [problem("tls", f"The certificate is for {names}. Get one for {_host(site.url)}.")]
    if shown.error == NOT_YET:
        return [problem("tls", "The certificate is not valid yet: one of the two clocks is wrong.")]
    if shown.error in INCOMPLETE:
        return [
            problem(
                "tls",
                "No browser trusts the certificate: it is self-signed, or the chain is incomplete. "
                "Serve the full chain (fullchain.pem) of a known authority.",
            )
        ]
    if shown.error:
        return [problem("tls", f"The certificate does not hold: {shown.text}.")]
    if days < SOON:
        return [warning("tls", f"The certificate ends in {days} days: see why it is not renewed.")]
    return [ok("tls", f"The certificate holds, for {days} more days."), _hsts(site)]


def _hsts(site: Site) -> Finding:
    if site.page.header("Strict-Transport-Security"):
        return ok("hsts", "Browsers that came once insist on https.")
    return warning("hsts", "There is no Strict-Transport-Security: add it at the proxy.")


def _page(site: Site) -> list[Finding]:
    page = site.page
    if page.failed or page.status in (502, 504):
        said = page.failed or f"status {page.status}"
        return [problem("page", f"Nobody serves behind the address ({said}): start the server.")]
    if page.status == 503:
        return [problem("page", "The server runs without its web client: install a whole wheel.")]
    if page.status != 200:
        return [problem("page", f"The page is answered with status {page.status}.")]
    lost = [name for name in KEPT_HEADERS if not page.header(name)]
    if lost:
        return [problem("page", f"The proxy takes headers away: {', '.join(lost)}. Hand them on.")]
    if site.script is None or site.script.status != 200:
        return [problem("page", "The page's script is not there: install Segel anew.")]
    if "javascript" not in site.script.header("Content-Type"):
        return [problem("page", "The script has another type on its way: hand Content-Type on.")]
    return [ok("page", "The page and its script come, with all headers, for current browsers.")]


def _socket(site: Site, own_key: bytes | None) -> list[Finding]:
    socket = site.socket
    if socket.status == 101 and site.server_key:
        if own_key is not None and own_key != site.server_key:
            return [
                problem("websocket", "The address leads to another server than the data folder's.")
            ]
        return [ok("websocket", "WebSockets pass, and the server greets.")]
    if site.page.failed or site.page.status in (502, 504):
        return []
    if socket.status == 403:
        return [
            problem(
                "websocket",
                "The server takes the page for a foreign one: the proxy must hand on the Host "
                "header as it came, port and all.",
            )
        ]
    said = socket.failed or f"status {socket.status}"
    return [
        problem(
            "websocket",
            f"WebSockets do not pass ({said}): the proxy must hand on Upgrade and Connection, over "
            "HTTP/1.1 (deploy/nginx.conf).",
        )
    ]


def _relay(runs: bool | None) -> list[Finding]:
    if runs is False:
        return [
            problem(
                "media",
                "The server says that its relay does not run: see relay_stopped in its log.",
            )
        ]
    return []


def _body(body: Answer) -> Finding:
    if body.status == 413 and not body.header("Content-Security-Policy"):
        return problem("files", "The proxy refuses bodies of 8 MiB: let 16 MB pass.")
    if body.failed:
        return problem("files", f"A body of 8 MiB does not pass: {body.failed}.")
    return ok("files", "Bodies of 8 MiB pass, as files come.")


def _clock(site: Site) -> list[Finding]:
    return [] if site.clock is None else [judge_clock("clock", site.asked_at, site.clock)]


def judge_clock(about: str, here: float, there: float) -> Finding:
    """Clocks in Unix seconds. Signed requests hold for 120 s."""
    apart = abs(here - there)
    said = f"This machine's clock and the other's are {apart:.0f} s apart"
    if apart > 60:
        return problem(about, f"{said}: requests will be refused. Set both by NTP.")
    if apart > 5:
        return warning(about, f"{said}: set both by NTP.")
    return ok(about, f"{said}.")


def _version(site: Site, own: str) -> list[Finding]:
    if not site.version:
        return []
    if site.version != own:
        said = f"The server is Segel {site.version}, this command {own}"
        return [warning("version", f"{said}: restart the server after an upgrade.")]
    return [ok("version", f"Segel {own}.")]


def _host(url: str) -> str:
    return urlsplit(url).hostname or url
