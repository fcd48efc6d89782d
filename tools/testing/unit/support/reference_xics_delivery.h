// SPDX-License-Identifier: GPL-2.0-only
/*
 * How the reference XICS presents: deliveries, rejections, and what waits, which is
 * found by looking at every source.
 */
#ifndef VINTC_UNIT_REFERENCE_XICS_DELIVERY_H
#define VINTC_UNIT_REFERENCE_XICS_DELIVERY_H

#include <algorithm>
#include <utility>
#include <vector>

#include "support/reference_xics_state.h"

namespace vintc::test {

class ReferenceXicsDelivery : public ReferenceXicsState {
public:
	using ReferenceXicsState::ReferenceXicsState;

	vintc_counts counts = {};

	/* What a VMM has put together goes where it can. */
	void settle()
	{
		for (auto &[server, icp] : icps_)
			try_waiting(server);
	}

protected:
	using Icp = ReferenceIcp;
	using Source = ReferenceSource;

	/* False: the source is masked and keeps its interrupt. */
	bool deliver(uint32_t number)
	{
		Source &s = sources_.at(number);

		s.waiting = false;
		if (s.priority == 0xff) {
			s.masked_pending = true;
			return false;
		}

		Icp &icp = icps_.at(s.server);

		if (icp.accepts(s.priority)) {
			uint32_t rejected = std::exchange(icp.xisr, number);

			icp.pending = s.priority;
			reject(rejected);
		} else {
			s.waiting = true;
		}
		return true;
	}

	/* What was in an XISR is delivered again; an IPI is still in MFRR. */
	void reject(uint32_t xisr)
	{
		if (xisr == 0 || xisr == 2)
			return;
		counts.rejects++;
		deliver(xisr);
	}

	/* Most favoured first, the lowest number among equals. */
	void try_waiting(uint32_t server)
	{
		std::vector<std::pair<uint8_t, uint32_t>> waiting;

		for (auto &[number, s] : sources_)
			if (s.waiting && s.server == server && s.priority != 0xff)
				waiting.emplace_back(s.priority, number);
		std::sort(waiting.begin(), waiting.end());
		for (auto [priority, number] : waiting) {
			if (icps_.at(server).accepts(priority))
				counts.resends++;
			deliver(number);
		}
	}

	/* What is kept back is delivered, or kept because it is masked. */
	void release(uint32_t number)
	{
		Source &s = sources_.at(number);

		if (!(s.masked_pending || s.waiting))
			return;
		s.masked_pending = false;
		deliver(number);
	}

	/* MFRR is presented if it is more favoured than everything else. */
	uint32_t present_ipi(Icp &icp)
	{
		if (icp.mfrr >= icp.cppr || icp.mfrr > icp.pending)
			return 0;
		icp.pending = icp.mfrr;
		return std::exchange(icp.xisr, 2);
	}

	/* CPPR changes; what it no longer admits leaves XISR. */
	static uint32_t change_cppr(Icp &icp, uint8_t cppr)
	{
		icp.cppr = cppr;
		if (icp.pending < cppr)
			return 0;
		icp.pending = 0xff;
		return std::exchange(icp.xisr, 0);
	}

	void lower_priority(uint32_t server, uint8_t cppr)
	{
		Icp &icp = icps_.at(server);
		uint32_t stranded = change_cppr(icp, cppr);
		uint32_t replaced = present_ipi(icp);

		reject(stranded);
		reject(replaced);
		try_waiting(server);
	}
};

} // namespace vintc::test

#endif /* VINTC_UNIT_REFERENCE_XICS_DELIVERY_H */
