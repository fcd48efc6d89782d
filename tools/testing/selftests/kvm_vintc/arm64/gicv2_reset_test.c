// SPDX-License-Identifier: GPL-2.0-only
/*
 * Resets while guests access the GIC, asked for by the VMM or by a guest. What a guest
 * accessed is done once, before the reset or after it: the device counts it.
 */
#include <linux/kvm_vintc.h>

#include "lib/test.h"

#define LAST		40u		/* ends OP_SERVE and OP_SPIN */
#define OF_THE_VMM	0x50000000	/* an address that is nobody's */

static u64 accesses(struct vm *vm)
{
	return device_count(vm->irqchip_fd, KVM_VINTC_COUNT_MMIO);
}

/* After the last reset the machine starts anew, and all of it works. */
static void expect_a_new_machine(struct __test_metadata *_metadata, struct vm *vm)
{
	must(device_reset(vm->irqchip_fd, 0));
	EXPECT_EQ(0, gicd_read(&vm->cpu[0], GICD_CTLR));
	gic_open(vm);
	for (int i = 0; i < vm->cpus; i++) {
		struct vcpu *cpu = &vm->cpu[i];

		EXPECT_EQ(0, lines_up(cpu));
		EXPECT_EQ(PRIORITY_IDLE, gicc_read(cpu, GICC_RPR));
		gicd_write(cpu, GICD_SGIR, SGIR_SELF(3));
		EXPECT_EQ(LINE_IRQ, lines_up(cpu));
		EXPECT_EQ(iar_sgi(cpu->server, 3), gic_accept(cpu));
		gic_end(cpu, iar_sgi(cpu->server, 3));
	}
}

GIC_TEST(while_a_guest_sends_sgis)
{
	u64 number = soak(500), before = accesses(&self->vm), resets = 0;

	vcpu_start(self->cpu, OP_SEND, self->peer->index, self->peer->server, number);
	while (!self->cpu->finished) {
		must(device_reset(self->vm.irqchip_fd, 0));
		resets++;
	}
	vcpu_join(self->cpu);
	EXPECT_EQ(0, self->cpu->exit.mmio);
	EXPECT_EQ(before + number, accesses(&self->vm));
	EXPECT_LT(1, resets);
	expect_a_new_machine(_metadata, &self->vm);
}

GIC_TEST(while_guests_write_and_read_registers)
{
	u64 sweeps = soak(4), before = accesses(&self->vm);
	u64 first = self->cpu->box->gicd + GICD_ISENABLER, bytes = 0x200;

	for (u64 i = 0; i < sweeps; i++) {
		/* What is enabled and pends; what is read is of before, or of after. */
		vcpu_start(self->cpu, OP_SWEEP, first, bytes, 4, 4, i & 1, -1u, GUEST_TEST_AREA);
		vcpu_start(self->peer, OP_SWEEP, first, bytes, 4, 4, 0, 0,
			   GUEST_TEST_AREA + 0x10000);
		while (!self->cpu->finished || !self->peer->finished)
			must(device_reset(self->vm.irqchip_fd, 0));
		vcpu_join(self->cpu);
		vcpu_join(self->peer);
	}
	EXPECT_EQ(0, self->cpu->exit.mmio);
	EXPECT_EQ(before + 2 * bytes / 4 * sweeps, accesses(&self->vm));
	expect_a_new_machine(_metadata, &self->vm);
}

/* ---- asked for by a guest: the VMM resets before it goes back into KVM_RUN ---- */

static void reset_by_vmm(struct vcpu *cpu)
{
	if (cpu->exit.address == OF_THE_VMM)
		must(device_reset(cpu->vm->irqchip_fd, 0));
}

GIC_TEST(asked_for_by_a_guest_while_another_accesses)
{
	u64 number = soak(500), before = accesses(&self->vm), asked = 0;

	self->cpu->left = reset_by_vmm;
	vcpu_start(self->peer, OP_SEND, self->cpu->index, self->cpu->server, number);
	while (!self->peer->finished) {
		guest_write(self->cpu, OF_THE_VMM, 4, 1);
		ASSERT_EQ(1, self->cpu->exit.mmio);
		asked++;
	}
	vcpu_join(self->peer);
	EXPECT_LT(0, asked);
	EXPECT_EQ(0, self->peer->exit.mmio);
	EXPECT_EQ(before + number, accesses(&self->vm));
	expect_a_new_machine(_metadata, &self->vm);
}

