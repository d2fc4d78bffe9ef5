"""Where the functions of a corpus come from: folders, repositories and lists of them."""
