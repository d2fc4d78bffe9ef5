"""Types of the platform and of libraries, and the command that collects them."""