GIC_TEST(nothing_of_before_comes_after)
{
	self->cpu->left = reset_by_vmm;
	gic_set_trigger(self->cpu, LAST, EDGE);
	gic_enable(self->cpu, LAST, 0x20);
	pulse_irq(&self->vm, spi(LAST));
	EXPECT_EQ(LAST, gic_accept(self->cpu));
	pulse_irq(&self->vm, spi(LAST));
	gicd_write(self->cpu, GICD_SGIR, SGIR_SELF(3));
	guest_write(self->cpu, OF_THE_VMM, 4, 1);
	EXPECT_EQ(0, lines_up(self->cpu));
	gic_open(&self->vm);
	gic_enable(self->cpu, LAST, 0x20);
	EXPECT_EQ(0, lines_up(self->cpu));
	EXPECT_EQ(INTID_SPURIOUS, gic_accept(self->cpu));
	EXPECT_EQ(PRIORITY_IDLE, gicc_read(self->cpu, GICC_RPR));
}

GIC_TEST(while_a_guest_sleeps)
{
	gic_set_trigger(self->cpu, LAST, EDGE);
	gic_enable(self->cpu, LAST, 0x20);
	vcpu_start(self->cpu, OP_SERVE, LAST);
	for (int i = 0; i < 20; i++)
		must(device_reset(self->vm.irqchip_fd, 0));
	/* Another vCPU opens the way to it again, all but its own interface. */
	vcpu_stop(self->cpu);
	EXPECT_EQ(0, dist_reg(&self->vm, 0, GICD_CTLR));
	EXPECT_EQ(0, cpu_reg(&self->vm, 0, GICC_CTLR));
	must(gic_set_reg(&self->vm, KVM_DEV_ARM_VGIC_GRP_CPU_REGS, 0, GICC_PMR, PRIORITY_LOWEST));
	must(gic_set_reg(&self->vm, KVM_DEV_ARM_VGIC_GRP_CPU_REGS, 0, GICC_CTLR,
			 GICC_ENABLE_GROUP0));
	vcpu_continue(self->cpu);
	gicd_write(self->peer, GICD_CTLR, GICD_ENABLE_GROUP0);
	gic_set_trigger(self->peer, LAST, EDGE);
	gicd_set_byte(self->peer, GICD_ITARGETSR, LAST, 1u << self->cpu->server);
	gicd_set_bit(self->peer, GICD_ISENABLER, LAST);
	pulse_irq(&self->vm, spi(LAST));
	vcpu_join(self->cpu);
	EXPECT_EQ(1, self->cpu->box->accepted);
}

/* ---- what is not done to a machine that runs ---- */

GIC_TEST(refused_while_a_vcpu_is_in_kvm_run)
{
	u64 value;
	struct kvm_one_reg one = {
		.id = KVM_VINTC_REG_GIC_IRQ(0, LAST), .addr = (uintptr_t)&value,
	};
	int fd = self->vm.irqchip_fd;

	gic_set_trigger(self->cpu, LAST, EDGE);
	gic_enable(self->cpu, LAST, 0x20);
	must(xioctl(fd, KVM_GET_ONE_REG, &one));
	vcpu_start(self->cpu, OP_SPIN, LAST);
	EXPECT_TRUE(wait_for(device_state_without_room(fd) == -EBUSY));
	EXPECT_EQ(-EBUSY, xioctl(fd, KVM_SET_ONE_REG, &one));
	EXPECT_EQ(-EBUSY, device_reset(fd, KVM_VINTC_RESET_MODEL));
	pulse_irq(&self->vm, spi(LAST));
	vcpu_join(self->cpu);
	EXPECT_EQ(-E2BIG, device_state_without_room(fd));
	EXPECT_EQ(0, xioctl(fd, KVM_SET_ONE_REG, &one));
}

VINTC_ONLY_MAIN
