// SPDX-License-Identifier: GPL-2.0-only
/*
 * XICS once more, to compare the core with: sequential, maps and plain fields,
 * each rule as one sees it in PAPR, nothing shared with the core but the
 * numbers of controller.h. It has no notes and no hints.
 */
#ifndef VINTC_UNIT_REFERENCE_XICS_H
#define VINTC_UNIT_REFERENCE_XICS_H

#include <functional>
#include <utility>

#include "support/reference_xics_delivery.h"

namespace vintc::test {

class ReferenceXics : public ReferenceXicsDelivery {
public:
	using ReferenceXicsDelivery::ReferenceXicsDelivery;

	std::function<void(uint32_t)> on_input_ended; /* what was held is let go */

	vintc_result set_icp(uint32_t server, uint64_t reg)
	{
		Icp to = Icp::from(reg);
		Icp &icp = icps_.at(server);
		bool less_favoured = to.mfrr > icp.mfrr;

		if (to.reg() != reg || !to.is_consistent() ||
		    (to.xisr >= 16 && !sources_.contains(to.xisr)))
			return VINTC_INVALID;
		icp = to;
		if (less_favoured)
			try_waiting(server);
		return VINTC_OK;
	}

	vintc_result set_source(uint64_t number, uint64_t attr)
	{
		bool level = attr >> 40 & 1, masked = attr >> 41 & 1, pending = attr >> 42 & 1;
		bool presented = attr >> 43 & 1, queued = attr >> 44 & 1;
		auto server = uint32_t(attr);
		auto priority = uint8_t(attr >> 32);

		if (number < 16 || number > 0xffffff)
			return VINTC_NOT_FOUND;
		if (attr >> 45 || (queued && (level || !(presented || pending))))
			return VINTC_INVALID;
		if (priority != 0xff && !icps_.contains(server))
			return VINTC_INVALID;

		Source before = sources_[number], s;

		s.server = server;
		s.priority = masked ? 0xff : priority;
		s.saved = priority;
		s.level = level;
		s.presented = presented || pending;
		s.queued = queued;
		s.held = before.held;
		if (level && before.held && !s.presented)
			s.presented = pending = true;
		else if (level)
			s.line = s.presented && (!before.held || before.line);
		sources_[number] = s;
		if (pending)
			deliver(uint32_t(number));
		return VINTC_OK;
	}

	vintc_injected inject(uint32_t number, vintc_input input)
	{
		if (!sources_.contains(number))
			return VINTC_UNKNOWN_SOURCE;

		Source &s = sources_[number];

		if (input == VINTC_HOLD || input == VINTC_RELEASE)
			s.held = input == VINTC_HOLD;
		if (s.level)
			return inject_level(number, s, input);
		if (input == VINTC_LOW || input == VINTC_RELEASE)
			return VINTC_COALESCED;
		if (s.presented) {
			s.queued = true;
			return VINTC_COALESCED;
		}
		s.presented = true;
		return deliver(number) ? VINTC_DELIVERED : VINTC_MASKED;
	}

	/* r4 and r5 go in and out; @timebase is what H_XIRR_X shows. */
	long hypercall(uint32_t self, unsigned long number, unsigned long *gprs, uint64_t timebase)
	{
		counts.hypercalls++;
		switch (number) {
		case VINTC_H_XIRR:
			gprs[0] = h_xirr(icps_.at(self));
			return VINTC_H_SUCCESS;
		case VINTC_H_XIRR_X:
			gprs[0] = h_xirr(icps_.at(self));
			gprs[1] = timebase;
			return VINTC_H_SUCCESS;
		case VINTC_H_CPPR:
			return h_cppr(self, uint8_t(gprs[0]));
		case VINTC_H_EOI:
			return h_eoi(self, uint32_t(gprs[0]));
		case VINTC_H_IPI:
			return h_ipi(uint32_t(gprs[0]), uint8_t(gprs[1]));
		case VINTC_H_IPOLL: {
			auto found = icps_.find(uint32_t(gprs[0]));

			if (found == icps_.end())
				return VINTC_H_PARAMETER;
			gprs[0] = uint32_t(found->second.cppr) << 24 | found->second.xisr;
			gprs[1] = found->second.mfrr;
			return VINTC_H_SUCCESS;
		}
		}
		counts.hypercalls--;
		return VINTC_H_NOT_OURS;
	}

