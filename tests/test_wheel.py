"""A wheel built from the project works outside the checkout: it carries its model and says what it
needs.
"""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with nothing but what the wheel holds."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [
        sys.executable,
        "-m",
        "build",
        "--wheel",
        "--no-isolation",
        "--outdir",
        str(folder),
        str(ROOT),
    ]
    subprocess.run(command, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def run(site: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(site)}
    return subprocess.run(
        [sys.executable, *command],
        cwd=site.parent,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_wheel_is_what_is_imported(installed: Path) -> None:
    where = run(
        installed,
        "-c",
        "import contracode, augment, lsp_server; print(contracode.__file__, augment.__file__)",
    )
    assert where.stdout.count(str(installed)) == 2
    metadata = next(installed.glob("contracode-*.dist-info/METADATA")).read_text()
    assert "Requires-Dist: pygls" in metadata
    assert "Requires-Dist: torch" in metadata
    assert "extra == 'train'" in metadata
    for package in ("augment", "contracode", "lsp_server"):
        assert (installed / package / "py.typed").is_file()
    scripts = next(installed.glob("contracode-*.dist-info/entry_points.txt")).read_text()
    assert "contracode-lsp = lsp_server.main:main" in scripts


def test_types_are_predicted_by_the_shipped_model(installed: Path, tmp_path: Path) -> None:
    file = tmp_path / "hello.js"
    file.write_text(
        "function greet(name, count) {\n  return name.toUpperCase().repeat(count);\n}\n"
    )
    result = run(installed, "-m", "contracode.cli.main", "predict", "types", str(file), "--json")
    assert result.returncode == 0, result.stderr
    assert '"greet"' in result.stdout
    doctor = run(installed, "-m", "contracode.cli.main", "doctor")
    assert doctor.returncode == 0, doctor.stdout


def test_the_server_of_the_wheel_answers(installed: Path) -> None:
    message = b'{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{},"processId":null,"rootUri":null}}'
    frame = b"Content-Length: %d\r\n\r\n%s" % (len(message), message)
    server = subprocess.run(
        [sys.executable, "-m", "lsp_server.main"],
        cwd=installed.parent,
        env={**os.environ, "PYTHONPATH": str(installed)},
        input=frame,
        capture_output=True,
        check=False,
    )
    assert b"inlayHintProvider" in server.stdout
    assert server.returncode == 1  # the pipe ended without `exit`
