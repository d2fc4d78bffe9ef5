"""The language server of contracode: `contracode-lsp`.

`protocol/` speaks JSON-RPC and keeps documents, `services/` predicts on one worker thread,
`features/` has one file for each thing that the server offers, and `server` is its life cycle.
"""
