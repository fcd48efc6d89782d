// SPDX-License-Identifier: GPL-2.0-only
#include <poll.h>
#include <unistd.h>

#include "common/lib/command.h"
#include "lib/device.h"
#include "lib/eventfd.h"

int command(int device, struct kvm_vintc_command *command)
{
	return xioctl(device, KVM_VINTC_COMMAND, command);
}

int reset(int device, u32 flags)
{
	return device_reset(device, flags);
}

int inject(int device, u32 gsi, u32 level, int *status)
{
	struct kvm_vintc_command c = {
		.command = KVM_VINTC_CMD_INJECT,
		.inject = { .gsi = gsi, .level = level },
	};
	int error = command(device, &c);

	if (status)
		*status = c.inject.status;
	return error;
}

void pulse(int device, u32 gsi)
{
	must(inject(device, gsi, KVM_VINTC_INJECT_PULSE, NULL));
}

/* ---- lines ---- */

u32 lines_of(int device, u32 cpu)
{
	struct kvm_vintc_command c = { .command = KVM_VINTC_CMD_LINE, .vcpu = cpu };

	must(command(device, &c));
	return c.lines;
}

int set_line_fd(int device, u32 cpu, int fd)
{
	struct kvm_vintc_command c = {
		.command = KVM_VINTC_CMD_LINE_FD, .vcpu = cpu, .line = { .fd = fd },
	};

	return command(device, &c);
}

int new_line_fd(int device, u32 cpu)
{
	int fd = new_eventfd();

	must(set_line_fd(device, cpu, fd));
	return fd;
}

bool can_be_read(int fd)
{
	struct pollfd pollfd = { .fd = fd, .events = POLLIN };

	return must(neg_errno(poll(&pollfd, 1, 0))) == 1;
}

/* ---- XICS ---- */

int hypercall(int device, u32 cpu, u64 number, u64 r4, u64 r5,
	      struct kvm_vintc_command *answer)
{
	*answer = (struct kvm_vintc_command){
		.command = KVM_VINTC_CMD_HYPERCALL, .vcpu = cpu,
		.hypercall = { .number = number, .regs = { r4, r5 } },
	};
	return command(device, answer);
}

s64 hcall(int device, u32 cpu, u64 number, u64 r4, u64 r5)
{
	struct kvm_vintc_command answer;

	must(hypercall(device, cpu, number, r4, r5, &answer));
	return answer.hypercall.status;
}

static void successful(int device, u32 cpu, u64 number, u64 r4, u64 r5)
{
	s64 status = hcall(device, cpu, number, r4, r5);

	if (status != H_SUCCESS)
		fatal("hypercall %#lx(%#lx, %#lx): %ld", number, r4, r5, status);
}

u32 h_xirr(int device, u32 cpu)
{
	struct kvm_vintc_command answer;

	must(hypercall(device, cpu, H_XIRR, 0, 0, &answer));
	if (answer.hypercall.status != H_SUCCESS)
		fatal("H_XIRR: %lld", (long long)answer.hypercall.status);
	return answer.hypercall.regs[0];
}

void h_cppr(int device, u32 cpu, u8 priority)
{
	successful(device, cpu, H_CPPR, priority, 0);
}

void h_eoi(int device, u32 cpu, u32 xirr)
{
	successful(device, cpu, H_EOI, xirr, 0);
}

void h_ipi(int device, u32 cpu, u32 server, u8 priority)
{
	successful(device, cpu, H_IPI, server, priority);
}

int rtas(int device, u32 cpu, u32 service, u32 arg0, u32 arg1, u32 arg2, u32 *rets)
{
	struct kvm_vintc_command c = {
		.command = KVM_VINTC_CMD_RTAS, .vcpu = cpu,
		.rtas = { .service = service, .args = { arg0, arg1, arg2 } },
	};

	must(command(device, &c));
	if (rets) {
		rets[0] = c.rtas.rets[0];
		rets[1] = c.rtas.rets[1];
	}
	return c.rtas.status;
}

int set_source(int device, u32 source, u64 state)
{
	return device_set(device, KVM_DEV_XICS_GRP_SOURCES, source, &state);
}

u64 source_of(int device, u32 source)
{
	u64 state = 0;

	must(device_get(device, KVM_DEV_XICS_GRP_SOURCES, source, &state));
	return state;
}

/* ---- GICv2 ---- */

int access_frame(int device, u32 cpu, u32 frame, u32 offset, u32 width, bool write, u64 *value)
{
	struct kvm_vintc_command c = {
		.command = KVM_VINTC_CMD_ACCESS, .vcpu = cpu,
		.access = {
			.frame = frame, .offset = offset, .width = width, .write = write,
			.value = write ? *value : 0,
		},
	};
	int error = command(device, &c);

	if (!error && !write)
		*value = c.access.value;
	return error;
}

static u32 word_read(int device, u32 cpu, u32 frame, u32 offset)
{
	u64 value = 0;

	must(access_frame(device, cpu, frame, offset, 4, false, &value));
	return value;
}

static void word_write(int device, u32 cpu, u32 frame, u32 offset, u64 value)
{
	must(access_frame(device, cpu, frame, offset, 4, true, &value));
}

u32 gicd_read(int device, u32 cpu, u32 offset)
{
	return word_read(device, cpu, KVM_VINTC_FRAME_GICD, offset);
}

void gicd_write(int device, u32 cpu, u32 offset, u32 value)
{
	word_write(device, cpu, KVM_VINTC_FRAME_GICD, offset, value);
}

u32 gicc_read(int device, u32 cpu, u32 offset)
{
	return word_read(device, cpu, KVM_VINTC_FRAME_GICC, offset);
}

void gicc_write(int device, u32 cpu, u32 offset, u32 value)
{
	word_write(device, cpu, KVM_VINTC_FRAME_GICC, offset, value);
}

void enable_spi(int device, u32 cpu, u32 intid, u8 priority, bool edge)
{
	u32 config = GICD_ICFGR + intid / 16 * 4, bit = 2u << intid % 16 * 2;
	u32 others = gicd_read(device, cpu, config) & ~bit;
	u64 byte = priority;

	gicd_write(device, cpu, config, edge ? others | bit : others);
	must(access_frame(device, cpu, KVM_VINTC_FRAME_GICD, GICD_IPRIORITYR + intid, 1, true,
			  &byte));
	byte = 1u << cpu;
	must(access_frame(device, cpu, KVM_VINTC_FRAME_GICD, GICD_ITARGETSR + intid, 1, true,
			  &byte));
	gicd_write(device, cpu, GICD_ISENABLER + intid / 32 * 4, 1u << intid % 32);
}

/* ---- both ---- */

int device_line(int device, u32 irq, u32 level)
{
	struct kvm_irq_level line = { .irq = irq, .level = level };

	return xioctl(device, KVM_IRQ_LINE, &line);
}

int get_reg(int device, u64 id, u64 *value)
{
	struct kvm_one_reg one = { .id = id, .addr = (uintptr_t)value };

	return xioctl(device, KVM_GET_ONE_REG, &one);
}

int set_reg(int device, u64 id, u64 value)
{
	struct kvm_one_reg one = { .id = id, .addr = (uintptr_t)&value };

	return xioctl(device, KVM_SET_ONE_REG, &one);
}

u64 reg(int device, u64 id)
{
	u64 value = 0;

	must(get_reg(device, id, &value));
	return value;
}
