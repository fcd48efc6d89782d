# SPDX-License-Identifier: GPL-2.0-only
"""Sphinx: `make doc` writes build/doc/index.html."""

project = "kvm-vintc"
master_doc = "index"
exclude_patterns: list[str] = []
html_theme = "alabaster"
highlight_language = "none"
