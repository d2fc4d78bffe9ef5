"""The base protocol, open documents, and positions in the client's encoding."""
