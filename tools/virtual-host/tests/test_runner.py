# SPDX-License-Identifier: GPL-2.0-only
"""How a run is judged, with a shell that stands for the emulator."""

from __future__ import annotations

import os
import tempfile
import time
import unittest
from pathlib import Path

from tests.support import BEGINS, BOOT, done, log_of, whole
import runner
from runner import Result

LIMITS = runner.Limits(total=20, silence=10, boot=10)
PANIC = "[    5.000000] Kernel panic - not syncing: a test"


def shell(lines: list[str], then: str) -> list[str]:
    """An "emulator" that prints lines, with the line ends of a serial console."""
    text = "".join(f"{line}\\r\\n" for line in lines).replace("'", "")
    return ["sh", "-c", f"printf '{text}'; {then}"]


class Judged(unittest.TestCase):
    """Every result, for the reason that leads to it."""

    def setUp(self) -> None:
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.log = Path(scratch.name, "log")
        self.shown: list[str] = []

    def run_it(self, lines: list[str], then: str = "exec sleep 60", limits: runner.Limits = LIMITS) -> runner.Run:
        return runner.run(shell(lines, then), limits, self.log, self.shown.append)

    def test_good(self) -> None:
        run = self.run_it(whole(["hello"], []))
        self.assertEqual((run.result, run.reasons, self.shown), (Result.GOOD, [], ["hello"]))
        self.assertIn("hello\n", self.log.read_text())

    def test_script_failed(self) -> None:
        run = self.run_it(whole([], [], 3))
        self.assertEqual((run.result, run.reasons), (Result.SCRIPT_FAILED, ["the script returned 3"]))

    def test_trouble_is_told_before_a_failed_script(self) -> None:
        run = self.run_it(whole([], ["[    5.000000] WARNING: suspicious RCU usage"], 1))
        self.assertEqual(run.result, Result.KERNEL_TROUBLE)

    def test_panic_does_not_wait_for_silence(self) -> None:
        begun = time.monotonic()
        run = self.run_it([*BOOT, *BEGINS, PANIC, "[    5.000001] Call Trace:"])
        self.assertEqual(run.result, Result.KERNEL_TROUBLE)
        self.assertLess(time.monotonic() - begun, LIMITS.silence)
        self.assertIn("Call Trace", self.log.read_text())

    def test_panic_before_the_script(self) -> None:
        run = self.run_it([*BOOT, PANIC], "exit 0")
        self.assertEqual(run.result, Result.KERNEL_TROUBLE)
        self.assertIsNone(run.seconds_to_script)

    def test_silence(self) -> None:
        run = self.run_it([*BOOT, *BEGINS], limits=runner.Limits(20, 1, 10))
        self.assertEqual(run.result, Result.HANG)
        self.assertIn("no output for 1 s", run.reasons[0])

    def test_boot(self) -> None:
        run = self.run_it(BOOT, "while :; do echo .; sleep 0.1; done", runner.Limits(20, 10, 1))
        self.assertEqual(run.result, Result.HANG)
        self.assertIn("not booted after 1 s", run.reasons[0])

    def test_silence_of_a_boot_that_talks(self) -> None:
        run = self.run_it(BOOT, limits=runner.Limits(20, 10, 10, 1))
        self.assertEqual(run.result, Result.HANG)
        self.assertIn("no output for 1 s", run.reasons[0])
        self.assertTrue(runner.hung_before_script(run))

    def test_silence_of_the_boot_is_no_hang(self) -> None:
        later = "".join(f"echo '{line}';" for line in [*BEGINS, *done(0)])
        run = self.run_it(BOOT, f"sleep 2; {later} exec sleep 60", runner.Limits(20, 1, 10))
        self.assertEqual(run.result, Result.GOOD)

    def test_only_a_hang_before_the_script_is_worth_another_boot(self) -> None:
        short = runner.Limits(total=5, silence=0.5, boot=0.5)
        self.assertTrue(runner.hung_before_script(self.run_it(BOOT, limits=short)))
        self.assertFalse(runner.hung_before_script(self.run_it([*BOOT, *BEGINS], limits=short)))
        self.assertFalse(runner.hung_before_script(self.run_it([*BOOT, PANIC], limits=short)))
        self.assertFalse(runner.hung_before_script(self.run_it(BOOT, then="exit 3")))

    def test_chatter_is_not_done_in_time(self) -> None:
        run = self.run_it([*BOOT, *BEGINS], "while :; do echo .; sleep 0.1; done", runner.Limits(4, 3, 3))
        self.assertEqual(run.result, Result.HANG)
        self.assertIn("not done after 4 s", run.reasons[0])

    def test_growing_line_is_a_sign_of_life(self) -> None:
        last = f"echo; echo '{done(0)[0]}'; exec sleep 60"
        run = self.run_it([*BOOT, *BEGINS], f"for i in 1 2 3 4 5 6 7 8; do printf .; sleep 0.5; done; {last}",
                          runner.Limits(30, 3, 10))
        self.assertEqual(run.result, Result.GOOD)

    def test_emulator_failed(self) -> None:
        run = self.run_it(["qemu-system-ppc64: no such machine"], "exit 1")
        self.assertEqual(run.result, Result.EMULATOR_FAILED)
        self.assertEqual(run.tail, ["qemu-system-ppc64: no such machine"])

    def test_last_words_without_a_line_end(self) -> None:
        run = self.run_it([], "printf 'Segmentation fault'; exit 139")
        self.assertEqual((run.result, run.tail), (Result.EMULATOR_FAILED, ["Segmentation fault"]))

    def test_host_that_stops_early(self) -> None:
        run = self.run_it([*BOOT, *BEGINS], "exit 0")
        self.assertEqual(run.result, Result.KERNEL_TROUBLE)

    def test_no_kvm_is_a_failure(self) -> None:
        run = self.run_it([*BOOT, "virtual-host: no /dev/kvm, up 4.00 s", *log_of(BOOT[1:]), *done(125)])
        self.assertEqual(run.result, Result.SCRIPT_FAILED)
        self.assertIn("/dev/kvm", run.reasons[0])

    def test_emulator_is_ended(self) -> None:
        run = self.run_it([], f"echo $$ >{self.log}.pid; exec sleep 60", runner.Limits(20, 1, 1))
        self.assertEqual(run.result, Result.HANG)
        pid = int(Path(f"{self.log}.pid").read_text())
        with self.assertRaises(ProcessLookupError):
            os.kill(pid, 0)


if __name__ == "__main__":
    unittest.main()
