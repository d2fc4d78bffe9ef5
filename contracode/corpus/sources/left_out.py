"""Which files of a repository are left out, and why.

A file is left out for one reason, the first that applies, by its path where that is enough and by
its content otherwise:

    link          a symbolic link (its target is read where it is)
    ignored       by .gitignore files (work trees only; git does not store ignored files)
    vendored      below node_modules, vendor, third_party and the like
    generated     below dist, coverage and the like, or its head says that a program wrote it
    fixture       below fixtures, testdata, __snapshots__ and the like: input of tests
    pattern       its path matches one of the caller's patterns
    declarations  *.d.ts
    minified      *.min.js, or its lines are too long to be written by hand
    too large     over 1 MB
    unreadable    the system refuses, or the object is missing
    not UTF-8     and so on for files that do not parse: see `contracode.corpus.build.extraction`
"""

import re
from collections.abc import Iterable, Mapping

import pathspec

from contracode.javascript.generated_code import generated_kind

MAX_BYTES = 1_000_000

_FOLDERS = {
    "vendored": "node_modules bower_components jspm_packages vendor vendors third_party "
    "third-party thirdparty 3rd_party 3rd-party 3rdparty .yarn .git",
    "generated": "dist coverage generated __generated__ .next .nuxt .cache",
    "fixture": "fixture fixtures __fixtures__ test-fixtures test_fixtures testdata test-data "
    "test_data __snapshots__",
}
REASON_OF_FOLDER = {name: reason for reason, names in _FOLDERS.items() for name in names.split()}

_MINIFIED_NAME = re.compile(r"[.-]min\.[cm]?jsx?$")
_DECLARATIONS = re.compile(r"\.d\.[cm]?ts$")


def reason_of_path(path: str) -> str | None:
    """Return why a file is left out by its path, if it is."""
    *folders, name = path.split("/")
    for folder in folders:
        if folder in REASON_OF_FOLDER:
            return REASON_OF_FOLDER[folder]
    if _DECLARATIONS.search(name):
        return "declarations"
    return "minified" if _MINIFIED_NAME.search(name) else None


def reason_of_content(content: bytes) -> str | None:
    """Return why a file is left out by its content, if it is."""
    return "too large" if len(content) > MAX_BYTES else generated_kind(content)


def ignore_spec(lines: Iterable[str]) -> pathspec.GitIgnoreSpec:
    """Parse the lines of a .gitignore file; an invalid pattern matches nothing, as in git."""
    valid: list[str] = []
    for line in lines:
        try:
            pathspec.GitIgnoreSpec.from_lines([line])
        except (ValueError, re.error):
            continue
        valid.append(line)
    return pathspec.GitIgnoreSpec.from_lines(valid)


def is_ignored(path: str, specs: Mapping[str, pathspec.GitIgnoreSpec]) -> bool:
    """Whether the .gitignore files above `path` exclude it; the deepest with a matching pattern
    decides.
    """
    parts = path.rstrip("/").split("/")
    for depth in range(len(parts) - 1, -1, -1):
        spec = specs.get("/".join(parts[:depth]) or ".")
        if spec is not None:
            included = spec.check_file(
                "/".join(parts[depth:]) + ("/" if path.endswith("/") else "")
            ).include
            if included is not None:
                return included
    return False
