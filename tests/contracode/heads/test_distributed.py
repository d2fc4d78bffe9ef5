"""Fine-tuning on two processes equals fine-tuning on one, and resumes exactly."""

from pathlib import Path

import pytest
import torch

from contracode.corpus.labels.labelled_file import LabelledFile
from contracode.encoder.encoders import Encoder
from contracode.heads.checkpoint import HeadCheckpoint
from contracode.heads.finetune import finetune
from contracode.heads.names.settings import NameFinetuneConfig
from contracode.inputs.tokenizer import Tokenizer
from contracode.support.config import EncoderConfig
from contracode.support.run_folder import read_metrics
from tests.contracode.heads.test_running import changed, common, labelled
from tests.contracode.two_processes import run_in_two

WHOLE = changed(batch_size=64, dropout=0.0, feature_buckets=0, pointer_dim=0)
"""One step per epoch, with all windows and without dropout."""

PARTS = changed(epochs=3, batch_size=3)

NAMES = NameFinetuneConfig(**common(epochs=2), feature_buckets=64, max_words=50)

FUNCTIONS = [
    (f"function {name}(a) {{ {name}(a - {i}) }}", "")
    for i in range(7)
    for name in ("add", "size", "walk")
]

SCRIPT = """
import sys
from pathlib import Path
import torch
from contracode.encoder import distributed
from contracode.heads.finetune import finetune
from contracode.heads.head_module import HeadModule
from contracode.heads.types.module import TypeModule
from contracode.inputs.tokenizer import Tokenizer
from tests.contracode.heads.test_distributed import FUNCTIONS, NAMES, PARTS, WHOLE, begun, files

folder = Path(sys.argv[1])
tokenizer = Tokenizer.load(folder)
step = TypeModule.training_step

class Killed(Exception):
    pass

def killed(self, batch, index):
    if self.current_epoch == 1 and index == 1:
        raise Killed
    return step(self, batch, index)

def dump(self):
    torch.save(self.state_dict(), folder / f"{job}.rank{distributed.rank()}.pt")

def types(config, **options):
    data = files(24), files(6)
    run = folder / job
    finetune(begun(tokenizer), tokenizer, *data, run, config, progress=False, **options)

HeadModule.on_fit_end = dump
with distributed.process_group():
    job = "whole"
    types(WHOLE)
    job = "parts"
    types(PARTS)
    job = "cut"
    TypeModule.training_step = killed
    try:
        types(PARTS)
    except Killed:
        TypeModule.training_step = step
        types(PARTS, resume=True)
    job = "names"
    data = FUNCTIONS, FUNCTIONS[:3]
    finetune(begun(tokenizer), tokenizer, *data, folder / job, NAMES, progress=False)
"""


def begun(tokenizer: Tokenizer) -> Encoder:
    torch.manual_seed(0)
    return Encoder(
        EncoderConfig(vocab_size=tokenizer.size, dimension=32, layers=1, heads=2, feedforward=64)
    )


def files(number: int) -> list[LabelledFile]:
    """Return files with equally many targets, so that averages of halves equal those of all."""
    return [
        labelled(f"function f{i}(n) {{ let text = n[{i}]; return n + text }}", f"{i}.ts")
        for i in range(number)
    ]


@pytest.fixture(scope="module")
def runs(tokenizer: Tokenizer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of runs, each on two processes."""
    folder = tmp_path_factory.mktemp("runs")
    tokenizer.save(folder)
    run_in_two(SCRIPT, folder, folder)
    return folder


def test_two_processes_equal_one_with_the_whole_batch(
    runs: Path, tokenizer: Tokenizer, tmp_path: Path
) -> None:
    finetune(
        begun(tokenizer), tokenizer, files(24), files(6), tmp_path / "one", WHOLE, progress=False
    )
    rows, expected = (
        read_metrics(folder / "metrics.csv") for folder in (runs / "whole", tmp_path / "one")
    )
    assert len(rows) == len(expected) == 4
    for row, other in zip(rows, expected, strict=True):
        assert row == pytest.approx(other, abs=1e-4)
    ours, theirs = HeadCheckpoint.load(runs / "whole"), HeadCheckpoint.load(tmp_path / "one")
    assert ours.facts.types == theirs.facts.types
    for part in ("encoder", "head"):
        expected_state = getattr(theirs, part).state_dict()
        for name, weight in getattr(ours, part).state_dict().items():
            torch.testing.assert_close(weight, expected_state[name], rtol=0, atol=1e-4)


@pytest.mark.parametrize("job", ["whole", "parts", "cut", "names"])
def test_all_processes_end_with_equal_weights(runs: Path, job: str) -> None:
    first, second = (
        torch.load(runs / f"{job}.rank{rank}.pt", weights_only=True) for rank in range(2)
    )
    for name, weight in first.items():
        assert torch.equal(weight, second[name]), name


def test_processes_share_the_steps_of_an_epoch(runs: Path) -> None:
    steps = [row["step"] for row in read_metrics(runs / "parts" / "metrics.csv")]
    assert steps == [4, 8, 12]  # 12 windows per process and epoch, 3 per step


def test_killed_run_resumes_exactly(runs: Path) -> None:
    assert read_metrics(runs / "cut" / "metrics.csv") == read_metrics(
        runs / "parts" / "metrics.csv"
    )
    cut, whole = (
        torch.load(runs / f"{job}.rank1.pt", weights_only=True) for job in ("cut", "parts")
    )
    for name, weight in cut.items():
        assert torch.equal(weight, whole[name]), name
