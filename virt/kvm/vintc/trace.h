/* SPDX-License-Identifier: GPL-2.0-only */
/* Trace events, and what their fields are: Documentation/tracing.rst. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM kvm_vintc

#if !defined(VINTC_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define VINTC_TRACE_H

#include <linux/tracepoint.h>

#include "tracing.h"
#include "vintc.h"

TRACE_DEFINE_ENUM(VINTC_LOW);
TRACE_DEFINE_ENUM(VINTC_HIGH);
TRACE_DEFINE_ENUM(VINTC_PULSE);
TRACE_DEFINE_ENUM(VINTC_HOLD);
TRACE_DEFINE_ENUM(VINTC_RELEASE);
TRACE_DEFINE_ENUM(VINTC_MASKED);
TRACE_DEFINE_ENUM(VINTC_COALESCED);
TRACE_DEFINE_ENUM(VINTC_DELIVERED);
TRACE_DEFINE_ENUM(VINTC_UNKNOWN_SOURCE);

#define show_status(status)							\
	__print_symbolic(status,						\
			 { VINTC_MASKED, "masked" }, { VINTC_COALESCED, "coalesced" },	\
			 { VINTC_DELIVERED, "delivered" }, { VINTC_UNKNOWN_SOURCE, "unknown" })

/* An input of a GSI, and what became of it. */
TRACE_EVENT(vintc_inject,
	TP_PROTO(struct vintc_device *dev, u32 gsi, enum vintc_input input,
		 enum vintc_injected status),
	TP_ARGS(dev, gsi, input, status),
	TP_STRUCT__entry(
		__field(pid_t,	vm)
		__field(u32,	device)
		__field(u32,	gsi)
		__field(u32,	input)
		__field(int,	status)
	),
	TP_fast_assign(
		__entry->vm = dev->kvm->userspace_pid;
		__entry->device = dev->number;
		__entry->gsi = gsi;
		__entry->input = input;
		__entry->status = status;
	),
	TP_printk("vm=%d device=%u gsi=%u input=%s status=%s",
		  __entry->vm, __entry->device, __entry->gsi,
		  __print_symbolic(__entry->input,
				   { VINTC_LOW, "low" }, { VINTC_HIGH, "high" },
				   { VINTC_PULSE, "pulse" }, { VINTC_HOLD, "hold" },
				   { VINTC_RELEASE, "release" }),
		  show_status(__entry->status))
);

/* KVM_IRQ_LINE of a GICv2, which names no GSI. */
TRACE_EVENT(vintc_line,
	TP_PROTO(struct vintc_device *dev, u32 irq, bool level, enum vintc_injected status),
	TP_ARGS(dev, irq, level, status),
	TP_STRUCT__entry(
		__field(pid_t,	vm)
		__field(u32,	device)
		__field(u32,	irq)
		__field(bool,	level)
		__field(int,	status)
	),
	TP_fast_assign(
		__entry->vm = dev->kvm->userspace_pid;
		__entry->device = dev->number;
		__entry->irq = irq;
		__entry->level = level;
		__entry->status = status;
	),
	TP_printk("vm=%d device=%u irq=%#x level=%d status=%s",
		  __entry->vm, __entry->device, __entry->irq, __entry->level,
		  show_status(__entry->status))
);

/* The line of a vCPU rises. */
TRACE_EVENT(vintc_deliver,
	TP_PROTO(struct kvm_vcpu *vcpu),
	TP_ARGS(vcpu),
	TP_STRUCT__entry(
		__field(pid_t,	vm)
		__field(u32,	vcpu)
	),
	TP_fast_assign(
		__entry->vm = vcpu->kvm->userspace_pid;
		__entry->vcpu = vcpu->vcpu_id;
	),
	TP_printk("vm=%d vcpu=%u", __entry->vm, __entry->vcpu)
);

