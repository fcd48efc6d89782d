// SPDX-License-Identifier: GPL-2.0-only
/*
 * Delivering, waiting and resending, without a lock.
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
#include "xics.h"

using namespace vintc::xics;

namespace {

/* True: the ICP has the note. It is stored also where it stood before. */
bool note_waiting(vintc_icp &icp, u8 priority)
{
	return icp.state.try_update([=](IcpState &s) { return icp::note_waiting(s, priority); });
}

} // namespace

vintc_xics::Delivered vintc_xics::deliver(u32 source, vintc_icp *self)
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

vintc_xics::Delivered vintc_xics::deliver_one(u32 source, vintc_icp *self, u32 &displaced)
{
	SourceBlock *block = sources.block(source);

	if (!block)
		return Delivered::kMasked;

	for (;;) {
		SourceState state;
		bool going = block->cell(source).update([&](SourceState &s) {
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

		auto delivery = icp->state.try_update(
			[&](IcpState &s) { return icp::deliver(s, source, state.priority); });

		if (delivery.accepted) {
			if (icp == self || delivery.rose)
				vintc_line_raise(icp->cpu, icp == self);
			if (delivery.displaced != kNoSource)
				icp->rejected(delivery.displaced);
			displaced = delivery.displaced;
			return Delivered::kAccepted;
		}
		if (wait_for(*icp, *block, source, state.priority))
			return Delivered::kWaits;
	}
}

/* False: the source is still the caller's, and is to be tried again. */
bool vintc_xics::wait_for(vintc_icp &icp, SourceBlock &block, u32 source, u8 priority)
{
	SourceCell &cell = block.cell(source);
	bool waits = cell.try_update(
		[&](SourceState &s) { return source::wait(s, icp.server, priority); });

	if (!waits)
		return false;
	sources.hint(block, source, icp);
	if (note_waiting(icp, priority))
		return true;
	/* Whoever else took it off delivers it. */
	return !cell.try_update(source::stop_waiting);
}

void vintc_xics::resend(vintc_icp &icp, vintc_icp *self)
{
	for (;;) {
		auto best = sources.most_favoured_waiting(
			icp, [&](u32 source) { deliver(source, self); });

		if (!best.any() || note_waiting(icp, best.priority()))
			return;
		if (!sources.find(best.source())->try_update(source::stop_waiting))
			continue;
		icp.resent(best.source());
		deliver(best.source(), self);
		if (!best.more() || note_waiting(icp, best.next_priority()))
			return;
	}
}
