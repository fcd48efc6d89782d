// SPDX-License-Identifier: GPL-2.0-only
/*
 * A XICS' state as registers (KVM_VINTC_REG_ICP and _SOURCE), and its reset.
 *
 * The registers are the words of the ICPs and sources. What is not in them follows
 * from them: hints and notes from the sources that wait, lines from the ICPs.
 * settle() makes it anew. A VMM may have put together what no guest brings about,
 * a source that waits for an ICP that would accept it: it goes there then.
 */
#include "xics.h"

using namespace vintc::xics;

void vintc_xics_visit_regs(const vintc_xics *xics, vintc_visit_reg *visit, void *arg)
{
	xics->servers.for_each([=](const vintc_icp &icp) {
		vintc_reg reg = { VINTC_REG_ICP, icp.server, icp.state.load().reg() };

		visit(arg, &reg);
	});
	xics->sources.for_each([=](SourceBlock &, u32 source, SourceCell &cell) {
		vintc_reg reg = { VINTC_REG_SOURCE, source, cell.load().pack() };

		visit(arg, &reg);
	});
}

vintc_result vintc_xics_get_reg(const vintc_xics *xics, vintc_reg *reg)
{
	switch (reg->kind) {
	case VINTC_REG_ICP: {
		vintc_icp *icp = xics->servers.find(reg->index);

		if (!icp)
			return VINTC_NOT_FOUND;
		reg->value = icp->state.load().reg();
		return VINTC_OK;
	}
	case VINTC_REG_SOURCE: {
		SourceCell *cell = xics->sources.find(reg->index);
		SourceState state = cell ? cell->load() : SourceState{};

		if (!state.exists)
			return VINTC_NOT_FOUND;
		reg->value = state.pack();
		return VINTC_OK;
	}
	default:
		return VINTC_NOT_FOUND;
	}
}

vintc_result vintc_xics_check_reg(vintc_xics *xics, const vintc_reg *reg)
{
	switch (reg->kind) {
	case VINTC_REG_ICP:
		if (!xics->servers.find(reg->index))
			return VINTC_NOT_FOUND;
		return IcpState::restorable(reg->value) ? VINTC_OK : VINTC_INVALID;
	case VINTC_REG_SOURCE: {
		SourceState to = SourceState::unpack(reg->value);
		bool used = !to.masked() || to.saved_priority != kLeastFavoured;

		if (!SourceTable::valid(reg->index))
			return VINTC_NOT_FOUND;
		if (to.pack() != reg->value || !to.consistent())
			return VINTC_INVALID;
		if (used && !xics->servers.find(to.server))
			return VINTC_INVALID;
		return xics->sources.make_block(reg->index) ? VINTC_OK : VINTC_NO_MEMORY;
	}
	default:
		return VINTC_NOT_FOUND;
	}
}

u32 vintc_xics_reg_needs(const vintc_reg *reg)
{
	if (reg->kind != VINTC_REG_ICP)
		return kNoSource;

	u32 xisr = IcpState::unpack(reg->value).xisr;

	return xisr >= kFirstSource ? xisr : kNoSource;
}

void vintc_xics_set_reg(vintc_xics *xics, const vintc_reg *reg)
{
	if (reg->kind == VINTC_REG_ICP) {
		if (vintc_icp *icp = xics->servers.find(reg->index))
			icp->state.set(IcpState::unpack(reg->value));
	} else if (reg->kind == VINTC_REG_SOURCE) {
		if (SourceCell *cell = xics->sources.find(reg->index))
			cell->set(SourceState::unpack(reg->value));
	}
}

void vintc_xics_settle(vintc_xics *xics)
{
	xics->servers.for_each([](vintc_icp &icp) { vintc_line_lower(icp.cpu); });
	xics->sources.for_each([=](SourceBlock &block, u32 source, SourceCell &cell) {
		SourceState state = cell.load();

		if (!state.waiting)
			return;
		if (vintc_icp *icp = xics->servers.find(state.server))
			xics->sources.hint(block, source, *icp);
	});
	xics->servers.for_each([=](vintc_icp &icp) { xics->resend(icp, nullptr); });
	xics->servers.for_each([](vintc_icp &icp) {
		if (icp.state.load().line())
			vintc_line_raise(icp.cpu, false);
	});
}

void vintc_xics_reset(vintc_xics *xics)
{
	xics->servers.for_each([](vintc_icp &icp) {
		vintc_line_lower(icp.cpu);
		icp.state.set(IcpState{});
		icp.buckets.take_all();
	});
	xics->sources.for_each_block([](SourceBlock &block) {
		block.forget_hints();
		block.for_each([](u32, SourceCell &cell) { cell.set(source::reset(cell.load())); });
	});
}
