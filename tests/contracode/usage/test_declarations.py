"""The shipped declarations: their content, and how they are built."""

import subprocess
import sys
from pathlib import Path

from contracode.support.resources import data_dir
from contracode.usage.confidence import CERTAIN, PRECISION
from contracode.usage.declared.declarations import FILE, shipped
from contracode.usage.rules.contract_table import CONTRACTS


def test_file_is_small_and_its_packages_are_named_in_the_readme():
    path = data_dir() / FILE
    assert path.stat().st_size < 300_000
    readme = (data_dir() / "README.md").read_text()
    for name, package in shipped().packages.items():
        assert f"{name} {package['version']}" in readme
        assert package["licence"] in readme


def test_members_of_base_types_are_found_with_type_arguments():
    declarations = shipped()
    found = declarations.member("HTMLInputElement", "querySelector")
    assert found is not None
    assert found.owner == "ParentNode"
    pop = declarations.member("string[]", "pop")
    assert pop is not None
    assert pop.given == {"$T": "string"}
    assert declarations.has("string", "trim") is True
    assert declarations.has("number", "trim") is False
    assert declarations.has("Unheard", "trim") is None


def test_types_of_contracts_are_declared():
    declarations = shipped()
    for contract in CONTRACTS:
        for type in contract.types:
            assert "=>" in type or type in declarations, type


def test_each_rule_has_a_precision():
    assert CERTAIN.keys() <= PRECISION.keys()
    root = Path(sys.modules["contracode.usage"].__path__[0])
    text = "".join(path.read_text() for path in root.rglob("*.py"))
    for rule in PRECISION:
        assert text.count(f'"{rule}"') > 1, f"no rule is called {rule}"


def test_building_without_packages_reports_one_line(tmp_path: Path):
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "contracode.usage.declared.build_declarations",
            str(tmp_path),
            "-o",
            "x",
        ],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert str(tmp_path) in done.stderr
