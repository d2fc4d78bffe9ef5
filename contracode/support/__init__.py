"""Services that know neither JavaScript nor learning: errors, files, settings, pages."""
