/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the module calls of the core. The entry points are total: every argument
 * has a defined answer. Unless it says otherwise, a function may be called in
 * any context, on any processor, at the same time as any other.
 */
#ifndef VINTC_CORE_CONTROLLER_H
#define VINTC_CORE_CONTROLLER_H

#include "types.h"

#ifdef __cplusplus
#define VINTC_CHECKED [[nodiscard]]
extern "C" {
#else
#define VINTC_CHECKED __must_check
#endif

enum vintc_result {
	VINTC_OK,
	VINTC_NO_MEMORY,
	VINTC_NOT_FOUND,	/* no such server, source or service */
	VINTC_EXISTS,		/* the number is taken */
	VINTC_INVALID,		/* a value is out of range or inconsistent */
	VINTC_TOO_MANY,		/* there is no room for another */
};

/* What became of an injection, by the values of KVM_IRQ_LINE_STATUS. */
enum vintc_injected {
	VINTC_MASKED = -1,	/* kept back until the source is unmasked */
	VINTC_COALESCED = 0,	/* merged with one that is still on its way */
	VINTC_DELIVERED = 1,	/* went to a server, which presents it when it may */
	VINTC_UNKNOWN_SOURCE = 2,
};

/* What happens to an input. */
enum vintc_input {
	VINTC_LOW,	/* driven low... */
	VINTC_HIGH,	/* ...and high: an edge, an MSI, or a level that stays */
	VINTC_PULSE,	/* high and low again: an edge or an MSI; a level is taken back at once */
	VINTC_HOLD,	/* a resample irqfd holds it up, until the guest has ended the interrupt */
	VINTC_RELEASE,	/* ...or lets it go before */
};

/* What a device has done: those of KVM_VINTC_COUNT_* that its controller knows. */
struct vintc_counts {
	u64 hypercalls;
	u64 rtas_calls;
	u64 rejects;
	u64 resends;
	u64 mmio;
	u64 ppis;
};

struct vintc_xics;	/* the controller of a VM */
struct vintc_icp;	/* one presentation controller of it */

/* Hypercall numbers and answers, from PAPR. */
enum {
	VINTC_H_EOI = 0x64,
	VINTC_H_CPPR = 0x68,
	VINTC_H_IPI = 0x6c,
	VINTC_H_IPOLL = 0x70,
	VINTC_H_XIRR = 0x74,
	VINTC_H_XIRR_X = 0x2fc,
};
enum {
	VINTC_H_SUCCESS = 0,
	VINTC_H_PARAMETER = -4,
	VINTC_H_NOT_OURS = 9999,	/* never shown to a guest */
};

/* RTAS services, by the values of KVM_VINTC_RTAS_*, and their statuses. */
enum vintc_rtas_service {
	VINTC_RTAS_SET_XIVE = 1,
	VINTC_RTAS_GET_XIVE,
	VINTC_RTAS_INT_OFF,
	VINTC_RTAS_INT_ON,
	VINTC_RTAS_SERVICES,
};
enum {
	VINTC_RTAS_SUCCESS = 0,
	VINTC_RTAS_PARAMETER = -3,
};

/*
 * ---- State, register by register --------------------------------------------------
 *
 * What KVM_VINTC_REG_* name, with the values that are documented there. Where an
 * access is said to be exclusive, the caller sees to it that no other function of the
 * controller runs meanwhile, on any processor.
 */
enum vintc_reg_kind {
	VINTC_REG_ICP,		/* index: the server */
	VINTC_REG_SOURCE,	/* index: the source number */
	VINTC_REG_GIC_DIST,	/* index: 0 */
	VINTC_REG_GIC_CPU,	/* index: the CPU interface */
	VINTC_REG_GIC_IRQ,	/* index: as in KVM_VINTC_REG_GIC_IRQ(), CPU << 16 | INTID */
};

struct vintc_reg {
	enum vintc_reg_kind kind;
	u32 index;
	u64 value;
};

/* Is called with each register that there is, by kind and then by index. */
typedef void vintc_visit_reg(void *arg, const struct vintc_reg *reg);

/*
 * ---- Routes -----------------------------------------------------------------------
 *
 * A table of where GSIs lead. It is filled by one caller and then only read, by
 * anybody; a lookup takes the same few loads whatever is in it.
 */
#define VINTC_GSI_LIMIT		(1u << 24)
#define VINTC_ROUTES_MOST	262144u		/* KVM_VINTC_ROUTES */
#define VINTC_ROUTE_TARGETS	8u		/* KVM_VINTC_ROUTE_TARGETS */

enum vintc_route_kind {
	VINTC_ROUTE_PIN,	/* an input of the device: number */
	VINTC_ROUTE_MSI,	/* a message to it, which is a pulse of input number */
	VINTC_ROUTE_DEVICE,	/* GSI number of another device */
};

struct vintc_route {
	void *device;		/* of VINTC_ROUTE_DEVICE, for the caller; else NULL */
	u32 number;
	u32 kind;		/* enum vintc_route_kind */
};

struct vintc_routes;

/* A table without entries, with room for @count of them. NULL: no memory. May sleep. */
struct vintc_routes *vintc_routes_create(u32 count);
/* Nobody reads it any more. May sleep. */
void vintc_routes_destroy(struct vintc_routes *routes);

/*
 * One more target for @gsi. VINTC_INVALID: not below VINTC_GSI_LIMIT. VINTC_TOO_MANY:
 * the GSI has VINTC_ROUTE_TARGETS, or the table @count. May sleep.
 */
VINTC_CHECKED enum vintc_result vintc_routes_add(struct vintc_routes *routes, u32 gsi,
						 const struct vintc_route *route);

/* The first target of @gsi, in the order of their adding, or NULL; and the one behind @route. */
const struct vintc_route *vintc_routes_first(const struct vintc_routes *routes, u32 gsi);
const struct vintc_route *vintc_routes_next(const struct vintc_routes *routes,
					    const struct vintc_route *route);
/* All targets, in the order of their adding: @index from 0; NULL: there are no more. */
const struct vintc_route *vintc_routes_at(const struct vintc_routes *routes, u32 index);

/*
 * ---- XICS -------------------------------------------------------------------------
 *
 * A controller without servers or sources, for server numbers below
 * @server_limit (at most VINTC_XICS_SERVER_LIMIT). @owner is for vintc_input_ended().
 * NULL: no memory. May sleep.
 */
#define VINTC_XICS_SERVER_LIMIT 65536u
struct vintc_xics *vintc_xics_create(u32 server_limit, void *owner);

/* Nobody uses the controller any more. May sleep. */
void vintc_xics_destroy(struct vintc_xics *xics);

/*
 * Makes the ICP of @server, in reset state, for the vCPU that platform.h will
 * know as @cpu. The caller serialises connects. May sleep.
 */
VINTC_CHECKED enum vintc_result vintc_xics_connect(struct vintc_xics *xics, u32 server, void *cpu,
						   struct vintc_icp **icp);

/* From now on server numbers have to be below @limit. The caller serialises. */
void vintc_xics_limit_servers(struct vintc_xics *xics, u32 limit);

/* The ICP of @server, or NULL; the server of an ICP, and its vCPU. */
struct vintc_icp *vintc_xics_icp(struct vintc_xics *xics, u32 server);
u32 vintc_icp_server(const struct vintc_icp *icp);
void *vintc_icp_cpu(const struct vintc_icp *icp);

/*
 * An ICP in the encoding of KVM_REG_PPC_ICP_STATE. To set one its vCPU must not
 * run. VINTC_INVALID: the value is inconsistent, or XISR names no source.
 */
u64 vintc_icp_get(const struct vintc_icp *icp);
VINTC_CHECKED enum vintc_result vintc_icp_set(struct vintc_xics *xics, struct vintc_icp *icp, u64 reg);

/* Is this a number that a source may have? */
bool vintc_xics_is_source(u64 number);

/*
 * A source in the encoding of KVM_DEV_XICS_GRP_SOURCES. Set makes it if need
 * be; the caller serialises sets. Set may sleep.
 *
 * VINTC_NOT_FOUND: @source is no source number, or (get) was never set.
 * VINTC_INVALID: reserved bits, inconsistent, or a server that nobody has with
 * a priority other than 0xff.
 */
VINTC_CHECKED enum vintc_result vintc_xics_get_source(const struct vintc_xics *xics, u64 source,
						      u64 *attr);
VINTC_CHECKED enum vintc_result vintc_xics_set_source(struct vintc_xics *xics, u64 source, u64 attr);

/*
 * A source's input. An MSI comes with VINTC_HIGH, _PULSE and _HOLD, and others mean
 * nothing to it; a level-sensitive source is asserted while it is driven high or
 * held. What is held is let go by the guest's EOI, and then vintc_input_ended() is
 * called; that goes for an MSI too. Atomic context is fine.
 */
enum vintc_injected vintc_xics_inject(struct vintc_xics *xics, u32 source, enum vintc_input input);

/*
 * Registers: VINTC_REG_ICP and VINTC_REG_SOURCE. get: VINTC_NOT_FOUND if it is not
 * there. check: could it be set? It makes what memory that needs, so that set cannot
 * fail; the caller serialises. VINTC_INVALID: not by itself. needs: the source that has
 * to exist for this value, or 0. set: exclusive, of what has been checked; when all
 * are set, settle: exclusive, drives the lines and whatever else follows of the whole.
 * check may sleep.
 */
void vintc_xics_visit_regs(const struct vintc_xics *xics, vintc_visit_reg *visit, void *arg);
VINTC_CHECKED enum vintc_result vintc_xics_get_reg(const struct vintc_xics *xics,
						   struct vintc_reg *reg);
VINTC_CHECKED enum vintc_result vintc_xics_check_reg(struct vintc_xics *xics,
						     const struct vintc_reg *reg);
u32 vintc_xics_reg_needs(const struct vintc_reg *reg);
void vintc_xics_set_reg(struct vintc_xics *xics, const struct vintc_reg *reg);
void vintc_xics_settle(struct vintc_xics *xics);

/*
 * Power-on: ICPs in reset state; sources masked, without server, and nothing pends
 * but what an input asserts. Exclusive. Settle has to follow.
 */
void vintc_xics_reset(struct vintc_xics *xics);

/*
 * A hypercall of the vCPU of @icp, on its own thread. @gprs are the guest's
 * registers from r4 on: arguments, and results. Returns r3, or VINTC_H_NOT_OURS
 * with nothing done.
 */
long vintc_xics_hypercall(struct vintc_xics *xics, struct vintc_icp *icp, unsigned long number,
			  unsigned long *gprs);

/* How many arguments a service takes, and how many results it gives with the status. */
u32 vintc_rtas_args(enum vintc_rtas_service service);
u32 vintc_rtas_rets(enum vintc_rtas_service service);

/*
 * An RTAS call of the vCPU of @icp, with the number of arguments that the
 * service takes. Returns the status; @rets gets the results that follow it.
 */
s32 vintc_xics_rtas(struct vintc_xics *xics, struct vintc_icp *icp, enum vintc_rtas_service service,
		    const u32 *args, u32 *rets);

void vintc_xics_counts(const struct vintc_xics *xics, struct vintc_counts *counts);

/*
 * ---- GICv2 --------------------------------------------------------------------
 *
 * A distributor without the Security Extensions, and up to 8 CPU interfaces
 * (ARM IHI 0048B). 32 priorities: the three low bits of a priority are RAZ/WI.
 *
 * A vCPU's lines are computed before it enters the guest, by vintc_gic_enter().
 * What raises one calls vintc_line_raise() of platform.h, which makes the vCPU
 * pass there; the core calls nothing else of the platform but its memory.
 */
struct vintc_gic;	/* the GIC of a VM */
struct vintc_gic_cpu;	/* one CPU interface, and the interrupts that are banked for it */

#define VINTC_GIC_CPUS	8u
/* Interrupts, SGIs and PPIs among them: a multiple of 32. INTIDs from 1020 on are none. */
#define VINTC_GIC_IRQS_LEAST	32u
#define VINTC_GIC_IRQS_MOST	1024u
#define VINTC_GIC_SPI_FIRST	32u
#define VINTC_GIC_SPECIAL	1020u

/* The frames of registers. Offsets are those of the architecture. */
enum vintc_gic_frame {
	VINTC_GICD,	/* 4 KiB: the distributor */
	VINTC_GICC,	/* 8 KiB: the CPU interface */
};

/* Lines of a vCPU, as bits. */
enum {
	VINTC_GIC_LINE_IRQ = 1,
	VINTC_GIC_LINE_FIQ = 2,
};

/* A GIC without CPU interfaces or SPIs. @owner: as for a XICS. NULL: no memory. May sleep. */
struct vintc_gic *vintc_gic_create(void *owner);
/* Nobody uses the GIC any more. May sleep. */
void vintc_gic_destroy(struct vintc_gic *gic);

/*
 * Makes CPU interface @number, in reset state, for the vCPU that platform.h will
 * know as @cpu. @sampled: the PPIs (a bit each) whose levels @sample tells, for
 * the thread of that vCPU; 0 and NULL if there are none. Before
 * vintc_gic_init() only; the caller serialises. May sleep.
 */
VINTC_CHECKED enum vintc_result vintc_gic_connect(struct vintc_gic *gic, u32 number, void *cpu,
						  u32 sampled, u32 (*sample)(void *cpu),
						  struct vintc_gic_cpu **connected);

/*
 * Gives the GIC its SPIs and makes it ready: @irqs interrupts in all. Once.
 * VINTC_INVALID: @irqs is out of range, or no multiple of 32. May sleep.
 */
VINTC_CHECKED enum vintc_result vintc_gic_init(struct vintc_gic *gic, u32 irqs);

/* CPU interface @number, or NULL; the number and the vCPU of one. */
struct vintc_gic_cpu *vintc_gic_interface(struct vintc_gic *gic, u32 number);
u32 vintc_gic_cpu_number(const struct vintc_gic_cpu *cpu);
void *vintc_gic_cpu_vcpu(const struct vintc_gic_cpu *cpu);

/*
 * An access of the guest on CPU @self, on the thread of its vCPU, in a ready GIC.
 * @width: 1, 2, 4 or 8 bytes; @value has them in the low bits, little-endian as
 * the GIC is. What the architecture does not define reads as zero and ignores
 * writes.
 */
u64 vintc_gic_read(struct vintc_gic *gic, struct vintc_gic_cpu *self, enum vintc_gic_frame frame,
		   u32 offset, u32 width);
void vintc_gic_write(struct vintc_gic *gic, struct vintc_gic_cpu *self, enum vintc_gic_frame frame,
		     u32 offset, u32 width, u64 value);

/*
 * A 32-bit register as state, for a VMM, in the encodings of the in-tree GICv2's
 * KVM_DEV_ARM_VGIC_GRP_DIST_REGS and _CPU_REGS; banked ones are those of @cpu. No
 * vCPU of the VM runs. VINTC_NOT_FOUND: it is not state, or no register.
 * VINTC_INVALID: (set) GICD_IIDR is not one that this implementation had.
 */
bool vintc_gic_has_reg(enum vintc_gic_frame frame, u32 offset);
VINTC_CHECKED enum vintc_result vintc_gic_get_reg(struct vintc_gic *gic, struct vintc_gic_cpu *cpu,
						  enum vintc_gic_frame frame, u32 offset, u32 *value);
VINTC_CHECKED enum vintc_result vintc_gic_set_reg(struct vintc_gic *gic, struct vintc_gic_cpu *cpu,
						  enum vintc_gic_frame frame, u32 offset, u32 value);

/* What is known of an interrupt beside the registers: a bit for each. */
enum vintc_gic_info {
	VINTC_GIC_INFO_LINE,	/* the level of its input */
	VINTC_GIC_INFO_LATCH,	/* pends by an edge or by GICD_ISPENDR, whatever the input */
	VINTC_GIC_INFO_DROP,	/* acknowledged, and its priority not dropped yet */
};

/*
 * That of the 32 interrupts from @intid on, a multiple of 32; likewise.
 * VINTC_INVALID: the GIC has no such interrupts.
 */
VINTC_CHECKED enum vintc_result vintc_gic_get_info(struct vintc_gic *gic, struct vintc_gic_cpu *cpu,
						   enum vintc_gic_info what, u32 intid, u32 *bits);
VINTC_CHECKED enum vintc_result vintc_gic_set_info(struct vintc_gic *gic, struct vintc_gic_cpu *cpu,
						   enum vintc_gic_info what, u32 intid, u32 bits);

/*
 * The input of an SPI, or of a PPI of @cpu (which an SPI ignores; it may be
 * NULL). It is high while it is driven high or held. What is held is let go when the
 * guest deactivates the interrupt, and then vintc_input_ended() is called with the
 * INTID. VINTC_PULSE pends an edge-triggered interrupt only. A PPI that is sampled
 * takes no input: VINTC_COALESCED. VINTC_UNKNOWN_SOURCE: no SPI or PPI of this GIC.
 */
enum vintc_injected vintc_gic_inject(struct vintc_gic *gic, struct vintc_gic_cpu *cpu, u32 intid,
				     enum vintc_input input);

/*
 * Registers: VINTC_REG_GIC_*, of a ready GIC, as those of a XICS. What is exclusive
 * there is so here. VINTC_INVALID of check: also if the number of interrupts is
 * another.
 */
void vintc_gic_visit_regs(const struct vintc_gic *gic, vintc_visit_reg *visit, void *arg);
VINTC_CHECKED enum vintc_result vintc_gic_get_exact(const struct vintc_gic *gic,
						    struct vintc_reg *reg);
VINTC_CHECKED enum vintc_result vintc_gic_check_exact(const struct vintc_gic *gic,
						      const struct vintc_reg *reg);
void vintc_gic_set_exact(struct vintc_gic *gic, const struct vintc_reg *reg);
void vintc_gic_settle(struct vintc_gic *gic);

/*
 * Power-on: as after vintc_gic_init(), but for inputs, which stay as they are driven, held
 * and sampled, and the revision in GICD_IIDR. Exclusive. Settle has to follow.
 */
void vintc_gic_reset(struct vintc_gic *gic);

/*
 * Before each entry to the guest, on the thread of the vCPU, interrupts off or
 * on: takes the levels of the sampled PPIs and returns the lines.
 */
u32 vintc_gic_enter(struct vintc_gic *gic, struct vintc_gic_cpu *self, u32 levels);

/*
 * Has the vCPU a reason not to sleep? Any thread, any context. True: a line is
 * up, or may be after vintc_gic_enter().
 */
bool vintc_gic_wakes(const struct vintc_gic_cpu *cpu);

/* The levels that vintc_gic_enter() was given last. */
u32 vintc_gic_levels(const struct vintc_gic_cpu *cpu);

void vintc_gic_counts(const struct vintc_gic *gic, struct vintc_counts *counts);

#ifdef __cplusplus
}
#endif

#endif /* VINTC_CORE_CONTROLLER_H */
