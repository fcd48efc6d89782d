// SPDX-License-Identifier: GPL-2.0-only
/* A VM with a XICS, as a test drives it: through controller.h only. */
#ifndef VINTC_UNIT_MACHINE_H
#define VINTC_UNIT_MACHINE_H

#include <gtest/gtest.h>

#include <array>
#include <initializer_list>
#include <map>
#include <optional>

#include "core/controller.h"
#include "test_platform.h"

namespace vintc::test {

inline constexpr u8 kMasked = 0xff;
inline constexpr u32 kIpi = 2;

/* KVM_DEV_XICS_GRP_SOURCES, as the kernel's documentation has it. */
namespace attr {
inline constexpr u64 kLevel = 1ull << 40, kMasked = 1ull << 41, kPending = 1ull << 42,
		     kPresented = 1ull << 43, kQueued = 1ull << 44;

constexpr u64 source(u32 server, u8 priority, u64 flags = 0)
{
	return server | u64(priority) << 32 | flags;
}
} // namespace attr

/* KVM_REG_PPC_ICP_STATE. */
constexpr u64 icp_reg(u8 cppr, u32 xisr, u8 mfrr, u8 pending)
{
	return u64(cppr) << 56 | u64(xisr) << 32 | u64(mfrr) << 24 | u64(pending) << 16;
}

constexpr u8 cppr_of(u64 reg)
{
	return u8(reg >> 56);
}
constexpr u32 xisr_of(u64 reg)
{
	return u32(reg >> 32) & 0xffffff;
}
constexpr u8 mfrr_of(u64 reg)
{
	return u8(reg >> 24);
}
constexpr u8 pending_of(u64 reg)
{
	return u8(reg >> 16);
}

class Machine {
public:
	explicit Machine(std::initializer_list<u32> servers, u32 limit = VINTC_XICS_SERVER_LIMIT)
		: xics_(vintc_xics_create(limit, &owner_))
	{
		for (u32 server : servers)
			EXPECT_EQ(connect(server), VINTC_OK);
	}
	~Machine() { vintc_xics_destroy(xics_); }
	Machine(const Machine &) = delete;

	vintc_xics *xics() { return xics_; }
	/* What is done when an input that was held is let go. */
	void on_input_ended(std::function<void(u32)> act) { owner_.ended = std::move(act); }
	vintc_icp *icp(u32 server) { return vintc_xics_icp(xics_, server); }
	Cpu &cpu(u32 server) { return cpus_.at(server); }
	bool line(u32 server) { return cpu(server).line; }

	vintc_result connect(u32 server)
	{
		vintc_icp *icp = nullptr;
		bool is_new = !cpus_.contains(server);
		vintc_result result = vintc_xics_connect(xics_, server, &cpus_[server], &icp);

		if (is_new && result != VINTC_OK)
			cpus_.erase(server);
		EXPECT_EQ(result == VINTC_OK, icp != nullptr && icp == this->icp(server));
		return result;
	}

	u64 reg(u32 server) { return vintc_icp_get(icp(server)); }
	vintc_result set_reg(u32 server, u64 value)
	{
		return vintc_icp_set(xics_, icp(server), value);
	}

	std::optional<u64> source(u64 number)
	{
		u64 value = 0;

		if (vintc_xics_get_source(xics_, number, &value) != VINTC_OK)
			return {};
		return value;
	}
	vintc_result set_source(u64 number, u64 value)
	{
		return vintc_xics_set_source(xics_, number, value);
	}

	vintc_injected inject(u32 source, vintc_input input = VINTC_HIGH)
	{
		return vintc_xics_inject(xics_, source, input);
	}

	/* A hypercall of that vCPU: r3, and r4 on as they are afterwards. */
	struct Answer {
		long r3;
		std::array<unsigned long, 2> gprs;
	};
	Answer hcall(u32 server, unsigned long number, unsigned long r4 = 0, unsigned long r5 = 0)
	{
		Answer a = { 0, { r4, r5 } };

		a.r3 = vintc_xics_hypercall(xics_, icp(server), number, a.gprs.data());
		return a;
	}

	u32 xirr(u32 server) { return u32(hcall(server, VINTC_H_XIRR).gprs[0]); }
	long cppr(u32 server, u8 cppr) { return hcall(server, VINTC_H_CPPR, cppr).r3; }
	long eoi(u32 server, u32 xirr) { return hcall(server, VINTC_H_EOI, xirr).r3; }
	long ipi(u32 from, u32 to, u8 mfrr) { return hcall(from, VINTC_H_IPI, to, mfrr).r3; }

	s32 set_xive(u32 by, u32 source, u32 server, u8 priority)
	{
		u32 args[] = { source, server, priority };

		return vintc_xics_rtas(xics_, icp(by), VINTC_RTAS_SET_XIVE, args, nullptr);
	}
	s32 int_off(u32 by, u32 source)
	{
		return vintc_xics_rtas(xics_, icp(by), VINTC_RTAS_INT_OFF, &source, nullptr);
	}
	s32 int_on(u32 by, u32 source)
	{
		return vintc_xics_rtas(xics_, icp(by), VINTC_RTAS_INT_ON, &source, nullptr);
	}

	vintc_counts counts()
	{
		vintc_counts c;

		vintc_xics_counts(xics_, &c);
		return c;
	}

private:
	Owner owner_;
	vintc_xics *xics_;
	std::map<u32, Cpu> cpus_;
};

} // namespace vintc::test

#endif /* VINTC_UNIT_MACHINE_H */
