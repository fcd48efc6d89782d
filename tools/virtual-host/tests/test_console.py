# SPDX-License-Identifier: GPL-2.0-only
"""What a console tells: the stages of a run, and every kind of trouble."""

from __future__ import annotations

import unittest

from tests.support import BEGINS, BOOT, done, fed, log_of, whole
from console import Stage

# One message of each kind, as kernels of the three architectures word it.
MESSAGES = {
    "Kernel panic - not syncing: Attempted to kill init! exitcode=0x00000000": "panic",
    "Oops: Kernel access of bad area, sig: 11 [#1]": "oops",
    "BUG: Kernel NULL pointer dereference on read at 0x00000008": "oops",
    "BUG: Unable to handle kernel data access at 0xc00800000000abcd": "oops",
    "BUG: unable to handle page fault for address: ffffc90000000000": "oops",
    "Unable to handle kernel NULL pointer dereference at virtual address 0000000000000010": "oops",
    "Internal error: Oops: 0000000096000004 [#1] SMP": "oops",
    "general protection fault, probably for non-canonical address 0xdead000000000108: 0000 [#1]": "oops",
    "kernel BUG at mm/slub.c:4000!": "oops",
    "Unrecoverable exception 700 at 0000000000000000, msr=0000000000000000": "oops",
    "BUG: KASAN: slab-use-after-free in source_set+0x40/0x60 [kvm_vintc]": "KASAN",
    "WARNING: possible circular locking dependency detected": "lockdep",
    "WARNING: possible recursive locking detected": "lockdep",
    "WARNING: inconsistent lock state": "lockdep",
    "WARNING: suspicious RCU usage": "lockdep",
    "WARNING: bad unlock balance detected!": "lockdep",
    "WARNING: held lock freed!": "lockdep",
    "INFO: trying to register non-static key.": "lockdep",
    "WARNING: CPU: 1 PID: 104 at virt/kvm/kvm_main.c:3 kvm_init+0x18/0x1000 [kvm]": "warning",
    "UBSAN: array-index-out-of-bounds in core/xics/ics.h:20:7": "UBSAN",
    "watchdog: BUG: soft lockup - CPU#1 stuck for 22s! [vmm:120]": "soft lockup",
    "watchdog: CPU 1 self-detected hard LOCKUP @ plpar_hcall_norets+0x1c/0x28": "hard lockup",
    "Watchdog detected hard LOCKUP on cpu 1": "hard lockup",
    "rcu: INFO: rcu_sched self-detected stall on CPU": "RCU stall",
    "rcu: INFO: rcu_sched detected stalls on CPUs/tasks:": "RCU stall",
    "rcu: INFO: rcu_sched detected expedited stalls on CPUs/tasks: { 1-... }": "RCU stall",
    "INFO: task vmm:120 blocked for more than 120 seconds.": "hung task",
    "kmemleak: 3 new suspected memory leaks (see /sys/kernel/debug/kmemleak)": "leak",
    "ODEBUG: free active (active state 0) object type: rcu_head hint: 0x0": "debug objects",
    "BUG: sleeping function called from invalid context at kernel/locking/mutex.c:580": "bug",
    "BUG: scheduling while atomic: vmm/120/0x00000002": "bug",
    "BUG kmalloc-64 (Tainted: G           O      ): Redzone overwritten": "bug",
}

HARMLESS = [
    "kvm_vintc: loading out-of-tree module taints kernel.",
    "kvm_vintc: module verification failed: signature and/or required key missing - tainting kernel",
    "FAULT_INJECTION: forcing a failure.",
    "Call Trace:",
    "rcu: Hierarchical RCU implementation.",
    "rcu: \tRCU lockdep checking is enabled.",
    "Lock dependency validator: Copyright (c) 2006 Red Hat, Inc., Ingo Molnar",
    "kasan: KASAN init done",
    "watchdog: Delayed init of the lockup detector failed: -19",
    "mitigations: DEBUG: not a BUG at all",
    "WARNING: CPU: 1 PID: 1005 at arch/powerpc/kvm/book3s_hv.c:323 kvmppc_core_vcpu_load_hv+0xd8/0x150 [kvm_hv]",
]


def stamped(message: str) -> str:
    return f"[    5.123456] {message}"


