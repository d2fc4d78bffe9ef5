"""The whole way: the real executable with the model that ships."""

from lsp_client import EDITOR, REAL_SERVER, Client

SOURCE = """\
/* 😀 */ function join(items, separator) {
  let result = items.map((item) => item.trim())
  return result.join(separator)
}
class Counter {
  constructor(start) { this.count = start }
  add(amount) { return this.count + amount }
}
"""


def test_hints_of_the_server_are_the_predictions_of_the_library() -> None:
    import contracode  # numpy and onnxruntime are needed for this test alone

    predictions = contracode.load().predict_types(SOURCE)
    expected = {
        (len(SOURCE.encode()[: p.hint_offset].decode()), f": {p.candidates[0].type}")
        for p in predictions
        if not (p.written or p.obvious)
    }
    assert expected
    starts = [0]
    for line in SOURCE.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    with Client(REAL_SERVER) as client:
        client.initialize(
            EDITOR | {"general": {"positionEncodings": ["utf-32"]}}, options={"threshold": 0}
        )
        client.wait_until_ready()
        uri = client.open(SOURCE)
        assert {
            (starts[line] + character, label) for line, character, label in client.labels(uri)
        } == expected
        status = client.ask("contracode/status")
        assert status["model"]["state"] == "ready"
        assert not set(status["modules"]) & {"torch", "pytorch_lightning"}
        hover = {"textDocument": {"uri": uri}, "position": {"line": 2, "character": 24}}
        assert "**separator**" in client.ask("textDocument/hover", hover)["contents"]["value"]
        assert client.stop() == 0
