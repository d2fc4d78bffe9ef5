"""A storm of edits, requests and cancellations against the language server as editors start it;
then many files opened and closed.

    python -m benchmarks.storm [--edits 10000] [--files 200] [--corpus FOLDER] [--json]

Each position encoding has its own server with the shipped model, and a document of pieces of
JavaScript, all separators that one or the other takes for the end of a line, and characters of one
to four bytes. Edits change a few characters, or a large range, or all. Hints, hovers and code
actions are asked for in between, and some cancelled. After every 100 edits, and at the end, the
size and the hash of the text are held against those of a second implementation; every request has
to be answered once. Memory is reported after the first thousand edits and at the end. The files are
those of the corpus (default: the sample that ships), each with another first line, so that none is
answered from a cache.
"""

import argparse
import hashlib
import json
import random
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "lsp_server"))

from lsp_client import REAL_SERVER, Client, ServerError, position, span  # noqa: E402
from text_oracle import Oracle, random_text  # noqa: E402

CAPABILITIES: dict[str, Any] = {
    "general": {"positionEncodings": ["utf-16"]},
    "textDocument": {
        "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": [""]}}}
    },
    "window": {"workDoneProgress": True},
    "workspace": {"inlayHint": {"refreshSupport": True}},
}

CHECK_EVERY = 100
LONGEST = 20_000  # code units of the document, after which it begins anew
FINE = {-32800, -32801}  # cancelled, content modified


def memory(client: Client) -> tuple[float, float]:
    """Return resident and peak memory of a server, in MB."""
    found = dict(
        line.split(":", 1)
        for line in Path(f"/proc/{client.process.pid}/status").read_text().splitlines()
        if line.startswith("Vm")
    )
    return tuple(int(found[key].split()[0]) / 1024 for key in ("VmRSS", "VmHWM"))  # pyright: ignore[reportReturnType]


def check(client: Client, uri: str, oracle: Oracle) -> None:
    (known,) = [one for one in client.ask("contracode/status")["documents"] if one["uri"] == uri]
    text = oracle.text.encode("utf-8", "surrogatepass")
    assert known["bytes"] == len(text), "the server has another text"
    assert known["sha256"] == hashlib.sha256(text).hexdigest(), "the server has another text"


def storm(encoding: str, edits: int) -> dict[str, Any]:
    chance = random.Random(encoding)
    begin = time.monotonic()
    with Client(REAL_SERVER) as client:
        client.initialize({**CAPABILITIES, "general": {"positionEncodings": [encoding]}})
        client.wait_until_ready()
        oracle = Oracle(random_text(chance, 200), encoding)
        uri = client.open(oracle.text)
        asked: list[int] = []
        answered = refused = 0
        after_first: tuple[float, float] | None = None

        def settle() -> None:
            nonlocal answered, refused
            for identifier in asked:
                try:
                    client.answer(identifier)
                    answered += 1
                except ServerError as error:
                    assert error.code in FINE, error  # noqa: PT017
                    refused += 1
            asked.clear()

        for version in range(2, edits + 2):
            if len(oracle.units) > LONGEST or chance.random() < 0.002:
                oracle = Oracle(random_text(chance, 200), encoding)
                client.change(uri, version, {"text": oracle.text})
            else:
                client.change(uri, version, oracle.random_edit(chance))
            draw = chance.random()
            where = position(chance.randrange(40), chance.randrange(30))
            if draw < 0.15:
                asked.append(client.request_hints(uri, 0, chance.randrange(60)))
            elif draw < 0.2:
                asked.append(
                    client.request(
                        "textDocument/hover", {"textDocument": {"uri": uri}, "position": where}
                    )
                )
            elif draw < 0.25:
                params = {
                    "textDocument": {"uri": uri},
                    "range": span(0, 0, 3, 0),
                    "context": {"diagnostics": []},
                }
                asked.append(client.request("textDocument/codeAction", params))
            if asked and chance.random() < 0.1:
                client.notify("$/cancelRequest", {"id": chance.choice(asked)})
            if draw < 0.02 or version % CHECK_EVERY == 0:
                settle()
            if version % CHECK_EVERY == 0:
                check(client, uri, oracle)
            if version == 1_000:
                after_first = memory(client)
        settle()
        check(client, uri, oracle)
        resident, peak = memory(client)
        assert client.stop() == 0
        assert "ERROR" not in client.log
    return {
        "encoding": encoding,
        "edits": edits,
        "answered": answered,
        "cancelled or stale": refused,
        "seconds": round(time.monotonic() - begin, 1),
        "MB after 1000": round(after_first[0], 1) if after_first else None,
        "MB at the end": round(resident, 1),
        "peak MB": round(peak, 1),
    }


def many_files(corpus: Path, count: int) -> dict[str, Any]:
    sources = [path.read_text("utf-8") for path in sorted(corpus.rglob("*.js"))]
    rows: list[float] = []
    with Client(REAL_SERVER) as client:
        client.initialize(CAPABILITIES)
        client.wait_until_ready()
        hints = 0
        for number in range(count):
            uri = client.open(
                f"// {number}\n{sources[number % len(sources)]}", uri=f"file:///{number}.js"
            )
            hints += len(client.hints(uri))
            client.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
            if number in (count // 4, count // 2, count - 1):
                rows.append(round(memory(client)[0], 1))
        assert client.ask("contracode/status")["documents"] == []
        peak = round(memory(client)[1], 1)
        assert client.stop() == 0
    return {"files": count, "hints": hints, "MB after a quarter, half, all": rows, "peak MB": peak}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--edits",
        type=int,
        default=10_000,
        help="in all, shared by three encodings (default: 10000)",
    )
    parser.add_argument("--files", type=int, default=200, help="opened and closed (default: 200)")
    parser.add_argument(
        "--corpus", type=Path, default=ROOT / "data" / "sample", metavar="FOLDER", help="the files"
    )
    parser.add_argument("--json", action="store_true", help="print JSON lines")
    args = parser.parse_args()
    share = -(-args.edits // 3)
    for found in (
        *(storm(encoding, share) for encoding in ("utf-8", "utf-16", "utf-32")),
        many_files(args.corpus, args.files),
    ):
        print(
            json.dumps(found)
            if args.json
            else ", ".join(f"{key} {value}" for key, value in found.items()),
            flush=True,
        )


if __name__ == "__main__":
    main()