class Kinds(unittest.TestCase):
    """Each message is recognised, live and in the log."""

    def test_live(self) -> None:
        for message, kind in MESSAGES.items():
            with self.subTest(message):
                found = fed([*BOOT, *BEGINS, stamped(message)]).troubles
                self.assertEqual([(t.kind, t.text) for t in found], [(kind, message)])

    def test_in_the_log(self) -> None:
        for message, kind in MESSAGES.items():
            with self.subTest(message):
                self.assertEqual([t.kind for t in fed(whole([], [stamped(message)])).troubles], [kind])

    def test_with_the_caller_named(self) -> None:
        found = fed([*BEGINS, "[    5.123456][   T99] BUG: KASAN: wild-memory-access in f+0x0/0x4"]).troubles
        self.assertEqual([t.kind for t in found], ["KASAN"])

    def test_in_the_middle_of_a_line(self) -> None:
        found = fed([*BEGINS, "ok 3 te[    5.123456] WARNING: CPU: 0 PID: 1 at a.c:1 f+0x0/0x4"]).troubles
        self.assertEqual([t.kind for t in found], ["warning"])

    def test_seen_twice_counts_once(self) -> None:
        message = stamped("WARNING: suspicious RCU usage")
        self.assertEqual(len(fed(whole([message], [message])).troubles), 1)

    def test_harmless(self) -> None:
        lines = [stamped(message) for message in HARMLESS]
        self.assertEqual(fed(whole(lines, lines)).troubles, [])

    def test_words_of_the_script_are_not_the_kernels(self) -> None:
        self.assertEqual(fed(whole(["WARNING: the disk is small", "Oops: no"], [])).troubles, [])


class Boot(unittest.TestCase):
    """Before the script, only what ends all trust counts."""

    def test_warning_of_the_boot(self) -> None:
        warning = stamped("WARNING: CPU: 0 PID: 0 at init/main.c:1 start_kernel+0x0/0x4")
        self.assertEqual(fed([warning, *BEGINS, *log_of([warning, BEGINS[0]]), *done(0)]).troubles, [])

    def test_oops_of_the_boot(self) -> None:
        oops = stamped("Oops: Exception in kernel mode, sig: 5 [#1]")
        self.assertEqual([t.kind for t in fed([oops]).troubles], ["oops"])
        self.assertEqual([t.kind for t in fed([*BEGINS, *log_of([oops, BEGINS[0]])]).troubles], ["oops"])

    def test_panic_is_the_end(self) -> None:
        self.assertTrue(fed([stamped("Kernel panic - not syncing: VFS")]).dying)
        self.assertFalse(fed([stamped("Oops: Exception in kernel mode")]).dying)


class Stages(unittest.TestCase):
    """How far the host has come."""

    def test_clean_run(self) -> None:
        console = fed(whole(["hello"], []))
        self.assertEqual((console.stage, console.status, console.troubles, console.notes), (Stage.END, 0, [], []))
        self.assertEqual(console.boot_seconds, 4.1)

    def test_status(self) -> None:
        self.assertEqual(fed(whole([], [], 7)).status, 7)

    def test_only_the_script_is_shown(self) -> None:
        console = fed([])
        shown = [line for line in whole(["hello", stamped("a message")], [stamped("a message")]) if console.feed(line)]
        self.assertEqual(shown, ["hello", stamped("a message")])

    def test_no_kvm(self) -> None:
        console = fed([*BOOT, "virtual-host: no /dev/kvm, up 4.00 s", *log_of(BOOT[1:]), *done(125)])
        self.assertEqual((console.stage, console.status, len(console.notes)), (Stage.END, 125, 1))

    def test_end_after_a_line_cut_in_two(self) -> None:
        lines = [*BEGINS, "virtual-host: kernel log beg[    8.000000] noise", "ins, up 9.00 s", *done(0)]
        self.assertIs(fed(lines).stage, Stage.END)

    def test_overflowed_log_is_told(self) -> None:
        warning = stamped("WARNING: CPU: 0 PID: 0 at a.c:1 f+0x0/0x4")
        console = fed([*BEGINS, *log_of([warning]), *done(0)])
        self.assertEqual(len(console.notes), 1)
        self.assertEqual([t.kind for t in console.troubles], ["warning"])


if __name__ == "__main__":
    unittest.main()
