"""Build the shipped declarations from npm packages.

    npm install typescript@5.9 fastify @types/{express,jquery,koa,mocha,node,react}
    python -m contracode.usage.declared.build_declarations FOLDER -o data/declarations

FOLDER contains `node_modules`. Only names and types are taken, neither comments nor code. The same
packages give the same bytes. `contracode.usage.declared.declarations` documents the format.
"""

from __future__ import annotations

import argparse
import gzip
import json
import shutil
import subprocess
import sys
from pathlib import Path

from contracode.support.errors import InputError

READER = Path(__file__).with_name("declarations.js")


def build(folder: Path, output: Path) -> dict[str, dict[str, str]]:
    """Write the declarations of the packages in a folder.

    Args:
        folder: the folder that contains `node_modules`.
        output: folder for `declarations.json.gz`.

    Returns:
        Version and licence of each package.

    Raises:
        InputError: Node, or a package, is missing.
    """
    node = shutil.which("node")
    if node is None:
        raise InputError("Node is needed to read declarations")
    if not (folder / "node_modules" / "typescript").is_dir():
        raise InputError("has no node_modules/typescript", path=folder)
    found = subprocess.run(
        [node, str(READER), str(folder)], capture_output=True, text=True, check=False
    )
    if found.returncode:
        raise InputError(found.stderr.strip().splitlines()[-1], path=folder)
    output.mkdir(parents=True, exist_ok=True)
    with (
        (output / "declarations.json.gz").open("wb") as file,
        gzip.GzipFile("", "wb", 9, file, mtime=0) as packed,
    ):
        packed.write(found.stdout.encode())
    return json.loads(found.stdout)["packages"]


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, help="folder that contains node_modules")
    parser.add_argument("-o", "--output", type=Path, required=True, help="folder to write to")
    args = parser.parse_args()
    try:
        packages = build(args.folder, args.output)
    except InputError as error:
        print(f"build_declarations: {error}", file=sys.stderr)
        return 2
    for name, one in packages.items():
        print(f"{name} {one['version']} ({one['licence']})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
