"""What the README shows is what happens: its console blocks are run and compared, its Python is
executed.

`pytest tests/test_readme.py --update-cases` writes the outputs anew; read the diff before you
believe it.
"""

import doctest
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"

_CONSOLE = re.compile(r"```console\n(.*?)```", re.DOTALL)


def transcript(block: str) -> str:
    """Run the commands of a console block and return the block as it should be."""
    shown: list[str] = []
    for line in block.splitlines():
        if not line.startswith("$ "):
            continue
        words = shlex.split(line[2:])
        assert words[0] == "contracode"
        run = subprocess.run(
            [sys.executable, "-m", "contracode.cli.main", *words[1:]],
            cwd=ROOT,
            env={**os.environ, "NO_COLOR": "1", "COLUMNS": "120"},
            capture_output=True,
            text=True,
            check=True,
        )
        shown += [line, run.stdout.rstrip("\n")]
    return "\n".join(shown) + "\n"


def test_console_blocks_show_what_the_commands_print(request: pytest.FixtureRequest) -> None:
    text = README.read_text("utf-8")
    blocks = _CONSOLE.findall(text)
    assert blocks
    for block in blocks:
        now = transcript(block)
        if request.config.getoption("--update-cases"):
            text = text.replace(block, now)
        else:
            assert now == block
    if request.config.getoption("--update-cases"):
        README.write_text(text, "utf-8")


def test_a_wrong_block_would_be_seen() -> None:
    block = "$ contracode --version\ncontracode 99\n"
    assert transcript(block) != block


def test_python_blocks_run() -> None:
    text = README.read_text("utf-8")
    examples = "\n".join(re.findall(r"```python\n(.*?)```", text, re.DOTALL))
    test = doctest.DocTestParser().get_doctest(examples, {}, "README", str(README), 0)
    result = doctest.DocTestRunner(verbose=False).run(test)
    assert result.attempted >= 5
    assert result.failed == 0


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README.read_text("utf-8")):
        if not target.startswith("http"):
            assert (ROOT / target).exists(), target


def test_shell_commands_name_verbs_and_targets_that_exist() -> None:
    from contracode.cli.main import VERBS

    text = README.read_text("utf-8")
    makefile = (ROOT / "Makefile").read_text()
    for verb in re.findall(r"^contracode (\w+)", text, re.MULTILINE):
        assert verb in VERBS
    for target in re.findall(r"^make (\w+)|`make (\w+)`", text, re.MULTILINE):
        assert re.search(rf"^{target[0] or target[1]}:", makefile, re.MULTILINE)
