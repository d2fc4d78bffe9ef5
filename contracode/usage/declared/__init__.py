"""Types that programs use without declaring them, and the command that collects them."""
