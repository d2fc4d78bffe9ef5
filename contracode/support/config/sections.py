"""The settings of a pretraining run, one struct per section of its TOML file."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

import msgspec

from contracode.support.config.fields import (
    Count,
    Decay,
    Dropout,
    InputForm,
    Natural,
    NonNegative,
    Positive,
    Seed,
    Share,
    seconds,
)


class TokenizerConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A tokenizer to train.

    Attributes:
        vocab_size: maximum number of pieces; a small corpus yields fewer. Ids are uint16.
        layout: "drop" removes white space from the encoder's input, so that layout is invisible to
            it; "keep" keeps it.
        max_texts: a larger corpus is sampled down to this many texts.
    """

    vocab_size: Annotated[int, msgspec.Meta(ge=300, le=65536)] = 8000
    layout: Literal["drop", "keep"] = "drop"
    max_texts: Count = 200_000


class EncoderConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The shape of an encoder.

    Attributes:
        architecture: "rotary" is a pre-norm Transformer without biases, with rotary positions and a
            gated feed-forward layer. "sinusoidal" is the paper's Transformer: post-norm, sinusoidal
            positions, ReLU. "bilstm" is the paper's LSTM; it ignores `heads` and `feedforward`.
        pooling: how a function's vector is formed: "mean" of the hidden states of its pieces, or
            "ends", the final states of every layer and direction of a bilstm.
        vocab_size: number of pieces; 0 takes it from the tokenizer of the run.
        dimension: width D of the hidden states; per direction for a bilstm.
        layers: number of layers.
        heads: attention heads; each gets an equal, even share of `dimension`.
        feedforward: inner width of the feed-forward layers.
        dropout: probability, on embeddings and residual branches.
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
            raise ValueError('pooling "ends" needs the architecture "bilstm"')
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
        """Width of the vector of a function."""
        return self.layers * self.hidden_width if self.pooling == "ends" else self.hidden_width


class FragmentConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The fragment vector: counts of a program's fragments, projected to few dimensions and
    concatenated with the encoder's vector.

    Every number of dimensions is a maximum: a small corpus yields fewer.

    Attributes:
        dimension: dimensions of the shape fragments (nesting and order of nodes, uses of
            variables); 0 disables the fragment vector.
        signature: dimensions of the fragments of a function's parameters and results.
        words: dimensions of the properties, global names, numbers and strings.
        operations: dimensions of the operations by loop depth.
        block_weight: weight of each of these three blocks relative to the shape.
        identifier_dim: dimensions of the identifier vector; 0 disables it.
        identifier_weight: maximum weight of the identifier vector; uninformative names weigh less.
        vocabulary: maximum number of shape fragments, the most frequent ones of each kind; half as
            many each of signatures, words and operations, and as many words of names.
        min_df: minimum number of functions that contain a fragment of the vocabulary.
        max_functions: maximum number of corpus functions that are counted.
        name_alignment: additional weight of the directions that predict names and documentation
            best; 0 weights all directions alike.
        fragment_weight: weight of the fragment vector relative to the encoder's.
        joint: contrast the concatenated vector, so that the encoder learns what the counts miss.
            Otherwise the encoder is trained alone.
    """

    RENAMED: ClassVar[Mapping[str, str]] = {
        "beside": "block_weight",
        "names": "identifier_dim",
        "naming": "identifier_weight",
        "least": "min_df",
        "functions": "max_functions",
        "meaning": "name_alignment",
        "gain": "fragment_weight",
    }

    dimension: Natural = 0
    signature: Natural = 192
    words: Natural = 256
    operations: Natural = 192
    block_weight: Positive = 0.5
    identifier_dim: Natural = 256
    identifier_weight: Positive = 0.85
    vocabulary: Count = 8192
    min_df: Count = 5
    max_functions: Count = 20_000
    name_alignment: NonNegative = 3.0
    fragment_weight: Positive = 5.0
    joint: bool = False

    @property
    def width(self) -> int:
        """Total dimensions without the identifier vector; 0 if the fragment vector is disabled."""
        return self.dimension and self.dimension + self.signature + self.words + self.operations


class ContrastConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Momentum contrast.

    Attributes:
        head: projection head: "deep" has three layers with norms; "plain" is the paper's, with two
            layers and no norms.
        projection: width of the contrasted vectors.
        hidden: width of the head's hidden layers; 0 takes the width of the encoder.
        queue: number of keys kept as negatives.
        momentum: momentum of the key encoder at the start.
        momentum_end: momentum at the end; it rises along half a cosine in between.
        temperature: initial temperature.
        temperature_low: lower bound of a learned temperature.
        temperature_high: upper bound of a learned temperature.
        learn_temperature: train the temperature.
        in_batch: use the other keys of the batch as negatives too.
        symmetric: contrast both ways, with each view as query and as key; doubles the work.
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
    """Masked modelling, in addition to the contrast or instead of it.

    Attributes:
        share: share of the pieces to predict; 0 disables masked modelling.
        identifiers: share of these that are chosen as whole identifiers.
        everywhere: mask an identifier at all its occurrences.
        unchanged: share of the chosen pieces that stay visible.
        random: share that is replaced with a random piece; the rest becomes the mask piece.
        clean: contrast unmasked views and mask a copy. Otherwise the query is the masked view, as
            in the paper.
        written: mask the source as written, at most in another layout, instead of a view. Views
            have other names, and the heads need the author's.
        contrast: weight of the contrastive loss in the sum; 0 disables it.
    """

    share: Share = 0.0
    identifiers: Share = 0.5
    everywhere: bool = True
    unchanged: Share = 0.0
    random: Share = 0.0
    clean: bool = True
    written: bool = False
    contrast: NonNegative = 1.0

    def __post_init__(self) -> None:
        if self.written and not self.clean:
            raise ValueError("written needs clean: the masked source is not a view to contrast")
        if self.unchanged + self.random > 1:
            raise ValueError("unchanged and random are shares of the same pieces; their sum is > 1")
        if not self.share and not self.contrast:
            raise ValueError("there is nothing to learn: share is 0 and contrast is 0")


class BagConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A bag model: a table of fragments and words instead of an encoder of pieces.

    Attributes:
        dimension: width D of the vectors; 0 trains an encoder of pieces.
        nested: shorter widths whose vectors are trained too, so that vectors can be truncated.
        shape: maximum number of shape fragments; each of the four kinds gets a quarter.
        signature: maximum number of fragments of signatures.
        literals: maximum number of fragments of words and literals.
        operations: maximum number of fragments of operations.
        words: maximum number of words of names and documentation.
        min_bags: minimum number of functions that contain an item of the vocabulary.
        namesakes: share of the pairs of code whose second view is a function of the same name in
            another repository; the other pairs are two views of one function.
        keep: share of a function's fragments that a view keeps.
        names: share of the views that keep the words of local names.
        names_as_text: share of the texts that are a function's name, not its documentation.
    """

    dimension: Natural = 0
    nested: tuple[Count, ...] = ()
    shape: Count = 12_000
    signature: Count = 2_500
    literals: Count = 4_000
    operations: Count = 2_000
    words: Count = 16_000
    min_bags: Count = 4
    namesakes: Share = 0.7
    keep: Share = 0.5
    names: Share = 0.35
    names_as_text: Share = 0.4

    def __post_init__(self) -> None:
        if self.dimension and any(width >= self.dimension for width in self.nested):
            raise ValueError("a nested width is not below dimension")


class OptimizerConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """AdamW with linear warm-up, a constant rate, and linear decay to zero.

    Attributes:
        learning_rate: rate of the constant part.
        beta1: decay of the first moment.
        beta2: decay of the second moment.
        epsilon: added to the square root of the second moment.
        weight_decay: for matrices; norms, biases, embeddings and the temperature have none.
        warmup: share of the budget at its start.
        decay: share of the budget at its end.
        clip: maximum norm of the gradients.
    """

    learning_rate: Positive = 1e-3
    beta1: Share = 0.9
    beta2: Share = 0.98
    epsilon: Positive = 1e-8
    weight_decay: NonNegative = 0.01
    warmup: Share = 0.03
    decay: Share = 0.2
    clip: Positive = 1.0


class TrainingConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The run: its budget, batches, logs and checkpoints.

    Attributes:
        seed: seed of every random choice.
        steps: optimiser steps; 0 for a run that only `max_time` ends.
        max_time: a duration such as "90s", "10m" or "1h30m"; "" for a run that only `steps` ends.
            With both, the first limit ends the run and determines the schedule.
        batch_size: pairs per batch.
        accumulate: batches per optimiser step; gradients are averaged. The key encoder and the
            queue are updated once per step.
        average: decay of the moving average of the weights that export and evaluation use, such as
            0.999; 0 disables it. Early steps use a lower decay.
        held_out: number of functions reserved for validation.
        validate_every: steps between validations (rows of `validation.csv`).
        probe_every: steps between probes on the reserved functions (rows of `probe.csv`); 0
            disables them.
        patience: end the run after this many validations without a lower loss; 0 never does.
        log_every: steps between rows of `metrics.csv`.
        checkpoint_every: steps between checkpoints.
        threads: threads of torch; 0 leaves the choice to torch.
        precision: as Lightning calls it, such as "32-true" or "bf16-mixed".
        tensorboard: write event files as well.
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
            raise ValueError("the run has no end: steps is 0 and max_time is empty")
        if self.patience and not self.held_out:
            raise ValueError("patience needs functions to validate on: held_out is 0")
        if self.probe_every and not self.held_out:
            raise ValueError("probe_every needs functions to probe on: held_out is 0")


class DataConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The pairs of views.

    Attributes:
        reads: spelling of a source for the encoder; see `InputForm`.
        max_length: pieces at which a view is truncated.
        sampled: share of the views with sampled pieces (subword regularisation).
        alpha: smoothing of that sampling; 0 is uniform over all segmentations.
        bucket: number of batches whose functions are sorted by length together, to reduce padding;
            1 does not sort.
        workers: processes that draw views; 0 draws them in the training process.
        documentation: share of the pairs of a documented function whose query is the documentation.
        hard: share of the pairs with a hard negative: a view of the function after a small edit
            that most likely changes its behaviour.
        namesakes: share of the pairs, among functions with the same name in another repository,
            whose second view is of such a function.
        copies: draw pairs from the views that a packed corpus holds, where there are any; otherwise
            from the sources.
    """

    reads: InputForm = "written"
    max_length: Count = 128
    sampled: Share = 0.5
    alpha: NonNegative = 0.1
    bucket: Count = 16
    workers: Natural = 0
    documentation: Share = 0.0
    hard: Share = 0.0
    namesakes: Share = 0.0
    copies: bool = True


class Config(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All settings of a pretraining run."""

    RENAMED: ClassVar[Mapping[str, str]] = {"wide": "fragments"}

    tokenizer: TokenizerConfig = TokenizerConfig()
    encoder: EncoderConfig = EncoderConfig()
    fragments: FragmentConfig = FragmentConfig()
    bag: BagConfig = BagConfig()
    contrast: ContrastConfig = ContrastConfig()
    masking: MaskingConfig = MaskingConfig()
    optimizer: OptimizerConfig = OptimizerConfig()
    training: TrainingConfig = TrainingConfig()
    data: DataConfig = DataConfig()

    def __post_init__(self) -> None:
        if self.data.documentation and self.masking.share and not self.masking.clean:
            raise ValueError(
                "data.documentation and masking.clean = false both replace the query; choose one"
            )
