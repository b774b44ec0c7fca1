"""Pure codecs: course packages, TOML, Markdown, pictures."""
