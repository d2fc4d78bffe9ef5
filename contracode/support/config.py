"""Settings of pretraining: typed, read from TOML, overridden by `section.key=value`, saved whole
with every run.
"""

import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import msgspec
import tomli_w

from contracode.support.atomic_files import replacing
from contracode.support.errors import InputError

PRESETS = Path(__file__).parent / "presets"

Count = Annotated[int, msgspec.Meta(ge=1)]
Natural = Annotated[int, msgspec.Meta(ge=0)]
Seed = Annotated[int, msgspec.Meta(ge=0, lt=2**32)]
Positive = Annotated[float, msgspec.Meta(gt=0)]
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Dropout = Annotated[float, msgspec.Meta(ge=0, lt=1)]
Decay = Annotated[float, msgspec.Meta(ge=0, lt=1)]

InputForm = Literal["written", "numbered", "normal"]
"""How a source is spelled for an encoder.

- "written": as it is.
- "numbered": local names are `v0`, `v1` and so on by where they occur first, comments are dropped,
  and layout is one for all.
- "normal": its normal form, local names numbered.
"""


class TokenizerConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A tokenizer to train.

    Attributes:
        vocab_size: most pieces it may have; a small corpus gives fewer. Ids are uint16.
        layout: "drop" leaves white space out of what an encoder reads, so that it cannot see
            layout; "keep" keeps it.
        max_texts: size of the sample that a larger corpus is reduced to.
    """

    vocab_size: Annotated[int, msgspec.Meta(ge=300, le=65536)] = 8000
    layout: Literal["drop", "keep"] = "drop"
    max_texts: Count = 200_000


class EncoderConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The shape of an encoder.

    Attributes:
        architecture: "rotary" is a Transformer, pre-norm without biases, with rotary positions and
            a gated feed-forward; "sinusoidal" is the paper's: post-norm, sin/cos positions, ReLU;
            "bilstm" is the paper's other one, and has neither heads nor feed-forward.
        pooling: what stands for a function: "mean" of its pieces' hidden states, or the "ends" of
            every layer of a bilstm, where each direction has read everything.
        vocab_size: pieces of the tokenizer; 0 stands for those of the tokenizer that it is trained
            with.
        dimension: D, of a bilstm that of each direction.
        layers: how many.
        heads: of the attention; they divide the dimension, each an even part.
        feedforward: inner width of the feed-forward.
        dropout: on embeddings and residual branches.
    """

    architecture: Literal["rotary", "sinusoidal", "bilstm"] = "rotary"
    pooling: Literal["mean", "ends"] = "mean"
    vocab_size: Natural = 0
    dimension: Count = 192
    layers: Count = 4
    heads: Count = 3
    feedforward: Count = 512
    dropout: Dropout = 0.0

    def __post_init__(self) -> None:
        if self.architecture == "bilstm":
            if self.dimension % 2:
                raise ValueError(
                    f"dimension {self.dimension} is odd: positions need as many sines as cosines"
                )
            return
        if self.pooling == "ends":
            raise ValueError(
                'pooling "ends" is for a bilstm; no other architecture has ends that have read everything'
            )
        if self.dimension % (2 * self.heads):
            raise ValueError(
                f"dimension {self.dimension} does not divide into {self.heads} heads of even width"
            )

    @property
    def hidden_width(self) -> int:
        """Width of the hidden state of a piece."""
        return 2 * self.dimension if self.architecture == "bilstm" else self.dimension

    @property
    def pooled_width(self) -> int:
        """Width of what stands for a function."""
        return self.layers * self.hidden_width if self.pooling == "ends" else self.hidden_width


class WideConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The wide part, which counts fragments of a program's shape beside the encoder that reads its
    pieces.

    Attributes:
        dimension: of what the shape comes to: what stands within, beside and behind what, and how
            variables are used; 0 for no wide part. A small corpus gives fewer, here and below.
        signature: dimensions of what a function takes and gives.
        words: of its words: properties, global names, numbers, strings.
        operations: of its operations, by how deep in loops they stand.
        beside: what each of these three weighs beside the shape.
        names: dimensions of what a program calls its own, which embeddings have beside all else; 0
            for none.
        naming: what these weigh beside all else at most; names that say little weigh less.
        vocabulary: fragments of the shape that are known at most, those of the most functions, as
            many of each kind; half as many of signatures, of words and of operations each; and as
            many words of names.
        least: functions that have a fragment, for it to be known.
        functions: of the corpus that it is made from at most.
        meaning: what the directions that tell names and documentation weigh above the others; 0
            leaves all alike.
        gain: what it weighs beside the encoder in an embedding.
        joint: the contrast compares both together, so that the encoder learns what counting does
            not tell; otherwise the encoder learns alone, and both meet in embeddings.
    """

    dimension: Natural = 0
    signature: Natural = 192
    words: Natural = 256
    operations: Natural = 192
    beside: Positive = 0.5
    names: Natural = 256
    naming: Positive = 0.85
    vocabulary: Count = 8192
    least: Count = 5
    functions: Count = 20_000
    meaning: Annotated[float, msgspec.Meta(ge=0)] = 3.0
    gain: Positive = 5.0
    joint: bool = False

    @property
    def width(self) -> int:
        """Dimensions of all parts together but for names; 0 for no wide part."""
        return self.dimension and self.dimension + self.signature + self.words + self.operations


class ContrastConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Momentum contrast.

    Attributes:
        head: the projection head: "deep" has three layers with norms, "plain" is the paper's, two
            without.
        projection: width of the vectors that are contrasted.
        hidden: width of the projection head's hidden layers; 0 stands for the encoder's dimension.
        queue: keys kept as negatives.
        momentum: of the key encoder at the start.
        momentum_end: at the end; in between it follows half a cosine.
        temperature: at the start.
        temperature_low: learned temperatures stay above it.
        temperature_high: and below it.
        learn_temperature: learn it.
        in_batch: the other keys of the batch are negatives too.
        symmetric: compare both ways, each view once as the query and once as the key: twice the
            work, for large batches.
        decoupled: leave the positive out of the denominator.
    """

    head: Literal["deep", "plain"] = "deep"
    projection: Count = 128
    hidden: Natural = 0
    queue: Natural = 8192
    momentum: Share = 0.99
    momentum_end: Share = 0.996
    temperature: Positive = 0.07
    temperature_low: Positive = 0.02
    temperature_high: Positive = 0.5
    learn_temperature: bool = True
    in_batch: bool = True
    symmetric: bool = False
    decoupled: bool = False

    def __post_init__(self) -> None:
        if not self.temperature_low < self.temperature < self.temperature_high:
            raise ValueError("temperature is not between temperature_low and temperature_high")
        if not self.queue and not self.in_batch:
            raise ValueError("there are no negatives: queue is 0 and in_batch is false")


class MaskingConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Masked modelling, beside the contrast or instead of it.

    Attributes:
        share: of a view's pieces that are hidden and to be predicted; 0 for no masked modelling.
        identifiers: share of these that are hidden as whole words.
        everywhere: hide a word at all its places at once.
        unchanged: share of the hidden pieces that stay as they are.
        random: share of them that are replaced with any other piece; the mask takes the place of
            the rest.
        clean: contrast views as they are, and mask a copy; otherwise the query is the masked view,
            as the paper has it.
        written: mask the function as its author wrote it, in another layout at most, instead of a
            view: most views have other names, and heads learn from names.
        contrast: weight of the contrastive loss in the sum of both; 0 leaves it out.
    """

    share: Share = 0.0
    identifiers: Share = 0.5
    everywhere: bool = True
    unchanged: Share = 0.0
    random: Share = 0.0
    clean: bool = True
    written: bool = False
    contrast: Annotated[float, msgspec.Meta(ge=0)] = 1.0

    def __post_init__(self) -> None:
        if self.written and not self.clean:
            raise ValueError("written: what is masked is no view then, so clean cannot be false")
        if self.unchanged + self.random > 1:
            raise ValueError(
                "unchanged and random are shares of the same pieces, but their sum is above 1"
            )
        if not self.share and not self.contrast:
            raise ValueError("there is nothing to learn: share is 0 and contrast is 0")


class OptimizerConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """AdamW and its schedule: linear warm-up, constant, linear to zero.

    Attributes:
        learning_rate: of the constant part.
        beta1: decay of the first moment.
        beta2: decay of the second moment.
        epsilon: added to the root of the second moment.
        weight_decay: of matrices; norms, biases, embeddings and the temperature have none.
        warmup: share of the budget.
        decay: share of the budget at its end.
        clip: norm to which gradients are clipped.
    """

    learning_rate: Positive = 1e-3
    beta1: Share = 0.9
    beta2: Share = 0.98
    epsilon: Positive = 1e-8
    weight_decay: Annotated[float, msgspec.Meta(ge=0)] = 0.01
    warmup: Share = 0.03
    decay: Share = 0.2
    clip: Positive = 1.0


class TrainingConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The run.

    Attributes:
        seed: of all that is drawn.
        steps: optimiser steps; 0 for no bound but `max_time`.
        max_time: such as "90s", "10m" or "1h30m"; "" for no bound but `steps`. What comes first
            ends the run, and the schedule fits.
        batch_size: pairs of a batch.
        accumulate: batches whose gradients a step takes the mean of; the key encoder and the queue
            move once a step.
        average: decay of an average of the weights that export and evaluation may take, such as
            0.999; 0 for none. The first steps count more, as they are few.
        held_out: functions that are left out of training for validation.
        validate_every: steps between two validations, rows of `validation.csv`.
        probe_every: steps between two probes of the encoder on functions held out, rows of
            `probe.csv`; 0 for none.
        patience: validations without a lower loss after which the run ends; 0 for a run that does
            not end early.
        log_every: steps between two rows of `metrics.csv`.
        checkpoint_every: steps between two checkpoints.
        threads: of torch; 0 leaves it to torch.
        precision: Lightning's name of it, such as "32-true" or "bf16-mixed".
        tensorboard: write event files too.
    """

    seed: Seed = 0
    steps: Natural = 2000
    max_time: str = ""
    batch_size: Annotated[int, msgspec.Meta(ge=2)] = 64
    accumulate: Count = 1
    average: Decay = 0.0
    held_out: Natural = 0
    validate_every: Count = 200
    probe_every: Natural = 0
    patience: Natural = 0
    log_every: Count = 10
    checkpoint_every: Count = 200
    threads: Natural = 1
    precision: Literal["32-true", "bf16-mixed", "16-mixed"] = "32-true"
    tensorboard: bool = False

    def __post_init__(self) -> None:
        if self.max_time:
            seconds(self.max_time)
        elif not self.steps:
            raise ValueError("the run has no end: steps is 0 and max_time empty")
        if self.patience and not self.held_out:
            raise ValueError("patience needs functions to validate on: held_out is 0")
        if self.probe_every and not self.held_out:
            raise ValueError("probe_every needs functions to probe on: held_out is 0")


class DataConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The pairs of views.

    Attributes:
        reads: how views are spelled before they are cut into pieces, and sources before they are
            embedded: "written", as they are; "numbered", local names numbered; "normal", in their
            normal form, local names numbered.
        max_length: pieces after which a view is cropped.
        sampled: share of the views whose pieces are sampled (subword regularisation).
        alpha: smoothness of that sampling; 0 is uniform over all segmentations.
        bucket: batches whose functions are sorted by length together, so that little is padded; 1
            sorts nothing.
        workers: processes that draw views; 0 draws them in the training process.
        documentation: share of the pairs of a documented function whose query is its documentation,
            not a view.
        hard: share of the pairs that bring a negative of their own: a view of the function with a
            small edit that most likely changes what it does.
        namesakes: share of the pairs of a function with namesakes in other repositories whose
            second view is of one of these.
        copies: where a packed corpus has views rendered ahead, pairs are drawn among these;
            otherwise from the sources.
    """

    reads: InputForm = "written"
    max_length: Count = 128
    sampled: Share = 0.5
    alpha: Annotated[float, msgspec.Meta(ge=0)] = 0.1
    bucket: Count = 16
    workers: Natural = 0
    documentation: Share = 0.0
    hard: Share = 0.0
    namesakes: Share = 0.0
    copies: bool = True


class Config(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All settings of a pretraining run."""

    tokenizer: TokenizerConfig = TokenizerConfig()
    encoder: EncoderConfig = EncoderConfig()
    wide: WideConfig = WideConfig()
    contrast: ContrastConfig = ContrastConfig()
    masking: MaskingConfig = MaskingConfig()
    optimizer: OptimizerConfig = OptimizerConfig()
    training: TrainingConfig = TrainingConfig()
    data: DataConfig = DataConfig()

    def __post_init__(self) -> None:
        if self.data.documentation and self.masking.share and not self.masking.clean:
            raise ValueError(
                "data.documentation cannot be the query where masking.clean is false: that is the masked view"
            )


