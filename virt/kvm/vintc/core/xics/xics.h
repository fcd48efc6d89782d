// SPDX-License-Identifier: GPL-2.0-only
/*
 * The XICS of a VM: its servers and sources, and what leads from one to the
 * other (delivery.cc). `self`, throughout: the ICP of the vCPU whose thread this
 * is, outside the guest; null for everybody else.
 */
#ifndef VINTC_CORE_XICS_XICS_H
#define VINTC_CORE_XICS_XICS_H

#include "source_table.h"

struct vintc_xics {
	using IcpOutcome = vintc::xics::IcpOutcome;

	vintc::xics::ServerTable servers;
	vintc::xics::SourceTable sources;
	void *owner; /* platform.h's name of the device */

	enum class Delivered { kMasked, kWaits, kAccepted };

	/* Brings a source's interrupt to its server, and what that displaces to its own. */
	Delivered deliver(u32 source, vintc_icp *self);

	/* Does what an ICP's transition left to do. */
	void complete(vintc_icp &icp, const IcpOutcome &outcome, vintc_icp *self)
	{
		if (&icp == self ? outcome.line : outcome.rose)
			vintc_line_raise(icp.cpu, &icp == self);
		if (outcome.displaced != vintc::xics::kNoSource) {
			icp.rejected(outcome.displaced);
			deliver(outcome.displaced, self);
		}
		if (outcome.resend)
			resend(icp, self);
	}

	/*
	 * A transition that can take the line down. Only the vCPU's own thread
	 * does these, and lowers the line first.
	 */
	template <class Transition> void own_transition(vintc_icp &self, Transition transition)
	{
		vintc_line_lower(self.cpu);
		complete(self, self.state.update(transition), &self);
	}

	/* The ICP may have opened: lets through what waits for it and it would accept by now. */
	void resend(vintc_icp &icp, vintc_icp *self);

	bool exists(u32 source) const
	{
		vintc::xics::SourceCell *cell = sources.find(source);

		return cell && cell->load().exists;
	}

private:
	using SourceBlock = vintc::xics::SourceBlock;

	Delivered deliver_one(u32 source, vintc_icp *self, u32 &displaced);
	bool wait_for(vintc_icp &icp, SourceBlock &block, u32 source, u8 priority);
};

#endif /* VINTC_CORE_XICS_XICS_H */
