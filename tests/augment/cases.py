"""Case files: what a transform does, written down as input and output.

A case is a JavaScript file under tests/cases/<transform>/. Comment lines at its top give settings:

    // seed: 3               default 0
    // strength: 0.5         default 1
    // type: module          default as detected
    // language: typescript  default javascript
    // level: plain_data     the most that rewrites may change; default observable
    // run: f(1, 2)          an expression that must answer the same in V8 before and after; any
    number of them

then comes the input, a line `// output`, and the expected text. Without that line the transform
must leave the input alone. `pytest tests/augment/test_cases.py --update-cases` writes the outputs
anew; read the diff before you believe it.
"""

from dataclasses import dataclass, field
from pathlib import Path

import augment

FOLDER = Path(__file__).parent.parent / "cases"
_MARK = "// output\n"


@dataclass
class Case:
    path: Path
    source: str
    expected: str | None
    header: str = ""
    seed: int = 0
    strength: float = 1.0
    source_type: str = "auto"
    language: str = "javascript"
    level: augment.Semantics = augment.Semantics.OBSERVABLE
    runs: list[str] = field(default_factory=list)

    @property
    def transform(self) -> str:
        return self.path.parent.name

    @property
    def equivalent_level(self) -> augment.Semantics:
        """The level at which views must give the same answers."""
        lossy = self.level is augment.Semantics.CHANGED
        return augment.Semantics.OBSERVABLE if lossy else self.level

    def parse(self) -> augment.Program:
        return augment.parse(self.source, language=self.language, source_type=self.source_type)

    def view(self, transforms: list[str] | None = None) -> augment.View:
        pipeline = augment.Pipeline(
            transforms or [self.transform], probability=1, strength=self.strength, level=self.level
        )
        return pipeline.view(self.parse(), self.seed)

    def update(self) -> None:
        text = self.view().text
        body = "" if text == self.source else _MARK + text
        with self.path.open("w", encoding="utf-8", newline="") as file:
            file.write(self.header + self.source + body)


def read(path: Path) -> Case:
    with path.open(encoding="utf-8", newline="") as file:
        text = file.read()
    source, mark, expected = text.partition(_MARK)
    header = ""
    case = Case(path, source, expected if mark else None)
    while True:
        line, end, rest = source.partition("\n")
        key, colon, value = line.removeprefix("// ").partition(": ")
        if not (
            line.startswith("// ")
            and colon
            and key in ("seed", "strength", "type", "language", "level", "run")
        ):
            break
        header += line + end
        source = rest
        value = value.strip()
        if key == "seed":
            case.seed = int(value)
        elif key == "strength":
            case.strength = float(value)
        elif key == "type":
            case.source_type = value
        elif key == "language":
            case.language = value
        elif key == "level":
            case.level = augment.Semantics[value.upper()]
        else:
            case.runs.append(value)
    case.source, case.header = source, header
    return case


def all_cases() -> list[Case]:
    return [read(path) for path in sorted(FOLDER.glob("*/*.*s")) if path.suffix in (".js", ".ts")]
