"""What is fine-tuned on top of an encoder: the type head and the name decoder."""
