# SPDX-License-Identifier: GPL-2.0-only
"""One operation is found in a log of many, and each instruction in its function."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import instructions  # noqa: E402

GUEST = instructions.Arm64.GUEST
LOOP, ONCE = GUEST.start + 0x100, GUEST.start + 0x200
KERNEL = 0xffffffc008000000


class Log(unittest.TestCase):
    def test_executed(self):
        log = ["Trace 0: 0x7f0000000100 [00000400/ffffffc008012345/00000051/ff021201] kvm_vcpu_kick", "noise",
               "Trace 1: 0x7f0000000200 [00000400/0000000040000100/00000051/ff021201] "]
        self.assertEqual(instructions.executed(log, instructions.Arm64.place), [0xffffffc008012345, 0x40000100])

    def test_operations_begin_where_the_loop_does(self):
        host = [KERNEL, KERNEL + 4]
        log = [KERNEL, ONCE] + 3 * [LOOP, LOOP + 4, *host, LOOP + 8]
        self.assertEqual(instructions.operations(log, GUEST), 2 * [[LOOP, LOOP + 4, *host, LOOP + 8]])

    def test_the_typical_one_has_no_interruption(self):
        short, interrupted = [LOOP, KERNEL], [LOOP, KERNEL, KERNEL, KERNEL]
        self.assertEqual(instructions.typical([short, interrupted, short]), short)

    def test_a_log_without_an_operation_is_refused(self):
        for log in ([], [KERNEL], [LOOP]):
            with self.subTest(log=log), self.assertRaises(ValueError):
                instructions.typical(instructions.operations(log, GUEST))


class Functions(unittest.TestCase):
    kernel = instructions.Symbols.read([
        "ffffffc008010000 T kvm_vcpu_kick", "ffffffc008010100 D data",
        "ffffffc008010080 t $x", "ffffffc008010200 t handle_exit\t[kvm_vintc]",
        "ffffffc008a0c400 t __kvm_nvhe___guest_enter"])
    machine = instructions.Arm64.of(kernel, instructions.Symbols([(GUEST.start, "guest_main")]))

    def test_places(self):
        for address, function in ((0xffffffc008010000, "kvm_vcpu_kick"), (0xffffffc0080101ff, "kvm_vcpu_kick"),
                                  (0xffffffc008010204, "handle_exit"), (LOOP, "guest guest_main"), (0x400123, "vmm"),
                                  (0x00007e000020c408, "EL2 __guest_enter")):
            with self.subTest(address=hex(address)):
                self.assertEqual(self.machine.function(address), function)

    def test_places_of_power(self):
        kernel = instructions.Symbols.read([
            "c000000000110000 T kvmppc_hv_entry", "c000000000f00000 T last", "c008000000010000 t serve\t[kvm_vintc]"])
        machine = instructions.Power.of(kernel, instructions.Symbols([(0x1000, "guest_main")]))
        user, real = 1 << 1 | 1 << 14, 1 << 1
        for address, flags, function in ((0x1008, 0, "guest guest_main"), (0x110004, real, "kvmppc_hv_entry"),
                                         (0xc000000000110004, real, "kvmppc_hv_entry"), (0x10000400, user, "vmm"),
                                         (0xc008000000010010, real, "serve"), (0x2310000, real, "real-mode image")):
            with self.subTest(address=hex(address), flags=flags):
                self.assertEqual(machine.function(machine.place(address, flags)), function)

    def test_by_function_and_in_order(self):
        operation = [LOOP, KERNEL + 0x10000, KERNEL + 0x10004, LOOP + 4]
        self.assertEqual(instructions.by_function(operation, self.machine.function),
                         [("guest guest_main", 2), ("kvm_vcpu_kick", 2)])
        self.assertEqual(instructions.in_order(operation, self.machine.function),
                         [("guest guest_main", 1), ("kvm_vcpu_kick", 2), ("guest guest_main", 1)])


if __name__ == "__main__":
    unittest.main()
