"""`python -m release.sbom FILE`: what this version is made of, as CycloneDX 1.6.

It follows from the locks and the versions alone: the same source gives the same bytes.
"""

import json
import sys
import tomllib
import uuid
from pathlib import Path
from typing import Any

from release.locks import ROOT, UNKNOWN, Package, read

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://cyclonedx.org/segel")


def document(packages: list[Package]) -> dict[str, Any]:
    """The document."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    own = f"pkg:generic/segel@{project['version']}"
    components = [_component(each) for each in packages]
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(NAMESPACE, json.dumps(components))}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": own,
                "name": "segel",
                "version": project["version"],
                "purl": own,
                "licenses": [{"license": {"id": project["license"]}}],
            },
        },
        "components": components,
    }


def _component(package: Package) -> dict[str, Any]:
    group, _, name = package.name.rpartition("/")
    named = {"group": group, "name": name} if group else {"name": name}
    return {
        "type": "library",
        "bom-ref": package.url,
        **named,
        "version": package.version,
        # Excluded: what only builds or tests.
        "scope": "required" if package.shipped else "excluded",
        "hashes": [{"alg": algorithm, "content": hex_} for algorithm, hex_ in package.hashes],
        "licenses": _licences(package.licence),
        "purl": package.url,
    }


def _licences(expression: str) -> list[dict[str, Any]]:
    if expression == UNKNOWN:
        return []
    if " " in expression:
        return [{"expression": expression}]
    return [{"license": {"id": expression}}]


def main() -> None:
    """Writes the file that is named."""
    file = Path(sys.argv[1])
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(document(read()), indent=1) + "\n")


if __name__ == "__main__":
    main()
