# SPDX-License-Identifier: GPL-2.0-only
"""A product appears whole or not at all."""

from __future__ import annotations

import os
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import cache  # noqa: E402


class Cache(unittest.TestCase):
    def setUp(self) -> None:
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        patch = mock.patch.dict(os.environ, {"XDG_CACHE_HOME": scratch.name})
        patch.start()
        self.addCleanup(patch.stop)

    def test_made_once(self) -> None:
        made = []

        def make(path: Path) -> None:
            made.append(path)
            (path / "it").write_text("x")

        first, second = (cache.get("kind", {"a": 1}, make) for _ in range(2))
        self.assertEqual((first, len(made)), (second, 1))
        self.assertEqual((first / "it").read_text(), "x")

    def test_what_it_is_made_from_decides(self) -> None:
        self.assertNotEqual(cache.path_of("kind", {"a": 1}), cache.path_of("kind", {"a": 2}))
        self.assertEqual(cache.path_of("kind", {"a": 1, "b": 2}), cache.path_of("kind", {"b": 2, "a": 1}))

    def test_failure_leaves_nothing(self) -> None:
        def make(path: Path) -> None:
            (path / "half").write_text("x")
            raise RuntimeError

        with self.assertRaises(RuntimeError):
            cache.get("kind", 1, make)
        self.assertIsNone(cache.find("kind", 1))
        self.assertEqual([path.suffix for path in (cache.root() / "kind").iterdir()], [".lock"])

    def test_old_and_abandoned_go(self) -> None:
        old = cache.get("kind", "old", lambda path: None)
        kept = cache.get("kind", "kept", lambda path: None)
        os.utime(old, (0, 0))
        abandoned = cache.root() / "kind/making-999999999-x"
        abandoned.mkdir()
        cache.get("kind", "new", lambda path: None)
        self.assertEqual([old.exists(), kept.exists(), abandoned.exists()], [False, True, False])


if __name__ == "__main__":
    unittest.main()
