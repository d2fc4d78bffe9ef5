"""Checks of views, and the search for the smallest source that fails one."""
