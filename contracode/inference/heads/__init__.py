"""The heads of this package: one module for each, with a `HeadSpec` called `HEAD`."""