	int32_t rtas(int service, const uint32_t *args, uint32_t *rets)
	{
		counts.rtas_calls++;
		if (service < VINTC_RTAS_SET_XIVE || service > VINTC_RTAS_INT_ON ||
		    !sources_.contains(args[0]))
			return VINTC_RTAS_PARAMETER;

		Source &s = sources_[args[0]];

		switch (service) {
		case VINTC_RTAS_SET_XIVE:
			if (!icps_.contains(args[1]))
				return VINTC_RTAS_PARAMETER;
			s.server = args[1];
			s.priority = s.saved = uint8_t(args[2]);
			release(args[0]);
			break;
		case VINTC_RTAS_GET_XIVE:
			rets[0] = s.server;
			rets[1] = s.priority;
			break;
		case VINTC_RTAS_INT_OFF:
			s.saved = s.priority;
			s.priority = 0xff;
			release(args[0]);
			break;
		case VINTC_RTAS_INT_ON:
			if (!icps_.contains(s.server))
				return VINTC_RTAS_PARAMETER;
			s.priority = s.saved;
			release(args[0]);
			break;
		}
		return VINTC_RTAS_SUCCESS;
	}

private:
	/* A pulse comes, and is over. */
	vintc_injected inject_level(uint32_t number, Source &s, vintc_input input)
	{
		bool rises = input == VINTC_PULSE;
		bool was_up = s.presented;

		if (input == VINTC_HIGH || input == VINTC_LOW)
			s.line = input == VINTC_HIGH;
		s.presented = s.line || s.held;
		if (was_up || !(rises || s.presented))
			return VINTC_COALESCED;
		return deliver(number) ? VINTC_DELIVERED : VINTC_MASKED;
	}

	static uint32_t h_xirr(Icp &icp)
	{
		uint32_t xirr = uint32_t(icp.cppr) << 24 | icp.xisr;

		if (icp.xisr != 0) {
			icp.cppr = icp.pending;
			icp.xisr = 0;
			icp.pending = 0xff;
		}
		return xirr;
	}

	long h_cppr(uint32_t self, uint8_t cppr)
	{
		Icp &icp = icps_.at(self);

		if (cppr > icp.cppr)
			lower_priority(self, cppr);
		else if (cppr < icp.cppr)
			reject(change_cppr(icp, cppr));
		return VINTC_H_SUCCESS;
	}

	long h_eoi(uint32_t self, uint32_t xirr)
	{
		uint32_t number = xirr & 0xffffff;

		lower_priority(self, uint8_t(xirr >> 24));
		if (number == 2)
			return VINTC_H_SUCCESS;
		if (!sources_.contains(number))
			return VINTC_H_PARAMETER;

		Source &s = sources_[number];

		bool ended = std::exchange(s.held, false);
		bool again = s.level ? s.line : s.queued;

		s.presented = again;
		s.queued = false;
		if (ended)
			on_input_ended(number);
		if (again)
			deliver(number);
		return VINTC_H_SUCCESS;
	}

	long h_ipi(uint32_t server, uint8_t mfrr)
	{
		auto found = icps_.find(server);

		if (found == icps_.end())
			return VINTC_H_PARAMETER;

		Icp &icp = found->second;
		bool less_favoured = mfrr > icp.mfrr;

		icp.mfrr = mfrr;
		reject(present_ipi(icp));
		if (less_favoured)
			try_waiting(server);
		return VINTC_H_SUCCESS;
	}
};

} // namespace vintc::test

#endif /* VINTC_UNIT_REFERENCE_XICS_H */