_T = TypeVar("_T", bound=msgspec.Struct)


def load(
    path: str | Path | None = None, overrides: Iterable[str] = (), *, kind: type[_T] = Config
) -> _T:
    """Read settings; what the file leaves out has its default.

    Args:
        path: a TOML file; all defaults without it.
        overrides: "section.key=value", the value in TOML; what is no TOML value is a string.
        kind: the settings meant.

    Raises:
        InputError: the file is missing or no TOML, a key is unknown, a value does not fit. It names
            file and key.
    """
    settings: dict[str, Any] = {}
    if path is not None:
        settings = _read(Path(path))
        _convert(
            settings, kind, path
        )  # so that an error tells whose it is, the file's or an override's
    changed = [_override(settings, override) for override in overrides]
    return _convert(settings, kind, f"--set {' '.join(changed)}" if changed else path)


def preset(name: str) -> Path:
    """Return the file of a preset.

    Raises:
        InputError: there is none of this name.
    """
    path = PRESETS / f"{name}.toml"
    if not path.is_file():
        raise InputError(f"no preset {name!r}; there are {', '.join(presets())}")
    return path


def presets() -> list[str]:
    """Return the names of the presets."""
    return sorted(path.stem for path in PRESETS.glob("*.toml"))


def save(settings: msgspec.Struct, path: Path) -> None:
    """Write settings, defaults included, so that `load` gives them back."""
    with replacing(path) as beside:
        beside.write_text(tomli_w.dumps(msgspec.to_builtins(settings)), "utf-8")


def refuse_changes(run: msgspec.Struct, told: msgspec.Struct, *, but: Collection[str]) -> None:
    """Compare the settings that a run has with those that it is told when it goes on.

    Args:
        run: settings of the run.
        told: settings to go on with.
        but: which may differ, as "section.key".

    Raises:
        InputError: another one differs; it is named.
    """
    before, now = (dict(_flat(msgspec.to_builtins(settings))) for settings in (run, told))
    for key, value in before.items():
        if now[key] != value and key not in but:
            raise InputError(
                f"{key} cannot change: the run has {msgspec.json.encode(value).decode()}"
            )


def _flat(settings: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in settings.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def seconds(duration: str) -> float:
    """Return the seconds of a duration such as "90s", "10m", "1h30m" or "45" (seconds).

    Raises:
        InputError: it is none, or nothing at all.
    """
    match = re.fullmatch(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s?)?", duration)
    hours, minutes, rest = match.groups("0") if match else ("0", "0", "0")
    total = 3600 * int(hours) + 60 * int(minutes) + float(rest)
    if total <= 0:
        raise InputError(f"not a duration such as 90s, 10m or 1h30m: {duration!r}")
    return total


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise InputError(error.strerror or str(error), path=path) from None
    except UnicodeDecodeError:
        raise InputError("is not UTF-8", path=path) from None
    except tomllib.TOMLDecodeError as error:
        where = re.search(r" \(at line (\d+), column \d+\)$", str(error))
        message = str(error)[: where.start()] if where else str(error)
        raise InputError(
            f"is not TOML: {message}", path=path, line=int(where[1]) if where else None
        ) from None


def _override(settings: dict[str, Any], override: str) -> str:
    key, equals, text = override.partition("=")
    *sections, name = key.strip().split(".")
    if not equals or not name:
        raise InputError(f"--set {override}: not of the form section.key=value")
    try:
        value = tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        value = text
    for section in sections:
        settings = settings.setdefault(section, {})
        if not isinstance(settings, dict):
            raise InputError(f"--set {override}: {section} is no section")
    settings[name] = value
    return override


def _convert(settings: Mapping[str, Any], kind: type[_T], where: str | Path | None) -> _T:
    try:
        return msgspec.convert(settings, kind)
    except msgspec.ValidationError as error:
        message, _, place = str(error).partition(" - at `$")
        key = place.removeprefix(".").removesuffix("`")
        raise InputError(f"{key}: {message}" if key else message, path=where) from None
