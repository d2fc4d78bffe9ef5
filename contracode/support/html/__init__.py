"""Self-contained HTML pages.

- `blocks`: the content of a page as plain data; `common_blocks`: blocks that several pages share.
- `page`: `render`, from sections to HTML, with the templates and the style sheet in `templates/`.
- `drawing`: charts, histograms and maps as SVG.
- `projection_2d`: embeddings projected to the plane.
"""
