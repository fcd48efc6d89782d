// SPDX-License-Identifier: GPL-2.0-only
/*
 * The XICS of a VM: sources and ICPs at work together. The rules are PAPR's;
 * source.h and icp.h have them as transitions. Here is what their outcomes
 * lead to, without a lock:
 *
 * A delivery that the ICP refuses leaves the source waiting, its hints, and a
 * note in the ICP, in this order. A transition that opens the ICP takes the
 * note and then looks for the sources. Both the note and the opening are
 * read-modify-writes of the ICP's word: either the opening comes second, takes
 * the note and finds the source, or the note comes second, sees the open ICP
 * and delivers. So no interrupt waits for an ICP that would accept it.
 *
 * Loops end: a round is repeated only when another processor completed a
 * transition of the same word meanwhile, and a chain of displaced sources goes
 * to ever less favoured priorities unless other vCPUs change these meanwhile.
 */
#include "source_table.h"

using namespace vintc::xics;

struct vintc_xics {
	ServerTable servers;
	SourceTable sources;

	enum class Delivered { kMasked, kWaits, kAccepted };

	/*
	 * `self`, here and below: the ICP of the vCPU whose thread this is,
	 * outside the guest; null for everybody else.
	 */
	Delivered deliver(u32 source, vintc_icp *self)
	{
		u32 displaced = kNoSource;
		Delivered first = deliver_one(source, self, displaced);

		while (displaced != kNoSource) {
			u32 next = displaced;

			displaced = kNoSource;
			deliver_one(next, self, displaced);
		}
		return first;
	}

	/* Does what an ICP's transition left to do. */
	void complete(vintc_icp &icp, const IcpOutcome &outcome, vintc_icp *self)
	{
		if (&icp == self ? outcome.line : outcome.rose)
			vintc_line_raise(icp.cpu, &icp == self);
		if (outcome.displaced != kNoSource) {
			icp.rejects.count();
			deliver(outcome.displaced, self);
		}
		if (outcome.resend)
			resend(icp, self);
	}

	bool exists(u32 source) const
	{
		SourceCell *cell = sources.find(source);

		return cell && cell->load().exists;
	}

private:
	Delivered deliver_one(u32 source, vintc_icp *self, u32 &displaced)
	{
		SourceBlock *block = sources.block(source);

		if (!block)
			return Delivered::kMasked;

		SourceCell &cell = block->cell(source);

		for (;;) {
			SourceState state;
			bool going = cell.update([&](SourceState &s) {
				bool goes = source::begin_delivery(s);

				state = s;
				return goes;
			});

			if (!going)
				return Delivered::kMasked;

			vintc_icp *icp = servers.find(state.server);

			/* Not reached: only a masked source may name a server nobody has. */
			if (!icp)
				return Delivered::kMasked;

			auto delivery = icp->state.try_update([&](IcpState &s) {
				return icp::deliver(s, source, state.priority);
			});

			if (delivery.accepted) {
				if (icp == self || delivery.rose)
					vintc_line_raise(icp->cpu, icp == self);
				if (delivery.displaced != kNoSource)
					icp->rejects.count();
				displaced = delivery.displaced;
				return Delivered::kAccepted;
			}
			if (wait_for(*icp, *block, source, state.priority))
				return Delivered::kWaits;
		}
	}

	/* False: the source is still the caller's, and is to be tried again. */
	bool wait_for(vintc_icp &icp, SourceBlock &block, u32 source, u8 priority)
	{
		SourceCell &cell = block.cell(source);

		if (!cell.try_update(
			    [&](SourceState &s) { return source::wait(s, icp.server, priority); }))
			return false;
		sources.hint(block, source, icp);
		if (note_waiting(icp, priority))
			return true;
		return !cell.try_update(source::stop_waiting);
	}

	/* True: the ICP has the note. It is stored also where it stood before. */
	static bool note_waiting(vintc_icp &icp, u8 priority)
	{
		return icp.state.try_update(
			[&](IcpState &s) { return icp::note_waiting(s, priority); });
	}

