"""`segel bundle`: what a server serves, compared with a build."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from segel.testing.server_process import ServerProcess

from .conftest import failure, segel

FILES = {"assets/a.js": "1;", "icon.svg": "<svg/>", "index.html": "<script src=/assets/a.js>"}


def build(folder: Path) -> Path:
    """A small bundle with its manifest, as the build writes one."""
    for name, content in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)
    hashes = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in FILES.items()}
    listed = "".join(f"{digest}  {name}\n" for name, digest in hashes.items())
    files = [
        {"path": name, "size": len(FILES[name]), "sha256": digest, "integrity": ""}
        for name, digest in hashes.items()
    ]
    bundle = hashlib.sha256(listed.encode()).hexdigest()
    manifest = {"version": "1.0", "commit": "abc", "bundle": bundle, "files": files}
    (folder / "bundle.json").write_text(json.dumps(manifest))
    return folder


def serving(folder: Path, more: str = "") -> str:
    """Lets a server serve a folder."""
    page = (
        f"import pathlib, segel.server.http.static as s; s.FOLDER = pathlib.Path({str(folder)!r})"
    )
    return f"{page}\n{more}"


def test_the_same_bundle_is_told_and_its_manifest_published(tmp_path: Path) -> None:
    here, there = build(tmp_path / "here"), build(tmp_path / "there")
    with ServerProcess(tmp_path / "data", sabotage=serving(there)) as server:
        done = segel("bundle", "verify", "--folder", here, server.url)
        assert server.get("/v1/bundle") == (here / "bundle.json").read_bytes()
    assert (done.returncode, done.stderr) == (0, "")
    assert "serves this bundle: 1.0" in done.stdout
    shown = segel("bundle", "show", "--folder", here).stdout.splitlines()
    assert shown[0] == "# segel 1.0 abc"
    assert shown[2].endswith("  assets/a.js")


OPEN_POLICY = "import segel.server.http.headers as h; h.POLICY['script-src'] = '*'"


@pytest.mark.parametrize(
    ("spoil", "sabotage", "says"),
    [
        (lambda folder: (folder / "assets/a.js").write_text("2;"), "", "assets/a.js: has other"),
        (lambda folder: (folder / "icon.svg").unlink(), "", "icon.svg: answered with status 404"),
        (lambda folder: (folder / "index.html").write_text("<b>"), "", "/m: has other bytes"),
        (lambda folder: None, OPEN_POLICY, "/: has another Content-Security-Policy"),
    ],
)
def test_another_bundle_is_found_out(
    tmp_path: Path, spoil: Callable[[Path], object], sabotage: str, says: str
) -> None:
    """Also where the manifest that the server publishes is the right one."""
    here, there = build(tmp_path / "here"), build(tmp_path / "there")
    spoil(there)
    with ServerProcess(tmp_path / "data", sabotage=serving(there, sabotage)) as server:
        done = segel("bundle", "verify", "--folder", here, server.url)
    assert done.returncode == 1
    assert says in done.stdout
    assert "does not serve this bundle" in done.stderr


def test_a_build_that_was_changed_is_compared_with_nothing(tmp_path: Path) -> None:
    here = build(tmp_path / "here")
    (here / "icon.svg").write_text("<svg>")
    said = failure(segel("bundle", "verify", "--folder", here, "http://127.0.0.1:9"), 2)
    assert said == f"The build in {here} was changed: icon.svg."
    said = failure(segel("bundle", "show", "--folder", tmp_path / "none"), 2)
    assert "There is no built web client" in said
