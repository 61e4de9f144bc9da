"""`segel bundle`: whether a server serves the web client that was built here."""

import asyncio
import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

import aiohttp
import click
import msgspec

from segel.apps import options
from segel.apps.failures import Failure, WrongSetting
from segel.server.http import headers
from segel.server.http.static import FOLDER, MANIFEST

TIMEOUT = 30.0
PLAIN = {"Accept-Encoding": "identity"}


class File(msgspec.Struct, frozen=True):
    """One file of a bundle: its path below the folder, its size in bytes, its hashes."""

    path: str
    size: int
    sha256: str
    integrity: str


class Manifest(msgspec.Struct, frozen=True):
    """What the build says of a bundle (web/app/build/manifest.ts)."""

    version: str
    commit: str
    bundle: str
    files: tuple[File, ...]


@dataclass(slots=True, frozen=True)
class Difference:
    """A file that is not served as it was built."""

    path: str
    how: str


@click.group()
def bundle() -> None:
    """The web client that this Segel serves, and that another server does."""


@bundle.command("show")
@click.option("--folder", type=options.FILE, default=FOLDER, help="A built web client.")
@options.as_json
def show(folder: Path, as_json: bool) -> None:
    """Print the hash of each file, as `sha256sum` does, after its version and the bundle's hash."""
    made = read(folder)
    if as_json:
        click.echo(msgspec.json.encode(made).decode())
        return
    click.echo(f"# segel {made.version} {made.commit}\n# bundle {made.bundle}")
    for file in made.files:
        click.echo(f"{file.sha256}  {file.path}")


@bundle.command("verify")
@click.option("--folder", type=options.FILE, default=FOLDER, help="The build to compare with.")
@options.as_json
@click.argument("url")
def verify(folder: Path, as_json: bool, url: str) -> None:
    """Compare what the server at URL serves, byte for byte, with the web client that is built here.

    It says what this server serves to you now. To somebody else it may serve another page.
    """
    made = read(folder)
    differences = asyncio.run(compare(url.rstrip("/"), made))
    for each in differences:
        click.echo(json.dumps(asdict(each)) if as_json else f"{each.path}: {each.how}")
    if differences:
        raise Failure(f"{url} does not serve this bundle ({made.version}, {made.bundle[:16]}).")
    if not as_json:
        click.echo(f"{url} serves this bundle: {made.version}, {made.bundle}.")


def read(folder: Path) -> Manifest:
    """The manifest of a built client, whose files must be what it says. Raises WrongSetting."""
    try:
        made = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
        spoilt = [file.path for file in made.files if _hash(folder / file.path) != file.sha256]
    except (OSError, msgspec.DecodeError) as error:
        raise WrongSetting(f"There is no built web client in {folder} ({error}).") from None
    if spoilt:
        raise WrongSetting(f"The build in {folder} was changed: {', '.join(spoilt)}.")
    return made


async def compare(url: str, made: Manifest) -> list[Difference]:
    """What differs at `url`. Raises Failure where nobody answers."""
    timeout = aiohttp.ClientTimeout(total=TIMEOUT)
    try:
        async with aiohttp.ClientSession(timeout=timeout, headers=PLAIN) as session:
            found = [await _file(session, f"{url}/{file.path}", file) for file in made.files]
            found += [await _page(session, url, path, made) for path in ("/", "/m")]
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        raise Failure(f"{url} does not answer: {error}.") from None
    return [each for each in found if each is not None]


async def _file(session: aiohttp.ClientSession, url: str, file: File) -> Difference | None:
    async with session.get(url, allow_redirects=False) as answer:
        if answer.status != 200:
            return Difference(file.path, f"answered with status {answer.status}")
        content = await answer.read()
    if hashlib.sha256(content).hexdigest() != file.sha256:
        return Difference(file.path, "has other bytes")
    return None


async def _page(
    session: aiohttp.ClientSession, url: str, path: str, made: Manifest
) -> Difference | None:
    """What browsers load first, with the policy that keeps other code out."""
    index = next(file for file in made.files if file.path == "index.html")
    async with session.get(url + path, allow_redirects=False) as answer:
        policy, host = answer.headers.get("Content-Security-Policy", ""), answer.url.host or ""
        port = "" if answer.url.is_default_port() else f":{answer.url.port}"
    if policy != headers.policy(host + port):
        return Difference(path, "has another Content-Security-Policy")
    return await _file(session, url + path, msgspec.structs.replace(index, path=path))


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