/* A source at a vCPU's presentation controller. */
DECLARE_EVENT_CLASS(vintc_source,
	TP_PROTO(struct kvm_vcpu *vcpu, u32 source),
	TP_ARGS(vcpu, source),
	TP_STRUCT__entry(
		__field(pid_t,	vm)
		__field(u32,	vcpu)
		__field(u32,	source)
	),
	TP_fast_assign(
		__entry->vm = vcpu->kvm->userspace_pid;
		__entry->vcpu = vcpu->vcpu_id;
		__entry->source = source;
	),
	TP_printk("vm=%d vcpu=%u source=%u", __entry->vm, __entry->vcpu, __entry->source)
);

/* It gave way to a more favoured one, or to a CPPR. */
DEFINE_EVENT(vintc_source, vintc_reject,
	TP_PROTO(struct kvm_vcpu *vcpu, u32 source), TP_ARGS(vcpu, source));
/* It waited, and is let through. */
DEFINE_EVENT(vintc_source, vintc_resend,
	TP_PROTO(struct kvm_vcpu *vcpu, u32 source), TP_ARGS(vcpu, source));

/* What a guest does by a hypercall or an access. */
DECLARE_EVENT_CLASS(vintc_interrupt,
	TP_PROTO(struct kvm_vcpu *vcpu, u32 interrupt, u32 value),
	TP_ARGS(vcpu, interrupt, value),
	TP_STRUCT__entry(
		__field(pid_t,	vm)
		__field(u32,	vcpu)
		__field(u32,	interrupt)
		__field(u32,	value)
	),
	TP_fast_assign(
		__entry->vm = vcpu->kvm->userspace_pid;
		__entry->vcpu = vcpu->vcpu_id;
		__entry->interrupt = interrupt;
		__entry->value = value;
	),
	TP_printk("vm=%d vcpu=%u interrupt=%u value=%#x",
		  __entry->vm, __entry->vcpu, __entry->interrupt, __entry->value)
);

DEFINE_EVENT_FN(vintc_interrupt, vintc_accept,
	TP_PROTO(struct kvm_vcpu *vcpu, u32 interrupt, u32 value),
	TP_ARGS(vcpu, interrupt, value), vintc_trace_begin, vintc_trace_end);
DEFINE_EVENT_FN(vintc_interrupt, vintc_eoi,
	TP_PROTO(struct kvm_vcpu *vcpu, u32 interrupt, u32 value),
	TP_ARGS(vcpu, interrupt, value), vintc_trace_begin, vintc_trace_end);

TRACE_EVENT_FN(vintc_ipi,
	TP_PROTO(struct kvm_vcpu *vcpu, u32 target, u32 value),
	TP_ARGS(vcpu, target, value),
	TP_STRUCT__entry(
		__field(pid_t,	vm)
		__field(u32,	vcpu)
		__field(u32,	target)
		__field(u32,	value)
	),
	TP_fast_assign(
		__entry->vm = vcpu->kvm->userspace_pid;
		__entry->vcpu = vcpu->vcpu_id;
		__entry->target = target;
		__entry->value = value;
	),
	TP_printk("vm=%d vcpu=%u target=%#x value=%u",
		  __entry->vm, __entry->vcpu, __entry->target, __entry->value),
	vintc_trace_begin, vintc_trace_end
);

/* A device is as after its creation again; with model, without one. */
TRACE_EVENT(vintc_reset,
	TP_PROTO(struct vintc_device *dev, bool model),
	TP_ARGS(dev, model),
	TP_STRUCT__entry(
		__field(pid_t,	vm)
		__field(u32,	device)
		__field(bool,	model)
	),
	TP_fast_assign(
		__entry->vm = dev->kvm->userspace_pid;
		__entry->device = dev->number;
		__entry->model = model;
	),
	TP_printk("vm=%d device=%u model=%d", __entry->vm, __entry->device, __entry->model)
);

#endif /* VINTC_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
