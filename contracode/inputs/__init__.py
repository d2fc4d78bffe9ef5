"""What an encoder is given: subword pieces, windows, and counted fragments of a program."""
