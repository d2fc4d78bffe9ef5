"""Settings: files, overrides and presets; errors name file and key."""

from pathlib import Path

import msgspec
import pytest

from contracode.cli.training.pretrain import EXAMPLES
from contracode.support import config
from contracode.support.config import Config, FragmentConfig, TokenizerConfig
from contracode.support.errors import InputError


@pytest.mark.parametrize("name", config.presets())
def test_presets_are_equal_after_saving_and_loading(name: str, tmp_path: Path):
    loaded = config.load(config.preset(name))
    config.save(loaded, tmp_path / "config.toml")
    assert config.load(tmp_path / "config.toml") == loaded


def test_the_documented_presets_exist():
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


def test_overrides_are_toml_values_or_plain_strings():
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
    ("text", "place"),
    [
        ("[encoder]\nlayers = 'two'\n", "c.toml: encoder.layers: "),
        ("[encoder]\nlayer = 2\n", "c.toml: encoder.layer is not a setting"),
        ("[encoder]\nlayers = 0\n", "c.toml: encoder.layers: .*>= 1"),
        ("[encoder]\nheads = 5\n", "c.toml: encoder: .*192.* 5 heads"),
        ("[encoder]\npooling = 'ends'\n", "c.toml: encoder: pooling .*bilstm"),
        ("[masking]\nunchanged = 0.6\nrandom = 0.5\n", "c.toml: masking: unchanged and random"),
        ("[masking]\ncontrast = 0.0\n", "c.toml: masking: .*share.*contrast"),
        (
            "[masking]\nshare = 0.1\nclean = false\n[data]\ndocumentation = 0.2\n",
            "c.toml: data.documentation .*masking.clean",
        ),
        ("[contrast]\ntemperature = 3.0\n", "c.toml: contrast: temperature "),
        ("[contrast]\nqueue = 0\nin_batch = false\n", "c.toml: contrast: .*queue.*in_batch"),
        ("[training]\nsteps = 0\n", "c.toml: training: .*steps.*max_time"),
        ("[training]\npatience = 3\n", "c.toml: training: patience.*held_out"),
        ("[training]\nmax_time = 'soon'\n", "c.toml: training: .*'soon'"),
        ("[encoder]\nlayers = \n", "c.toml:2: "),
        ("encoder = 3\n", "c.toml: encoder: "),
    ],
)
def test_an_invalid_file_is_reported_with_file_and_key(text: str, place: str, tmp_path: Path):
    file = tmp_path / "c.toml"
    file.write_text(text)
    with pytest.raises(InputError, match=place) as caught:
        config.load(file)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("override", "place"),
    [
        ("encoder.layers=x", "^--set encoder.layers=x: encoder.layers: .*`int`"),
        ("encoder.size=1", "^--set encoder.size=1: encoder.size is not a setting"),
        ("encoder", "^--set encoder: .*section.key=value"),
        ("encoder.layers.x=1", "^--set encoder.layers.x=1: encoder.layers: "),
    ],
)
def test_an_invalid_override_is_reported_with_its_key(override: str, place: str):
    with pytest.raises(InputError, match=place):
        config.load(overrides=[override])


OLD = """
[wide]
dimension = 8
beside = 0.25
names = 16
naming = 0.5
least = 2
functions = 100
meaning = 1.0
gain = 2.0
"""

CURRENT = FragmentConfig(
    dimension=8,
    block_weight=0.25,
    identifier_dim=16,
    identifier_weight=0.5,
    min_df=2,
    max_functions=100,
    name_alignment=1.0,
    fragment_weight=2.0,
)


def test_settings_of_an_old_run_are_read_under_their_new_keys(tmp_path: Path):
    path = tmp_path / "config.toml"
    path.write_text(OLD)
    found = config.load(path)
    assert found == Config(fragments=CURRENT)
    assert "wide" not in config.as_toml(found)


def test_overrides_with_old_keys_change_only_their_setting(tmp_path: Path):
    path = tmp_path / "config.toml"
    config.save(Config(fragments=CURRENT), path)
    for override in ("wide.gain=3.0", "fragments.gain=3.0", "fragments.fragment_weight=3.0"):
        found = config.load(path, [override, "wide.least=4"])
        expected = msgspec.structs.replace(CURRENT, fragment_weight=3.0, min_df=4)
        assert found == Config(fragments=expected)


def test_an_invalid_value_under_an_old_key_is_reported_under_the_new_one():
    with pytest.raises(InputError, match=r"wide\.least=0: fragments\.min_df: "):
        config.load(overrides=["wide.least=0"])
    with pytest.raises(InputError, match="is not a setting"):
        config.load(overrides=["wide.most=1"])
    with pytest.raises(InputError, match="fragments"):
        config.load(overrides=["wide=1"])


def test_a_missing_file_or_preset_is_reported(tmp_path: Path):
    with pytest.raises(InputError, match=r"none\.toml: "):
        config.load(tmp_path / "none.toml")
    with pytest.raises(InputError, match="'huge'") as caught:
        config.preset("huge")
    assert all(name in str(caught.value) for name in config.presets())


@pytest.mark.parametrize(
    ("duration", "expected"),
    [("90s", 90), ("10m", 600), ("1h30m", 5400), ("2h", 7200), ("45", 45), ("0.5s", 0.5)],
)
def test_durations_are_read_as_seconds(duration: str, expected: float):
    assert config.seconds(duration) == expected


@pytest.mark.parametrize("duration", ["", "0", "m", "10x", "-5s", "1m1h"])
def test_an_invalid_duration_is_refused(duration: str):
    with pytest.raises(InputError, match="not a duration"):
        config.seconds(duration)
