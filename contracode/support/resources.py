"""Location of the shipped files: `data/` in a checkout, `contracode/data/` in a wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def data_dir() -> Path:
    """Return the folder that holds the shipped models and the sample corpus.

    Raises:
        FileNotFoundError: there is no such folder; the installation is broken.
    """
    for folder in (_PACKAGE / "data", _PACKAGE.parent / "data"):
        if (folder / "README.md").is_file():
            return folder
    raise FileNotFoundError(
        f"the data folder of contracode is missing beside {_PACKAGE}; install the package again"
    )
