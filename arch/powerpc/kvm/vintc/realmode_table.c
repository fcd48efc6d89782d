// SPDX-License-Identifier: GPL-2.0-only
/*
 * kvm-hv's table of the hypercalls that POWER8 serves in real mode, with entries of
 * ours in it.
 *
 * With the MMU off the module's own text and data are out of reach: they are mapped,
 * not linear memory. So the image is copied to where it can run, and not far from the
 * table, whose entries are 32-bit distances. The table lies in the kernel's text and is
 * written through another mapping; kvm-hv loads an entry anew for each hypercall.
 */
#include <linux/kallsyms.h>
#include <linux/vmalloc.h>
#include <asm/cacheflush.h>
#include <asm/cputable.h>
#include <asm/hvcall.h>
#include <asm/kvm_asm.h>
#include <asm/kvm_ppc.h>
#include <asm/reg.h>

#include "realmode.h"

extern const u32 vintc_real_image[];
extern const char vintc_real_image_end[];

static const struct {
	unsigned int hypercall;
	const char *handler;		/* what kvm-hv has there */
} entries[REAL_ENTRIES] = {
	[REAL_EOI] = { H_EOI, "xics_rm_h_eoi" },
	[REAL_CPPR] = { H_CPPR, "xics_rm_h_cppr" },
	[REAL_IPI] = { H_IPI, "xics_rm_h_ipi" },
	[REAL_XIRR] = { H_XIRR, "xics_rm_h_xirr" },
};

static s32 *alias;		/* the table, writable */
static void *alias_pages;
static s32 theirs[REAL_ENTRIES], ours[REAL_ENTRIES];

/* Does a function of that name begin there? */
static bool begins_at(unsigned long addr, const char *name)
{
	char text[KSYM_SYMBOL_LEN];

	sprint_symbol(text, addr);
	return strstarts(text, name) && strstarts(text + strlen(name), "+0x0/");
}

static bool is_the_table(const s32 *table)
{
	int i;

	for (i = 0; i < REAL_ENTRIES; i++) {
		theirs[i] = table[entries[i].hypercall / 4];
		if (!begins_at((unsigned long)table + theirs[i], entries[i].handler))
			return false;
	}
	return true;
}

static struct vintc_real_header *allocate(void)
{
	struct page *page = alloc_pages(GFP_KERNEL | GFP_DMA | __GFP_ZERO | __GFP_NOWARN,
					get_order(1UL << REAL_SHIFT));

	return page ? page_address(page) : NULL;
}

void vintc_real_table_free(struct vintc_real_header *header)
{
	if (alias_pages)
		vunmap(alias_pages);
	alias_pages = NULL;
	free_pages((unsigned long)header, get_order(1UL << REAL_SHIFT));
}

static bool within_reach(const struct vintc_real_header *header, const s32 *table)
{
	long there = (long)header - (long)table;

	return there == (s32)there && there + (1L << REAL_SHIFT) == (s32)(there + (1L << REAL_SHIFT));
}

/* The pages with our entries, a second time. */
static bool map_alias(s32 *table)
{
	unsigned long first = (unsigned long)&table[H_EOI / 4];
	unsigned long last = (unsigned long)&table[H_XIRR / 4];
	struct page *pages[2] = { virt_to_page((void *)first), virt_to_page((void *)last) };

	alias_pages = vmap(pages, pages[0] == pages[1] ? 1 : 2, VM_MAP, PAGE_KERNEL);
	if (!alias_pages)
		return false;
	alias = alias_pages + offset_in_page(first);
	alias -= H_EOI / 4;
	return true;
}

static void copy_image(struct vintc_real_header *header, const s32 *table)
{
	void *code = (void *)header + REAL_CODE;
	size_t size = vintc_real_image_end - (const char *)vintc_real_image;
	int i;

	memcpy(code, vintc_real_image, size);
	flush_icache_range((unsigned long)code, (unsigned long)code + size);
	for (i = 0; i < REAL_ENTRIES; i++) {
		ours[i] = code + vintc_real_image[i] - (void *)table;
		header->original[i] = (void *)table + theirs[i];
	}
}

struct vintc_real_header *vintc_real_table_make(const char **without)
{
	s32 *table = vintc_symbol("hcall_real_table");
	void *send_ipi = vintc_symbol("kvmhv_rm_send_ipi");
	struct vintc_real_header *header;

	BUILD_BUG_ON(BOOK3S_IRQPRIO_EXTERNAL != REAL_EXTERNAL);
	BUILD_BUG_ON(H_TOO_HARD != REAL_TOO_HARD);
	BUILD_BUG_ON(LPCR_MER != REAL_MER);
	BUILD_BUG_ON(SPRN_LPCR != REAL_LPCR);
	BUILD_BUG_ON(sizeof(struct kvm_vcpu) < 1UL << REAL_HASH_SHIFT);

	*without = !table ? "the kernel has no such table" :
		   !is_the_table(table) ? "the table has other handlers" :
		   !send_ipi ? "the kernel cannot send IPIs from there" : NULL;
	if (*without)
		return NULL;
	header = allocate();
	if (header && within_reach(header, table) && map_alias(table)) {
		header->pending_exceptions = offsetof(struct kvm_vcpu, arch.pending_exceptions);
		header->thread_cpu = offsetof(struct kvm_vcpu, arch.thread_cpu);
		header->cpus = nr_cpu_ids;
		header->send_ipi = send_ipi;
		copy_image(header, table);
		return header;
	}
	*without = "no memory that it can reach";
	vintc_real_table_free(header);
	return NULL;
}

void vintc_real_table_switch(bool to_ours)
{
	int i;

	/* What the image reads, before it can run. */
	smp_wmb();
	for (i = 0; i < REAL_ENTRIES; i++)
		WRITE_ONCE(alias[entries[i].hypercall / 4], to_ours ? ours[i] : theirs[i]);
}
