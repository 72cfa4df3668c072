"""A report to HTML, Markdown, JSON or the terminal."""
