import pytest
from lsp_client import Client, ServerError


def hover(
    client: Client, uri: str, line: int, character: int
) -> tuple[str, tuple[int, int]] | None:
    found = client.ask(
        "textDocument/hover",
        {"textDocument": {"uri": uri}, "position": {"line": line, "character": character}},
    )
    if found is None:
        return None
    assert found["contents"]["kind"] == "markdown"
    return found["contents"]["value"], (
        found["range"]["start"]["character"],
        found["range"]["end"]["character"],
    )


ALTERNATIVES = "- `number` 90 %\n- `string` 6 %\n- `` `x${string}` `` < 1 %"


@pytest.mark.parametrize(
    ("line", "character", "column"), [(0, 11, 11), (0, 16, 11), (1, 12, 11), (1, 22, 20)]
)
def test_over_the_declaration_and_every_use(
    client: Client, line: int, character: int, column: int
) -> None:
    uri = client.open("function f(count) {\n  /*😀*/ g(count) + count\n}\nlet other")
    assert hover(client, uri, line, character) == (
        f"(parameter) **count**\n\n{ALTERNATIVES}",
        (column, column + 5),
    )


def test_a_name_of_an_inner_scope_is_another(client: Client) -> None:
    uri = client.open("function f(text) { return (count) => count }\nlet count\ncount")
    assert hover(client, uri, 2, 1) == (f"(variable) **count**\n\n{ALTERNATIVES}", (0, 5))
    assert hover(client, uri, 0, 38) is None


def test_a_functions_name_shows_what_it_returns(client: Client) -> None:
    uri = client.open("function count() {}\ncount()")
    assert (
        hover(client, uri, 0, 10)
        == hover(client, uri, 0, 12)
        == (f"(return) **count**\n\n{ALTERNATIVES}", (9, 14))
    )
    assert hover(client, uri, 1, 2) == (f"(return) **count**\n\n{ALTERNATIVES}", (0, 5))


def test_below_the_threshold_it_is_still_shown(client: Client) -> None:
    found = hover(client, client.open("let unsure"), 0, 5)
    assert found is not None
    assert found[0].startswith("(variable) **unsure**\n\n- `string` 30 %\n")


def test_silent_where_there_is_nothing_to_say(client: Client) -> None:
    uri = client.open("let a: string\n  {} 'text'", language="typescript")
    assert hover(client, uri, 0, 4) is None
    assert hover(client, uri, 0, 9) is None
    assert hover(client, uri, 1, 3) is None
    assert hover(client, uri, 99, 99) is None
    assert hover(client, "file:///never.js", 0, 0) is None


def test_a_text_that_changed_meanwhile_is_content_modified(client: Client) -> None:
    client.ask("test/hold")
    uri = client.open("let count")
    request = client.request(
        "textDocument/hover",
        {"textDocument": {"uri": uri}, "position": {"line": 0, "character": 5}},
    )
    client.change(uri, 2, {"text": "let text"})
    with pytest.raises(ServerError) as caught:
        client.answer(request)
    assert caught.value.code == -32801
