"""Settings of training runs: typed, read from TOML, overridden on the command line, saved with
every run.

- `fields`: types of single settings, durations.
- `sections`: the settings of a pretraining run, a struct per section.
- `toml_files`: reading, overriding and writing them; `presets/` holds the presets.
"""

from contracode.support.config.fields import (
    Count,
    Dropout,
    InputForm,
    Natural,
    Positive,
    Seed,
    Share,
    seconds,
)
from contracode.support.config.sections import (
    BagConfig,
    Config,
    ContrastConfig,
    DataConfig,
    EncoderConfig,
    FragmentConfig,
    MaskingConfig,
    OptimizerConfig,
    TokenizerConfig,
    TrainingConfig,
)
from contracode.support.config.toml_files import (
    as_toml,
    load,
    preset,
    presets,
    read_toml,
    refuse_changes,
    save,
)

__all__ = [
    "BagConfig",
    "Config",
    "ContrastConfig",
    "Count",
    "DataConfig",
    "Dropout",
    "EncoderConfig",
    "FragmentConfig",
    "InputForm",
    "MaskingConfig",
    "Natural",
    "OptimizerConfig",
    "Positive",
    "Seed",
    "Share",
    "TokenizerConfig",
    "TrainingConfig",
    "as_toml",
    "load",
    "preset",
    "presets",
    "read_toml",
    "refuse_changes",
    "save",
    "seconds",
]
