"""Facts about a JavaScript program that typing and naming need, from its syntax alone."""