	/* The ICP has opened: lets through what it would accept by now. */
	void resend(vintc_icp &icp, vintc_icp *self)
	{
		for (;;) {
			auto best = sources.most_favoured_waiting(icp);

			if (best.source == kNoSource || note_waiting(icp, best.priority))
				return;
			if (!sources.find(best.source)->try_update(source::stop_waiting))
				continue;
			icp.resends.count();
			deliver(best.source, self);
			if (!best.more || note_waiting(icp, best.next_priority))
				return;
		}
	}
};

namespace {

/*
 * The transitions that can take the line down happen on the vCPU's own thread,
 * which lowers it first.
 */
template <class Transition>
void own_transition(vintc_xics &xics, vintc_icp &icp, Transition transition)
{
	vintc_line_lower(icp.cpu);
	xics.complete(icp, icp.state.update(transition), &icp);
}

long h_xirr(vintc_icp &icp, unsigned long *gprs)
{
	vintc_line_lower(icp.cpu);
	gprs[0] = icp.state.update([](IcpState &s) { return icp::accept(s); });
	return VINTC_H_SUCCESS;
}

long h_ipi(vintc_xics &xics, vintc_icp &self, u32 server, u8 mfrr)
{
	vintc_icp *icp = xics.servers.find(server);

	if (!icp)
		return VINTC_H_PARAMETER;
	xics.complete(*icp, icp->state.update([=](IcpState &s) { return icp::set_mfrr(s, mfrr); }),
		      &self);
	return VINTC_H_SUCCESS;
}

long h_ipoll(const vintc_xics &xics, u32 server, unsigned long *gprs)
{
	vintc_icp *icp = xics.servers.find(server);

	if (!icp)
		return VINTC_H_PARAMETER;

	IcpState state = icp->state.load();

	gprs[0] = state.xirr();
	gprs[1] = state.mfrr;
	return VINTC_H_SUCCESS;
}

long h_eoi(vintc_xics &xics, vintc_icp &icp, u32 xirr)
{
	u32 number = xirr & 0xffffff;

	own_transition(xics, icp,
		       [=](IcpState &s) { return icp::lower_priority(s, u8(xirr >> 24)); });
	if (number == kIpi)
		return VINTC_H_SUCCESS;

	SourceCell *cell = xics.sources.find(number);

	if (!cell)
		return VINTC_H_PARAMETER;

	auto ended = cell->update(source::eoi);

	if (ended == source::Ended::kDeliver)
		xics.deliver(number, &icp);
	return ended == source::Ended::kUnknown ? VINTC_H_PARAMETER : VINTC_H_SUCCESS;
}

template <class Transition>
s32 configure(vintc_xics &xics, vintc_icp &self, u32 source, Transition transition)
{
	SourceCell *cell = xics.sources.find(source);

	if (!cell)
		return VINTC_RTAS_PARAMETER;

	auto configured = cell->update(transition);

	if (configured == source::Configured::kDeliver)
		xics.deliver(source, &self);
	return configured == source::Configured::kUnknown ? VINTC_RTAS_PARAMETER
							  : VINTC_RTAS_SUCCESS;
}

} // namespace

