"""`contracode doctor`."""

import json
import subprocess
import sys

from contracode.cli.tools import doctor


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "contracode.cli.main", "doctor", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_missing_model_is_reported_and_fails(tmp_path):
    done = run("--model", str(tmp_path / "nowhere"), "--json")
    found = json.loads(done.stdout)
    assert done.returncode == 1
    assert found["ok"] is False
    assert "no such model folder" in found["model"]["error"]
    assert found["packages"]["tree-sitter-javascript"].startswith("0.25")
    assert "torch" in found["train"]


def test_the_text_reports_the_same(tmp_path):
    done = run("--model", str(tmp_path / "nowhere"))
    assert done.returncode == 1
    assert "does not work: InputError" in done.stdout
    assert done.stdout.rstrip().endswith("something needed for inference is missing")
    assert "Traceback" not in done.stdout + done.stderr


def test_training_packages_are_looked_up_but_not_imported(tmp_path):
    code = (
        "import sys; from contracode.cli.tools import doctor; doctor.examine('nowhere');"
        "print([name for name in ('torch', 'pytorch_lightning') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_missing_packages_are_listed(monkeypatch, capsys):
    monkeypatch.setattr(
        doctor, "_declared", lambda: ["numpy>=1", "no-such-package>=2", "other; extra == 'train'"]
    )
    monkeypatch.setattr(doctor.shutil, "which", lambda program: None)
    found = doctor.examine("nowhere")
    assert found["packages"]["no-such-package"] is None
    assert found["train"] == {"other": None}
    assert found["node"] is None
    text = "\n".join(doctor._lines(found))
    assert "Node: not found" in text
    assert "pip install 'contracode[train]' (1 missing)" in text
