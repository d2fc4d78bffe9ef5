"""The page of `contracode corpus report`: a `Profile` and, if there is one, the manifest."""

from collections import Counter
from collections.abc import Mapping, Sequence

from contracode.corpus.profile import Distribution, Profile
from contracode.corpus.storage.manifest import CorpusManifest, ordered
from contracode.support.html.blocks import Bar, Block, CountTable, Histogram, Section, Table, Text
from contracode.support.html.page import render


def page(name: str, found: Profile, manifest: CorpusManifest | None) -> str:
    """Return the page.

    Args:
        name: name of the corpus, for the heading.
        found: profile of its rows.
        manifest: manifest of a corpus that `contracode corpus build` wrote.
    """
    lead = (
        f"{found.total:,} functions from {_repositories(found.num_repositories)}; "
        f"{_documented(found)} are documented."
    )
    return render(
        f"Corpus {name}",
        lead,
        [
            Section("Splits", _splits(found)),
            Section("Size of the functions", _sizes(found)),
            Section("Kind and style", _style(found)),
            Section("Repositories and licences", _sources(found)),
            Section("Left out", _left_out(found, manifest)),
            Section("Build", _making(manifest)),
        ],
    )


def _repositories(number: int) -> str:
    return f"{number:,} {'repository' if number == 1 else 'repositories'}"


def _documented(found: Profile) -> str:
    return _percent(sum(split.documented for split in found.splits.values()), found.total)


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "-"


def _splits(found: Profile) -> list[Block]:
    rows = [
        [
            name or "no split",
            f"{facts.functions:,}",
            _percent(facts.functions, found.total),
            f"{facts.repositories:,}",
            _percent(facts.documented, facts.functions),
            _percent(facts.anonymous, facts.functions),
        ]
        for name, facts in found.splits.items()
    ]
    return [
        Table(
            "",
            ["split", "functions", "share", "repositories", "documented", "anonymous"],
            rows,
        )
    ]


def _sizes(found: Profile) -> list[Block]:
    sizes: list[tuple[str, Distribution]] = [
        ("lines", found.lines),
        ("tokens", found.tokens),
        ("distinct identifiers", found.names),
    ]
    rows = [[what, *(f"{size:,}" for size in sizes.quantiles.values())] for what, sizes in sizes]
    return [
        Table("Quantiles", ["", *found.lines.quantiles], rows),
        *(
            Histogram(
                f"{what.capitalize()} per function",
                f"{what} (lower bound of each bar)",
                [Bar(one.low, one.high, one.functions) for one in sizes.bins],
            )
            for what, sizes in sizes
        ),
    ]


def _style(found: Profile) -> list[Block]:
    text = f"{_percent(found.asynchronous, found.total)} of the functions are async."
    return [
        Text(text),
        CountTable("Kind of function", _pairs(found.kinds)),
        CountTable("Declarations by keyword", _pairs(found.declarations)),
        CountTable("Functions including nested ones", _pairs(found.functions)),
        CountTable(
            "Functions by statements that end with a semicolon",
            _pairs(found.semicolons),
        ),
    ]


def _sources(found: Profile) -> list[Block]:
    licences = [
        [
            name or "none found",
            f"{facts.functions:,}",
            _percent(facts.functions, found.total),
            f"{facts.repositories:,}",
        ]
        for name, facts in found.licences.items()
    ]
    named = [
        (f"{one.name or 'no name'} ({one.split or 'no split'})", one.functions)
        for one in found.repositories
    ]
    others = found.total - sum(one.functions for one in found.repositories)
    if others:
        named.append((f"{found.num_repositories - len(found.repositories):,} others", others))
    return [
        Table("Licence files", ["file", "functions", "share", "repositories"], licences),
        CountTable("Functions by repository", named),
    ]


def _left_out(found: Profile, manifest: CorpusManifest | None) -> list[Block]:
    blocks: list[Block] = []
    if manifest is None:
        blocks.append(Text("Without a manifest, it is unknown what the build left out."))
    else:
        blocks += [
            Text(f"{manifest.files:,} files were read."),
            CountTable("Functions left out, by reason", _pairs(manifest.rows_left_out)),
            CountTable("Files left out, by reason", _pairs(manifest.files_left_out)),
        ]
    if found.problems:
        blocks.append(
            Text(f"{found.problems:,} broken lines or files are not included in these figures.")
        )
    return blocks


def _making(manifest: CorpusManifest | None) -> list[Block]:
    if manifest is None:
        return [Text("Unknown: there is no manifest.")]
    options = [[name.replace("_", " "), str(value)] for name, value in manifest.options.items()]
    facts = [["contracode", manifest.version], ["seed of the splits", str(manifest.seed)], *options]
    commits = Counter("known" if source.sha else "not known" for source in manifest.sources)
    return [
        Table("", ["", ""], facts),
        CountTable("Commits of the repositories", _pairs(ordered(commits))),
        Table(
            "Shards",
            ["file", "rows", "sha256"],
            [[shard.name, f"{shard.rows:,}", shard.sha256] for shard in manifest.shards],
        ),
    ]


def _pairs(counts: Mapping[str, int]) -> Sequence[tuple[str, int]]:
    return list(counts.items())
