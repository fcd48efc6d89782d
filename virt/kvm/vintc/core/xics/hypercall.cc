// SPDX-License-Identifier: GPL-2.0-only
/* The presentation hypercalls: PAPR's H_CPPR, H_EOI, H_IPI, H_IPOLL, H_XIRR, H_XIRR_X. */
#include "source_input.h"
#include "xics.h"

using namespace vintc::xics;

namespace {

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

/* The second half of an EOI. */
long end_source(vintc_xics &xics, vintc_icp &icp, u32 number)
{
	if (number == kIpi)
		return VINTC_H_SUCCESS;

	SourceCell *cell = xics.sources.find(number);

	if (!cell)
		return VINTC_H_PARAMETER;

	source::Ended ended = cell->update(source::eoi);

	if (ended == source::kEnded)
		return VINTC_H_SUCCESS;
	if (ended == source::kEndedUnknown)
		return VINTC_H_PARAMETER;
	if (ended & source::kEndedLetGo)
		vintc_input_ended(xics.owner, number);
	if (ended & source::kEndedAgain)
		xics.deliver(number, &icp);
	return VINTC_H_SUCCESS;
}

long h_eoi(vintc_xics &xics, vintc_icp &icp, u32 xirr)
{
	xics.own_transition(icp,
			    [=](IcpState &s) { return icp::lower_priority(s, u8(xirr >> 24)); });
	return end_source(xics, icp, xirr & 0xffffff);
}

} // namespace

long vintc_xics_hypercall(vintc_xics *xics, vintc_icp *icp, unsigned long number,
			  unsigned long *gprs)
{
	long status;

	switch (number) {
	case VINTC_H_XIRR:
	case VINTC_H_XIRR_X:
		status = h_xirr(*icp, gprs);
		if (number == VINTC_H_XIRR_X)
			gprs[1] = vintc_timebase();
		break;
	case VINTC_H_EOI:
		status = h_eoi(*xics, *icp, u32(gprs[0]));
		break;
	case VINTC_H_IPI:
		status = h_ipi(*xics, *icp, u32(gprs[0]), u8(gprs[1]));
		break;
	case VINTC_H_CPPR: {
		u8 cppr = u8(gprs[0]);

		xics->own_transition(*icp, [=](IcpState &s) { return icp::set_cppr(s, cppr); });
		status = VINTC_H_SUCCESS;
		break;
	}
	case VINTC_H_IPOLL:
		status = h_ipoll(*xics, u32(gprs[0]), gprs);
		break;
	default:
		return VINTC_H_NOT_OURS;
	}
	icp->hypercalls.count_alone();
	return status;
}
