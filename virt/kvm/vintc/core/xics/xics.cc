// SPDX-License-Identifier: GPL-2.0-only
/* A VM's XICS from the outside: its life, the in-tree device's state, its inputs (controller.h). */
#include "source_attr.h"
#include "source_input.h"
#include "xics.h"

using namespace vintc::xics;

vintc_xics *vintc_xics_create(u32 server_limit, void *owner)
{
	auto *xics = static_cast<vintc_xics *>(vintc_alloc(sizeof(vintc_xics)));

	if (!xics)
		return nullptr;
	xics->servers.limit(server_limit);
	xics->owner = owner;
	return xics;
}

void vintc_xics_destroy(vintc_xics *xics)
{
	if (!xics)
		return;
	xics->sources.destroy();
	xics->servers.destroy();
	vintc_free(xics);
}

vintc_result vintc_xics_connect(vintc_xics *xics, u32 server, void *cpu, vintc_icp **icp)
{
	return xics->servers.add(server, cpu, icp);
}

void vintc_xics_limit_servers(vintc_xics *xics, u32 limit)
{
	xics->servers.limit(limit);
}

vintc_icp *vintc_xics_icp(vintc_xics *xics, u32 server)
{
	return xics->servers.find(server);
}

u32 vintc_icp_server(const vintc_icp *icp)
{
	return icp->server;
}

void *vintc_icp_cpu(const vintc_icp *icp)
{
	return icp->cpu;
}

u64 vintc_icp_get(const vintc_icp *icp)
{
	return icp->state.load().reg();
}

vintc_result vintc_icp_set(vintc_xics *xics, vintc_icp *icp, u64 reg)
{
	if (!IcpState::restorable(reg))
		return VINTC_INVALID;

	IcpState to = IcpState::unpack(reg);

	if (to.xisr >= kFirstSource && !xics->exists(to.xisr))
		return VINTC_INVALID;

	xics->own_transition(*icp, [=](IcpState &s) { return icp::restore(s, to); });
	return VINTC_OK;
}

bool vintc_xics_is_source(u64 number)
{
	return SourceTable::valid(number);
}

vintc_result vintc_xics_get_source(const vintc_xics *xics, u64 source, u64 *attr)
{
	SourceCell *cell = SourceTable::valid(source) ? xics->sources.find(u32(source)) : nullptr;

	if (!cell)
		return VINTC_NOT_FOUND;

	SourceState state = cell->load();

	if (!state.exists)
		return VINTC_NOT_FOUND;
	*attr = source::to_attr(state);
	return VINTC_OK;
}

vintc_result vintc_xics_set_source(vintc_xics *xics, u64 source, u64 attr)
{
	if (!SourceTable::valid(source))
		return VINTC_NOT_FOUND;

	if (!source::attr_consistent(attr) ||
	    (source::attr_priority(attr) != kLeastFavoured && !xics->servers.find(u32(attr))))
		return VINTC_INVALID;

	SourceBlock *block = xics->sources.make_block(u32(source));

	if (!block)
		return VINTC_NO_MEMORY;

	bool goes = block->cell(u32(source)).update([=](SourceState &s) {
		return source::set_attr(s, attr);
	});

	if (goes)
		xics->deliver(u32(source), nullptr);
	return VINTC_OK;
}

namespace {

vintc_injected raised(vintc_xics &xics, u32 source, source::Raised raised)
{
	switch (raised) {
	case source::Raised::kUnknown:
		return VINTC_UNKNOWN_SOURCE;
	case source::Raised::kCoalesced:
		return VINTC_COALESCED;
	case source::Raised::kDeliver:
		break;
	}
	return xics.deliver(source, nullptr) == vintc_xics::Delivered::kMasked ? VINTC_MASKED
									       : VINTC_DELIVERED;
}

vintc_injected lowered(bool known)
{
	return known ? VINTC_COALESCED : VINTC_UNKNOWN_SOURCE;
}

} // namespace

vintc_injected vintc_xics_inject(vintc_xics *xics, u32 source, vintc_input input)
{
	SourceCell *cell = xics->sources.find(source);

	if (!cell)
		return VINTC_UNKNOWN_SOURCE;

	/* What an irqfd does: not through a table of jumps. */
	if (input == VINTC_PULSE)
		return raised(*xics, source, cell->update(source::pulse));

	switch (input) {
	case VINTC_HIGH:
		return raised(*xics, source, cell->update(source::high));
	case VINTC_HOLD:
		return raised(*xics, source, cell->update(source::hold));
	case VINTC_LOW:
		return lowered(cell->update(source::low));
	case VINTC_RELEASE:
		return lowered(cell->update(source::let_go));
	default:
		return lowered(cell->load().exists);
	}
}

void vintc_xics_counts(const vintc_xics *xics, vintc_counts *counts)
{
	*counts = vintc_counts{};
	xics->servers.for_each([=](const vintc_icp &icp) {
		counts->hypercalls += icp.hypercalls.load();
		counts->rtas_calls += icp.rtas_calls.load();
		counts->rejects += icp.rejects.load();
		counts->resends += icp.resends.load();
	});
}