extern "C" {

vintc_xics *vintc_xics_create(u32 server_limit)
{
	auto *xics = static_cast<vintc_xics *>(vintc_alloc(sizeof(vintc_xics)));

	if (xics)
		xics->servers.limit(server_limit);
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
	IcpState to = IcpState::unpack(reg);

	to.resend = false;
	if (to.reg() != reg || !to.consistent())
		return VINTC_INVALID;
	if (to.xisr >= kFirstSource && !xics->exists(to.xisr))
		return VINTC_INVALID;

	vintc_line_lower(icp->cpu);
	xics->complete(*icp, icp->state.update([=](IcpState &s) { return icp::restore(s, to); }),
		       icp);
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

	SourceState to = source::from_attr(attr);

	if (!source::attr_consistent(attr) ||
	    (to.saved_priority != kLeastFavoured && !xics->servers.find(to.server)))
		return VINTC_INVALID;

	SourceBlock *block = xics->sources.make_block(u32(source));

	if (!block)
		return VINTC_NO_MEMORY;
	block->cell(u32(source)).set(to);
	if (attr & source_attr::kPending)
		xics->deliver(u32(source), nullptr);
	return VINTC_OK;
}

vintc_injected vintc_xics_inject(vintc_xics *xics, u32 source, bool level)
{
	using source::Raised;

	SourceCell *cell = xics->sources.find(source);

	if (!cell)
		return VINTC_UNKNOWN_SOURCE;
	if (!level)
		return cell->update(source::lower) ? VINTC_COALESCED : VINTC_UNKNOWN_SOURCE;

	switch (cell->update(source::raise)) {
	case Raised::kUnknown:
		return VINTC_UNKNOWN_SOURCE;
	case Raised::kCoalesced:
		return VINTC_COALESCED;
	case Raised::kDeliver:
		break;
	}
	return xics->deliver(source, nullptr) == vintc_xics::Delivered::kMasked ? VINTC_MASKED
										: VINTC_DELIVERED;
}

long vintc_xics_hypercall(vintc_xics *xics, vintc_icp *icp, unsigned long number,
			  unsigned long *gprs)
{
	long status;

	switch (number) {
	case VINTC_H_XIRR:
		status = h_xirr(*icp, gprs);
		break;
	case VINTC_H_EOI:
		status = h_eoi(*xics, *icp, u32(gprs[0]));
		break;
	case VINTC_H_IPI:
		status = h_ipi(*xics, *icp, u32(gprs[0]), u8(gprs[1]));
		break;
	case VINTC_H_CPPR: {
		u8 cppr = u8(gprs[0]);

		own_transition(*xics, *icp, [=](IcpState &s) { return icp::set_cppr(s, cppr); });
		status = VINTC_H_SUCCESS;
		break;
	}
	case VINTC_H_IPOLL:
		status = h_ipoll(*xics, u32(gprs[0]), gprs);
		break;
	case VINTC_H_XIRR_X:
		status = h_xirr(*icp, gprs);
		gprs[1] = vintc_timebase();
		break;
	default:
		return VINTC_H_NOT_OURS;
	}
	icp->hypercalls.count_alone();
	return status;
}

u32 vintc_rtas_args(vintc_rtas_service service)
{
	return service == VINTC_RTAS_SET_XIVE ? 3 : 1;
}

u32 vintc_rtas_rets(vintc_rtas_service service)
{
	return service == VINTC_RTAS_GET_XIVE ? 2 : 0;
}

s32 vintc_xics_rtas(vintc_xics *xics, vintc_icp *icp, vintc_rtas_service service, const u32 *args,
		    u32 *rets)
{
	icp->rtas_calls.count_alone();

	switch (service) {
	case VINTC_RTAS_SET_XIVE: {
		u32 server = args[1];
		u8 priority = u8(args[2]);

		if (!xics->servers.find(server))
			return VINTC_RTAS_PARAMETER;
		return configure(*xics, *icp, args[0], [=](SourceState &s) {
			return source::set_xive(s, server, priority);
		});
	}
	case VINTC_RTAS_GET_XIVE: {
		SourceCell *cell = xics->sources.find(args[0]);
		SourceState state = cell ? cell->load() : SourceState{};

		if (!state.exists)
			return VINTC_RTAS_PARAMETER;
		rets[0] = state.server;
		rets[1] = state.priority;
		return VINTC_RTAS_SUCCESS;
	}
	case VINTC_RTAS_INT_OFF:
		return configure(*xics, *icp, args[0], source::int_off);
	case VINTC_RTAS_INT_ON: {
		SourceCell *cell = xics->sources.find(args[0]);

		if (!cell || !xics->servers.find(cell->load().server))
			return VINTC_RTAS_PARAMETER;
		return configure(*xics, *icp, args[0], source::int_on);
	}
	default:
		return VINTC_RTAS_PARAMETER;
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

} // extern "C"
