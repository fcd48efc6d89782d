// SPDX-License-Identifier: GPL-2.0-only
/* The state of the reference XICS, as plain fields, and its encodings. */
#ifndef VINTC_UNIT_REFERENCE_XICS_STATE_H
#define VINTC_UNIT_REFERENCE_XICS_STATE_H

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>

#include "core/controller.h"

namespace vintc::test {

struct ReferenceIcp {
	uint8_t cppr = 0, mfrr = 0xff, pending = 0xff;
	uint32_t xisr = 0;

	static ReferenceIcp from(uint64_t reg)
	{
		return { uint8_t(reg >> 56), uint8_t(reg >> 24), uint8_t(reg >> 16),
			 uint32_t(reg >> 32 & 0xffffff) };
	}

	uint64_t reg() const
	{
		return uint64_t(cppr) << 56 | uint64_t(xisr) << 32 | uint64_t(mfrr) << 24 |
		       uint64_t(pending) << 16;
	}

	bool accepts(uint8_t priority) const
	{
		return priority < cppr && priority < mfrr && priority < pending;
	}

	bool is_consistent() const
	{
		switch (xisr) {
		case 0:
			return pending == 0xff;
		case 2:
			/* PAPR lets MFRR be taken back while the IPI is presented. */
			return pending <= mfrr && pending < cppr;
		}
		return xisr >= 16 && pending < mfrr && pending < cppr;
	}
};

struct ReferenceSource {
	uint32_t server = 0;
	uint8_t priority = 0xff, saved = 0xff;
	bool level = false, presented = false, queued = false;
	bool waiting = false, masked_pending = false;
	bool line = false, held = false;

	bool masked() const { return priority == 0xff; }

	/* KVM_DEV_XICS_GRP_SOURCES */
	uint64_t attr() const
	{
		bool pending = level ? presented : masked_pending || waiting;

		return server | uint64_t(masked() ? saved : priority) << 32 |
		       uint64_t(level) << 40 | uint64_t(masked()) << 41 | uint64_t(pending) << 42 |
		       uint64_t(presented) << 43 | uint64_t(queued) << 44;
	}

	/* KVM_VINTC_REG_SOURCE() */
	uint64_t reg() const
	{
		return server | uint64_t(priority) << 32 | uint64_t(saved) << 40 | 1ull << 48 |
		       uint64_t(level) << 49 | uint64_t(presented) << 50 | uint64_t(queued) << 51 |
		       uint64_t(waiting) << 52 | uint64_t(masked_pending) << 53 |
		       uint64_t(line) << 54 | uint64_t(held) << 55;
	}

	static ReferenceSource from(uint64_t reg)
	{
		auto bit = [=](int n) { return (reg >> n & 1) != 0; };

		return { uint32_t(reg),
			 uint8_t(reg >> 32),
			 uint8_t(reg >> 40),
			 bit(49),
			 bit(50),
			 bit(51),
			 bit(52),
			 bit(53),
			 bit(54),
			 bit(55) };
	}

	bool is_consistent() const
	{
		if (level && presented != (line || held))
			return false;
		if (line && !level)
			return false;
		if (queued && (level || !presented))
			return false;
		return masked() ? !waiting : !masked_pending;
	}
};

class ReferenceXicsState {
public:
	explicit ReferenceXicsState(uint32_t server_limit) : server_limit_(server_limit) {}

	vintc_result connect(uint32_t server)
	{
		if (server >= server_limit_)
			return VINTC_INVALID;
		return icps_.try_emplace(server).second ? VINTC_OK : VINTC_EXISTS;
	}

	bool line(uint32_t server) const
	{
		const ReferenceIcp &icp = icps_.at(server);

		return icp.xisr != 0 && icp.pending < icp.cppr;
	}

	uint64_t icp(uint32_t server) const { return icps_.at(server).reg(); }

	std::optional<uint64_t> source(uint64_t number) const
	{
		auto found = sources_.find(number);

		if (found == sources_.end())
			return {};
		return found->second.attr();
	}

	/* All registers, ICPs before sources, by number. */
	template <class Visit> void visit_regs(Visit visit) const
	{
		for (auto &[server, icp] : icps_)
			visit(vintc_reg{ VINTC_REG_ICP, server, icp.reg() });
		for (auto &[number, source] : sources_)
			visit(vintc_reg{ VINTC_REG_SOURCE, uint32_t(number), source.reg() });
	}

	vintc_result check_reg(const vintc_reg &reg) const
	{
		if (reg.kind == VINTC_REG_ICP) {
			ReferenceIcp to = ReferenceIcp::from(reg.value);

			if (!icps_.contains(reg.index))
				return VINTC_NOT_FOUND;
			return to.reg() == reg.value && to.is_consistent() ? VINTC_OK
									   : VINTC_INVALID;
		}
		if (reg.kind != VINTC_REG_SOURCE || reg.index < 16 || reg.index > 0xffffff)
			return VINTC_NOT_FOUND;

		ReferenceSource to = ReferenceSource::from(reg.value);
		bool served = icps_.contains(to.server) || (to.masked() && to.saved == 0xff);

		return to.reg() == reg.value && to.is_consistent() && served ? VINTC_OK
									     : VINTC_INVALID;
	}

	/* Does a source exist that this register names? */
	bool has_what_it_needs(const vintc_reg &reg) const
	{
		uint32_t xisr = reg.value >> 32 & 0xffffff;

		return reg.kind != VINTC_REG_ICP || xisr < 16 || sources_.contains(xisr);
	}

	void set_reg(const vintc_reg &reg)
	{
		if (reg.kind == VINTC_REG_ICP)
			icps_.at(reg.index) = ReferenceIcp::from(reg.value);
		else
			sources_[reg.index] = ReferenceSource::from(reg.value);
	}

	void reset()
	{
		for (auto &[server, icp] : icps_)
			icp = {};
		for (auto &[number, s] : sources_) {
			ReferenceSource to;

			to.level = s.level;
			to.line = s.line;
			to.held = s.held;
			to.presented = to.masked_pending = s.level && (s.line || s.held);
			s = to;
		}
	}

	/* Does nothing wait for an ICP that would accept it? */
	bool is_at_rest() const
	{
		return std::none_of(sources_.begin(), sources_.end(), [this](auto &entry) {
			const ReferenceSource &s = entry.second;

			return s.waiting && icps_.at(s.server).accepts(s.priority);
		});
	}

protected:
	uint32_t server_limit_;
	std::map<uint32_t, ReferenceIcp> icps_;
	std::map<uint64_t, ReferenceSource> sources_;
};

} // namespace vintc::test

#endif /* VINTC_UNIT_REFERENCE_XICS_STATE_H */
