"""Services that features share: settings, the worker, predictions, parses, edits."""
