"""Settings: what is read is what was meant, and errors name file and key."""

from pathlib import Path

import pytest

from contracode.cli.training.pretrain import EXAMPLES
from contracode.support import config
from contracode.support.config import Config, TokenizerConfig
from contracode.support.errors import InputError


@pytest.mark.parametrize("name", config.presets())
def test_presets_load_and_survive_saving(name: str, tmp_path: Path):
    loaded = config.load(config.preset(name))
    config.save(loaded, tmp_path / "config.toml")
    assert config.load(tmp_path / "config.toml") == loaded


def test_there_are_the_promised_presets():
    assert {
        "tiny",
        "nano",
        "masked",
        "small",
        "base",
        "paper-transformer",
        "paper-bilstm",
        "paper-hybrid",
    } <= set(config.presets())


def test_the_help_lists_every_preset():
    listed = EXAMPLES.partition("\n\n")[0].splitlines()[1:]
    assert sorted(line.split()[0] for line in listed) == config.presets()


def test_defaults_fill_what_the_file_leaves_out(tmp_path: Path):
    file = tmp_path / "c.toml"
    file.write_text("[encoder]\nlayers = 7\n")
    loaded = config.load(file)
    assert loaded.encoder.layers == 7
    assert loaded.training == Config().training


def test_overrides_are_toml_values_or_strings():
    loaded = config.load(
        overrides=[
            "encoder.dimension=256",
            "encoder.heads=4",
            "training.max_time=10m",
            "contrast.in_batch=false",
        ]
    )
    assert (loaded.encoder.dimension, loaded.encoder.heads) == (256, 4)
    assert loaded.training.max_time == "10m"
    assert loaded.contrast.in_batch is False
    assert config.load(overrides=["layout=keep"], kind=TokenizerConfig).layout == "keep"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[encoder]\nlayers = 'two'\n", r"c\.toml: encoder\.layers: Expected `int`, got `str`"),
        ("[encoder]\nlayer = 2\n", r"c\.toml: encoder: Object contains unknown field `layer`"),
        ("[encoder]\nlayers = 0\n", r"c\.toml: encoder\.layers: Expected `int` >= 1"),
        ("[encoder]\nheads = 5\n", r"c\.toml: encoder: dimension 192 does not divide into 5 heads"),
        ("[encoder]\npooling = 'ends'\n", r'c\.toml: encoder: pooling "ends" is for a bilstm'),
        (
            "[masking]\nunchanged = 0.6\nrandom = 0.5\n",
            r"c\.toml: masking: unchanged and random are shares",
        ),
        ("[masking]\ncontrast = 0.0\n", r"c\.toml: masking: there is nothing to learn"),
        (
            "[masking]\nshare = 0.1\nclean = false\n[data]\ndocumentation = 0.2\n",
            r"c\.toml: data\.documentation cannot be the query",
        ),
        ("[contrast]\ntemperature = 3.0\n", r"c\.toml: contrast: temperature is not between"),
        ("[contrast]\nqueue = 0\nin_batch = false\n", r"c\.toml: contrast: there are no negatives"),
        ("[training]\nsteps = 0\n", r"c\.toml: training: the run has no end"),
        (
            "[training]\npatience = 3\n",
            r"c\.toml: training: patience needs functions to validate on",
        ),
        ("[training]\nmax_time = 'soon'\n", r"c\.toml: training: not a duration such as 90s"),
        ("[encoder]\nlayers = \n", r"c\.toml:2: is not TOML"),
        ("encoder = 3\n", r"c\.toml: encoder: Expected `object`"),
    ],
)
def test_a_wrong_file_is_named_with_its_key(text: str, message: str, tmp_path: Path):
    file = tmp_path / "c.toml"
    file.write_text(text)
    with pytest.raises(InputError, match=message) as caught:
        config.load(file)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("override", "message"),
    [
        (
            "encoder.layers=x",
            r"--set encoder\.layers=x: encoder\.layers: Expected `int`, got `str`",
        ),
        ("encoder.size=1", r"encoder: Object contains unknown field `size`"),
        ("encoder", r"not of the form section\.key=value"),
        ("encoder.layers.x=1", r"encoder\.layers: Expected `int`, got `object`"),
    ],
)
def test_a_wrong_override_is_named(override: str, message: str):
    with pytest.raises(InputError, match=message):
        config.load(overrides=[override])


def test_what_is_no_file_and_no_preset_is_named(tmp_path: Path):
    with pytest.raises(InputError, match=r"none\.toml: No such file"):
        config.load(tmp_path / "none.toml")
    with pytest.raises(InputError, match="no preset 'huge'; there are base, "):
        config.preset("huge")


@pytest.mark.parametrize(
    ("duration", "expected"),
    [("90s", 90), ("10m", 600), ("1h30m", 5400), ("2h", 7200), ("45", 45), ("0.5s", 0.5)],
)
def test_durations(duration: str, expected: float):
    assert config.seconds(duration) == expected


@pytest.mark.parametrize("duration", ["", "0", "m", "10x", "-5s", "1m1h"])
def test_what_is_no_duration(duration: str):
    with pytest.raises(InputError, match="not a duration"):
        config.seconds(duration)
