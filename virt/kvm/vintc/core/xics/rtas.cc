// SPDX-License-Identifier: GPL-2.0-only
/* The RTAS calls that route and mask a source: PAPR's ibm,set-xive and its kin. */
#include "xics.h"

using namespace vintc::xics;

namespace {

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
